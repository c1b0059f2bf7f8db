"""The folder against everything we rely on, and what people put into it."""

import os
from pathlib import Path

import pytest

from quartermaster.connectors.csv_folder import translate
from quartermaster.connectors.csv_folder.folder import CsvFolder
from quartermaster.connectors.csv_folder.notices import Notices
from quartermaster.core.outside import Account, NotDone
from quartermaster.outside.ports import Item, Noticed, State
from quartermaster.testing.conformance import notices
from quartermaster.testing.conformance.outside import CHECKS, Check, Stand, an_order


class Theirs:
    """The people at the other end of the folder."""

    def __init__(self, root: Path) -> None:
        self.root, self.files = root, 0

    def put(self, text: str) -> str:
        self.files += 1
        name = f"file-{self.files:03d}.csv"
        there = self.root / "from-warehouse"
        there.mkdir(exist_ok=True)
        (there / "half.part").write_text(text)
        os.replace(there / "half.part", there / name)
        return name

    def ship(self, reference: str, items: tuple[Item, ...], is_last: bool) -> None:
        parcel = f"{reference}/{self.files}"
        last = "yes" if is_last else "no"
        rows = [f"{reference},{parcel},{i.sku},{i.quantity},2026-11-23T16:00:00Z,T1,{last}" for i in items]
        self.put("reference,parcel,sku,quantity,shipped_at,tracking_number,last\n" + "\n".join(rows) + "\n")

    def receive(self, items: tuple[Item, ...]) -> None:
        rows = [f"RC-{self.files},{item.sku},{item.quantity},2026-11-23T16:00:00Z" for item in items]
        self.put("receipt,sku,quantity,received_at\n" + "\n".join(rows) + "\n")


@pytest.fixture
def theirs(tmp_path: Path) -> Theirs:
    return Theirs(tmp_path)


@pytest.fixture
def account(tmp_path: Path) -> Account:
    return Account("reno", {"folder": str(tmp_path)})


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_folder(check: Check, theirs: Theirs, account: Account):
    check(Stand(CsvFolder(), account, theirs.ship, theirs.receive))


def test_an_order_is_a_file_that_no_spreadsheet_runs(account: Account, tmp_path: Path):
    CsvFolder().send(account=account, order=an_order("QM-7-abc"))

    (path,) = (tmp_path / "to-warehouse").iterdir()
    header, first, second = path.read_text().splitlines()
    assert path.name == "order-QM-7-abc.csv"
    assert header.startswith("reference,order,sku,quantity,ship_by")
    assert first.startswith("QM-7-abc,SO-1,BULB,1,2026-11-23T16:00:00+00:00")
    assert second.startswith("QM-7-abc,SO-1,LAMP,2,")


def test_a_file_with_a_wrong_row_is_set_aside_whole_with_its_reason(
    theirs: Theirs, account: Account, tmp_path: Path
):
    name = theirs.put("sku,on_hand,taken_at\nLAMP,5,2026-11-23T16:00:00Z\nBULB,many,2026-11-23T16:00:00Z\n")
    folder = CsvFolder()
    news = folder.news(account=account, references=(), cursor="")
    assert (news.snapshots, [one.what for one in news.unread]) == ((), [name])
    folder.thank(account=account, news=news)

    assert sorted(path.name for path in (tmp_path / "failed").iterdir()) == [name, f"{name}.because.txt"]
    assert "line 3: on_hand 'many'" in (tmp_path / "failed" / f"{name}.because.txt").read_text()
    assert folder.news(account=account, references=(), cursor="").heard is False


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sku\nLAMP\n",
        "reference,status\nQM-1,lost\n",
        "reference,status\n,shipped\n",
        "sku,on_hand,taken_at\nLAMP,5,2026-11-23T16:00:00\n",
        "sku,on_hand,taken_at\nLAMP,-5,2026-11-23T16:00:00Z\n",
        "sku,on_hand,taken_at\nLAMP,5\n",
        "reference,parcel,sku,quantity,shipped_at\nQM-1,P,LAMP,0,2026-11-23T16:00:00Z\n",
    ],
)
def test_what_cannot_be_understood_is_never_guessed(text: str, theirs: Theirs, account: Account):
    theirs.put(text)
    news = CsvFolder().news(account=account, references=(), cursor="")

    assert len(news.unread) == 1
    assert (news.standings, news.snapshots, news.receipts) == ((), (), ())


def test_a_stock_report_counts_a_sku_in_several_rows_together(theirs: Theirs, account: Account):
    theirs.put("sku;on_hand;taken_at\nLAMP;5;2026-11-23T16:00:00Z\nLAMP;2;2026-11-23T17:00:00+01:00\n")
    (report,) = CsvFolder().news(account=account, references=(), cursor="").snapshots

    assert report.on_hand == {"LAMP": 7}


def test_a_folder_that_is_not_mounted_is_no_empty_one():
    with pytest.raises(NotDone):
        CsvFolder().news(account=Account("reno", {"folder": "/nowhere/at/all"}), references=(), cursor="")


def test_a_file_that_stays_is_read_again_until_a_change_would_show_without():
    read = translate.Taken("a.csv", "10 5", "mark", "processed", 1000)
    soon = translate.seen_again(read, "10 5", at=1001)
    later = translate.seen_again(soon, "10 5", at=1061)
    touched = translate.seen_again(later, "99 5", at=1062)
    assert (soon.is_settled, later.is_settled, touched.is_settled) == (False, True, False)


@pytest.fixture
def told(account: Account, tmp_path: Path) -> notices.Stand:
    def expected(reference: str) -> list[dict[str, int]]:
        """As whoever reads the folder: the highest revision counts, and none that was taken back."""
        there = tmp_path / "to-warehouse"
        if (there / f"cancel-{reference}.csv").exists():
            return []
        files = sorted(there.glob(f"notice-{reference}-*.csv"))
        rows = [line.split(",") for line in files[-1].read_text().splitlines()[1:]]
        return [{row[7]: int(row[8]) for row in rows}]

    return notices.Stand(Notices(), account, expected)


@pytest.mark.parametrize("check", notices.CHECKS, ids=lambda check: check.__name__)
def test_what_will_come_in(check: notices.Check, told: notices.Stand):
    check(told)


def test_they_answer_a_notice_and_name_it_in_their_receipt(theirs: Theirs, account: Account):
    theirs.put("notice,revision,status,number\nQM-IN-7-ab,2,acknowledged,W-9\n")
    theirs.put("receipt,sku,quantity,received_at,notice\nRC-1,LAMP,9,2026-11-23T16:00:00Z,QM-IN-7-ab\n")
    news = CsvFolder().news(account=account, references=(), cursor="")
    assert news.notices == (Noticed("QM-IN-7-ab", State.ACKNOWLEDGED, 2, "W-9"),)
    assert [(one.reference, one.notice) for one in news.receipts] == [("RC-1", "QM-IN-7-ab")]
    theirs.put("notice,status\nQM-IN-7-ab,shipped\n")
    (unread,) = CsvFolder().news(account=account, references=(), cursor=news.cursor).unread
    assert "there are: acknowledged, refused, cancelled" in unread.because
