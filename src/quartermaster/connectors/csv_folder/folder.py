"""The folder: files appear whole or not at all, and each ends in `processed` or `failed`."""

import csv
import io
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from quartermaster.connectors.csv_folder import translate
from quartermaster.core import csvs
from quartermaster.core.outside import Missing, NotDone
from quartermaster.outside.ports import Account, Capability, News, Order, Snapshot, Standing, State, Unread

FILES = 200  # read in one go, the oldest first
OUT, IN, SENT, DONE, FAILED = "to-warehouse", "from-warehouse", "sent", "processed", "failed"


class CsvFolder:
    """Orders are written to `to-warehouse`; files in `from-warehouse` are read, and moved when all they say
    is kept. Whoever brings files there writes them under another ending and renames them to .csv."""

    capabilities = frozenset({Capability.CANCEL, Capability.RECEIPTS})

    def send(self, *, account: Account, order: Order) -> Standing:
        root = _root(account)
        if not _was_sent(root, order.reference):
            rows = translate.order_rows(order)
            _write(root / OUT / f"order-{order.reference}.csv", translate.ORDER, rows)
            _write(root / SENT / f"order-{order.reference}.csv", translate.ORDER, rows)
        return Standing(order.reference, State.HANDED)

    def find(self, *, account: Account, reference: str) -> Standing | None:
        return Standing(reference, State.HANDED) if _was_sent(_root(account), reference) else None

    def cancel(self, *, account: Account, reference: str, because: str) -> Standing:
        root = _root(account)
        if not _was_sent(root, reference):
            raise Missing(f"{reference} was never written to the folder")
        name = f"cancel-{reference}.csv"
        if not (root / SENT / name).exists():
            rows = [{"reference": reference, "because": because}]
            _write(root / OUT / name, ("reference", "because"), rows)
            _write(root / SENT / name, ("reference", "because"), rows)
        return Standing(reference, State.HANDED)

    def news(self, *, account: Account, references: Sequence[str], cursor: str) -> News:
        """The cursor names the files read, and whether they could be: by it they are moved afterwards."""
        root = _root(account)
        said, unread, ends = [], [], []
        for path in _waiting(root):
            try:
                with csvs.reading(path) as sheet:
                    said.append(translate.read(path.stem, sheet.header, _rows(sheet)))
                ends.append(f"{DONE}/{path.name}")
            except (translate.NotUnderstood, csvs.NotReadable) as error:
                unread.append(Unread(path.name, str(error)))
                ends.append(f"{FAILED}/{path.name}")
        together = translate.together(said)
        return replace(together, unread=tuple(unread), cursor="\n".join(ends), heard=bool(ends))

    def thank(self, *, account: Account, news: News) -> None:
        root = _root(account)
        reasons = {one.what: one.because for one in news.unread}
        for end in filter(None, news.cursor.split("\n")):
            place, name = end.split("/", 1)
            source = root / IN / name
            if source.exists():
                os.replace(source, _free(root / place / name))
                if name in reasons:
                    (root / place / f"{name}.because.txt").write_text(reasons[name] + "\n", encoding="utf-8")

    def snapshot(self, *, account: Account, skus: Sequence[str] = ()) -> Snapshot | None:
        return None  # they put reports into the folder themselves


def _root(account: Account) -> Path:
    root = Path(account.settings.get("folder", ""))
    if not root.is_absolute() or not root.is_dir():
        raise NotDone("the folder is not there: is it mounted?")
    try:
        for name in (OUT, IN, SENT, DONE, FAILED):
            (root / name).mkdir(exist_ok=True)
    except OSError as error:
        raise NotDone(f"the folder cannot be written: {error.strerror}") from None
    return root


def _was_sent(root: Path, reference: str) -> bool:
    name = f"order-{reference}.csv"
    return (root / SENT / name).exists() or (root / OUT / name).exists()


def _waiting(root: Path) -> list[Path]:
    found = [path for path in (root / IN).iterdir() if path.suffix == ".csv" and path.is_file()]
    return sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.name))[:FILES]


def _rows(sheet: csvs.Sheet) -> list[tuple[int, Mapping[str, str]]]:
    rows: list[tuple[int, Mapping[str, str]]] = []
    for row in sheet:
        if row.problem:
            raise translate.NotUnderstood(f"line {row.number}: {row.problem}")
        rows.append((row.number, dict(zip(sheet.header, row.cells, strict=False))))
    return rows


def _free(path: Path) -> Path:
    """A name nothing has: another file of this name may have come before."""
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_stem(f"{path.stem}.{number}")
    return free


def _write(path: Path, header: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    """All of the file or none of it, also when the power goes."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([csvs.guarded(row[name]) for name in header] for row in rows)
    handle, part = tempfile.mkstemp(suffix=".part", prefix=".", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text.getvalue())
            file.flush()
            os.fsync(file.fileno())
        os.chmod(part, 0o640)
        os.replace(part, path)
    except OSError:
        Path(part).unlink(missing_ok=True)
        raise
