"""The folder on a disk that misbehaves: full, refused, half-written, renamed when nobody knew, taken away."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from quartermaster.connectors.csv_folder import places
from quartermaster.connectors.csv_folder.folder import CsvFolder
from quartermaster.connectors.csv_folder.notices import Notices
from quartermaster.core.outside import Account, NotDone, Unclear
from quartermaster.outside.ports import Notice, Noticed, Order, Standing
from quartermaster.testing.conformance import notices
from quartermaster.testing.conformance.outside import Stand, an_order
from quartermaster.testing.conformance.outside_faults import CHECKS, Check, Faulty

from .theirs import READING, WRITING, SickDisk, Theirs

SUITE = {check.__name__: check for check in CHECKS}
SENDING = [
    SUITE["an_order_that_goes_wrong_on_its_way_is_there_once"],
    SUITE["what_is_called_cancelled_is_cancelled"],
]
LISTENING = [
    SUITE["an_order_they_have_is_never_called_unknown"],
    SUITE["a_parcel_is_told_with_its_units_in_the_end"],
    SUITE["a_receipt_is_told_once_in_the_end"],
]


@pytest.fixture
def theirs(tmp_path: Path) -> Theirs:
    return Theirs(tmp_path)


@pytest.fixture
def account(tmp_path: Path) -> Account:
    return Account("reno", {"folder": str(tmp_path)})


@pytest.fixture
def faults(monkeypatch: pytest.MonkeyPatch) -> deque[str]:
    waiting: deque[str] = deque()
    monkeypatch.setattr(places, "Disk", lambda root: SickDisk(root, waiting))
    return waiting


class AtOnce(CsvFolder, Notices):
    """They take every file away as soon as it lies there, whatever became of the call."""

    def __init__(self, theirs: Theirs) -> None:
        self._theirs = theirs

    @contextmanager
    def _taken(self) -> Iterator[None]:
        try:
            yield
        finally:
            self._theirs.take()

    def send(self, *, account: Account, order: Order) -> Standing:
        with self._taken():
            return super().send(account=account, order=order)

    def cancel(self, *, account: Account, reference: str, because: str) -> Standing:
        with self._taken():
            return super().cancel(account=account, reference=reference, because=because)

    def announce(self, *, account: Account, notice: Notice) -> Noticed:
        with self._taken():
            return super().announce(account=account, notice=notice)

    def withdraw(self, *, account: Account, reference: str, because: str) -> Noticed:
        with self._taken():
            return super().withdraw(account=account, reference=reference, because=because)


class LyingThere(CsvFolder, Notices):
    """They take nothing away yet."""

    def __init__(self, theirs: Theirs) -> None:
        pass


TAKES = pytest.mark.parametrize("kind", [LyingThere, AtOnce], ids=["it lies there", "they take it at once"])


def faulty(theirs: Theirs, account: Account, faults: deque[str], fault: str, folder: CsvFolder) -> Faulty:
    stand = Stand(folder, account, theirs.ship, theirs.receive)
    return Faulty(
        stand, lambda _: faults.append(fault), lambda reference: len(theirs.got(f"order-{reference}.csv"))
    )


@TAKES
@pytest.mark.parametrize("fault", WRITING)
@pytest.mark.parametrize("check", SENDING, ids=lambda check: check.__name__)
def test_an_order_and_its_cancellation(
    check: Check,
    fault: str,
    kind: type[LyingThere | AtOnce],
    theirs: Theirs,
    account: Account,
    faults: deque[str],
):
    check(faulty(theirs, account, faults, fault, kind(theirs)))
    assert not faults, "it never went wrong"
    assert all(len(theirs.got(path.name[5:])) == 1 for path in (theirs.root / "taken").glob("*.csv"))


@pytest.mark.parametrize("fault", READING)
@pytest.mark.parametrize("check", LISTENING, ids=lambda check: check.__name__)
def test_what_they_say(check: Check, fault: str, theirs: Theirs, account: Account, faults: deque[str]):
    check(faulty(theirs, account, faults, fault, CsvFolder()))


@TAKES
@pytest.mark.parametrize("fault", WRITING)
def test_what_will_come_in_is_told_once(
    fault: str, kind: type[LyingThere | AtOnce], theirs: Theirs, account: Account, faults: deque[str]
):
    stand = notices.Stand(kind(theirs), account, theirs.expected)
    notices.announced_amended_and_withdrawn(stand, lambda _: faults.append(fault))
    assert not faults, "it never went wrong"


@pytest.mark.parametrize("check", notices.CHECKS, ids=lambda check: check.__name__)
def test_what_will_come_in_also_when_they_take_it_at_once(
    check: notices.Check, theirs: Theirs, account: Account
):
    check(notices.Stand(AtOnce(theirs), account, theirs.expected))


def test_a_rename_nobody_answered_is_unclear_and_one_that_was_refused_is_not_done(
    account: Account, faults: deque[str]
):
    faults.append("rename late")
    with pytest.raises(Unclear, match="is not known"):
        CsvFolder().send(account=account, order=an_order("QM-1-late"))
    assert CsvFolder().find(account=account, reference="QM-1-late") is not None
    faults.append("rename refused")
    with pytest.raises(NotDone, match="Read-only file system"):
        CsvFolder().send(account=account, order=an_order("QM-1-no"))
    assert CsvFolder().find(account=account, reference="QM-1-no") is None


def test_a_file_with_other_bytes_never_gets_its_name(account: Account, faults: deque[str], theirs: Theirs):
    faults.append("wrong bytes")
    with pytest.raises(NotDone, match="otherwise than it was written"):
        CsvFolder().send(account=account, order=an_order("QM-1-text"))
    assert theirs.got("order-QM-1-text.csv") == []
