"""The folder: files appear whole or not at all, and what was read is not read again."""

import csv
import hashlib
import io
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from msgspec.structs import replace

from quartermaster.connectors.csv_folder import translate
from quartermaster.connectors.csv_folder.places import Found, Place, disk
from quartermaster.connectors.csv_folder.translate import Taken
from quartermaster.core import csvs
from quartermaster.core.outside import Account, Missing
from quartermaster.outside.ports import Capability, News, Order, Snapshot, Standing, State, Unread

FILES = 200  # read in one go, the oldest first
OUT, IN, SENT, DONE, FAILED = "to-warehouse", "from-warehouse", "sent", "processed", "failed"
FOLDERS = (OUT, IN, SENT, DONE, FAILED)


class CsvFolder:
    """Orders are written to `to-warehouse`; files in `from-warehouse` are read, and moved when all they say
    is kept. Whoever brings files there writes them under another ending and renames them to .csv; one whose
    last line has no end is left to be finished first."""

    capabilities = frozenset({Capability.CANCEL, Capability.RECEIPTS})

    def send(self, *, account: Account, order: Order) -> Standing:
        name = f"order-{order.reference}.csv"
        with open_folder(account) as place:
            if not was_written(place, name):
                write_file(place, name, translate.ORDER, translate.order_rows(order))
        return Standing(order.reference, State.HANDED)

    def find(self, *, account: Account, reference: str) -> Standing | None:
        with open_folder(account) as place:
            is_there = was_written(place, f"order-{reference}.csv")
        return Standing(reference, State.HANDED) if is_there else None

    def cancel(self, *, account: Account, reference: str, because: str) -> Standing:
        name = f"cancel-{reference}.csv"
        with open_folder(account) as place:
            if not was_written(place, f"order-{reference}.csv"):
                raise Missing(f"{reference} was never written to the folder")
            if not was_written(place, name):
                rows = [{"reference": reference, "because": because}]
                write_file(place, name, ("reference", "because"), rows)
        return Standing(reference, State.HANDED)

    def news(self, *, account: Account, references: Sequence[str], cursor: str) -> News:
        """The cursor says which files were read, by their content, and where they belong: a file that could
        not be moved afterwards, or only after the line was cut, is not read twice."""
        before = translate.read_taken(cursor)
        said: list[News] = []
        unread: list[Unread] = []
        taken: list[Taken] = []
        at = int(time.time())
        with open_folder(account) as place:
            waiting = [found for found in place.files(IN) if found.name.endswith(".csv")]
            for found in waiting:
                known = before.get(found.name)
                if known is not None and known.is_settled and known.stamp == found.stamp:
                    taken.append(known)
                    continue
                if len(said) + len(unread) == FILES:
                    break
                try:
                    content = place.read(f"{IN}/{found.name}")
                except FileNotFoundError:
                    continue  # they took it back since it was listed
                mark = hashlib.sha256(content).hexdigest()
                if known is not None and known.mark == mark:
                    taken.append(translate.seen_again(known, found.stamp, at=at))
                    continue
                if translate.may_grow(content, known, found.stamp, at=at):
                    taken.append(translate.waiting(found.name, known, found.stamp, at=at))
                    continue
                try:
                    said.append(_read(found, content))
                    taken.append(Taken(found.name, found.stamp, mark, DONE, at))
                except (translate.NotUnderstood, csvs.NotReadable) as error:
                    unread.append(Unread(found.name, str(error)))
                    taken.append(Taken(found.name, found.stamp, mark, FAILED, at))
        told = translate.together(said)
        is_new = bool(said or unread)
        return replace(told, unread=tuple(unread), cursor=translate.write_taken(taken), heard=is_new)

    def thank(self, *, account: Account, news: News) -> None:
        taken = translate.read_taken(news.cursor)
        if not taken:
            return
        reasons = {one.what: one.because for one in news.unread}
        with open_folder(account) as place:
            there = {found.name: found.stamp for found in place.files(IN)}
            for one in taken.values():
                if not one.place or there.get(one.name) != one.stamp:
                    continue  # not read yet; moved, or another file by now
                end = _free(place, one.place, one.name)
                if place.may_move(f"{IN}/{one.name}", f"{one.place}/{end}") and one.name in reasons:
                    place.write(f"{one.place}/{end}.because.txt", f"{reasons[one.name]}\n".encode())

    def snapshot(self, *, account: Account, skus: Sequence[str] = ()) -> Snapshot | None:
        return None  # they put reports into the folder themselves


def open_folder(account: Account) -> AbstractContextManager[Place]:
    if account.settings.get("host"):
        # Loaded by those who use it: it takes a third of a second of every start.
        from quartermaster.connectors.csv_folder.sftp import sftp

        return sftp(account.settings, FOLDERS)
    return disk(account.settings.get("folder", ""), FOLDERS)


def was_written(place: Place, name: str) -> bool:
    """Also when the line was cut while it was, and they have taken it away since: a file whose copy is under
    way was written when its part is gone."""
    if place.has(f"{SENT}/{name}") or place.has(f"{OUT}/{name}"):
        return True
    return place.has(f"{SENT}/{name}.going") and not place.has(f"{OUT}/.{name}.part")


def write_file(place: Place, name: str, header: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    """All of the file or none of it, and a copy by which we know that it was, wherever it is cut."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([csvs.guarded(row[column]) for column in header] for row in rows)
    content = text.getvalue().encode()
    place.write(f"{OUT}/.{name}.part", content)
    place.write(f"{SENT}/{name}.going", content)
    place.turn(f"{OUT}/.{name}.part", f"{OUT}/{name}")
    place.turn(f"{SENT}/{name}.going", f"{SENT}/{name}")


def _read(found: Found, content: bytes) -> News:
    """What one file says. Raises NotUnderstood, NotReadable."""
    with tempfile.TemporaryDirectory() as here:
        path = Path(here) / "file.csv"
        path.write_bytes(content)
        try:
            with csvs.reading(path) as sheet:
                return translate.read(found.name.removesuffix(".csv"), sheet.header, _rows(sheet))
        except csvs.NotReadable as error:
            raise translate.NotUnderstood(str(error).replace(str(path), found.name)) from None


def _rows(sheet: csvs.Sheet) -> list[tuple[int, Mapping[str, str]]]:
    rows: list[tuple[int, Mapping[str, str]]] = []
    for row in sheet:
        if row.problem:
            raise translate.NotUnderstood(f"line {row.number}: {row.problem}")
        rows.append((row.number, dict(zip(sheet.header, row.cells, strict=False))))
    return rows


def _free(place: Place, folder: str, name: str) -> str:
    """A name nothing has: another file of this name may have come before."""
    number, free = 1, name
    while place.has(f"{folder}/{free}"):
        number += 1
        free = f"{name.removesuffix('.csv')}.{number}.csv"
    return free
