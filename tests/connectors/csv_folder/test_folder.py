"""The folder against everything we rely on, and what people put into it."""

from pathlib import Path

import pytest

from quartermaster.connectors.csv_folder import translate
from quartermaster.connectors.csv_folder.folder import CsvFolder
from quartermaster.connectors.csv_folder.notices import Notices
from quartermaster.core.outside import Account, NotDone
from quartermaster.outside.ports import Noticed, State
from quartermaster.testing.conformance import notices
from quartermaster.testing.conformance.outside import CHECKS, Check, Stand, an_order

from .theirs import Theirs


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


def test_a_file_that_may_still_grow_is_used_once_it_is_whole_or_has_been_the_same_for_a_minute(
    theirs: Theirs, account: Account, monkeypatch: pytest.MonkeyPatch
):
    folder, clock = CsvFolder(), [1000]
    monkeypatch.setattr("quartermaster.connectors.csv_folder.folder.time.time", lambda: clock[0])

    def heard(cursor: str = "") -> tuple[list[int], int, str]:
        news = folder.news(account=account, references=(), cursor=cursor)
        folder.thank(account=account, news=news)
        items = [item.quantity for receipt in news.receipts for item in receipt.items]
        return items, len(news.unread), news.cursor

    head, row = "receipt,sku,quantity,received_at\n", "RC-1,LAMP,{},2026-11-23T16:00:00Z"
    name = theirs.put(head + row.format(1)[:-4])
    assert heard()[:2] == ([], 0)
    (theirs.root / "from-warehouse" / name).write_text(head + row.format(1) + "\n" + row.format(2))
    told, unread, cursor = heard(heard()[2])
    assert (told, unread) == ([], 0)
    clock[0] += translate.SETTLES_S
    assert heard(cursor)[:2] == ([1, 2], 0)

    theirs.put("")
    empty = heard()[2]
    clock[0] += translate.SETTLES_S
    assert heard(empty)[:2] == ([], 1)


def test_a_file_that_stays_is_read_again_until_a_change_would_show_without():
    read = translate.Taken("a.csv", "10 5", "mark", "processed", 1000)
    soon = translate.seen_again(read, "10 5", at=1001)
    later = translate.seen_again(soon, "10 5", at=1061)
    touched = translate.seen_again(later, "99 5", at=1062)
    assert (soon.is_settled, later.is_settled, touched.is_settled) == (False, True, False)


@pytest.fixture
def told(account: Account, theirs: Theirs) -> notices.Stand:
    return notices.Stand(Notices(), account, theirs.expected)


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
