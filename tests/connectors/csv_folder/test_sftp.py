"""The same folder behind a real SFTP server, whose line is cut in the middle."""

import io
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import paramiko
import pytest

from quartermaster.connectors.csv_folder.folder import CsvFolder
from quartermaster.connectors.csv_folder.notices import Notices
from quartermaster.connectors.csv_folder.plug import PLUG
from quartermaster.core.outside import Account, AuthExpired, NotDone, Unclear
from quartermaster.outside.ports import Item
from quartermaster.testing.conformance import notices
from quartermaster.testing.conformance.outside import CHECKS, Check, Stand, an_order
from quartermaster.testing.simulators.sftp import PASSWORD, USER, SftpServer

from .theirs import Theirs


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SftpServer]:
    (tmp_path / "acme").mkdir()
    with SftpServer(tmp_path) as running:
        yield running


@pytest.fixture
def theirs(tmp_path: Path, server: SftpServer) -> Theirs:
    return Theirs(tmp_path / "acme")


@pytest.fixture
def account(server: SftpServer) -> Account:
    return reached(server)


def reached(server: SftpServer, **other: str) -> Account:
    known = {"folder": "/acme", "host": "127.0.0.1", "port": str(server.port), "user": USER}
    return Account("reno", {**known, "password": PASSWORD, "host_key": server.host_key, **other})


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_sftp(check: Check, theirs: Theirs, account: Account):
    check(Stand(CsvFolder(), account, theirs.ship, theirs.receive))


CUTS = [("write", "after"), ("rename", "before"), ("rename", "after")]


@pytest.mark.parametrize("takes", [False, True], ids=["it lies there", "they take it at once"])
@pytest.mark.parametrize("earlier", [0, 1], ids=["first", "second"])
@pytest.mark.parametrize("cut", CUTS, ids=" ".join)
def test_an_order_lies_there_once_wherever_the_line_is_cut(
    cut: tuple[str, str], earlier: int, takes: bool, account: Account, server: SftpServer, theirs: Theirs
):
    """Between the cut and the question they may have taken it away: it is not written again for that."""
    order, folder, taken = an_order("QM-1-cut"), CsvFolder(), []
    server.cuts.extend([(cut[0], "")] * earlier + [cut])
    for _ in range(3):
        with suppress(NotDone, Unclear):
            folder.send(account=account, order=order)
        if takes:
            for path in (theirs.root / "to-warehouse").glob("*.csv"):
                taken.append(path.read_text())
                path.unlink()
    found = folder.find(account=account, reference=order.reference)

    assert found is not None
    lying = [path.read_text() for path in (theirs.root / "to-warehouse").glob("*.csv")]
    assert len([*lying, *taken]) == 1
    assert [path.read_text() for path in (theirs.root / "sent").iterdir()] == [*lying, *taken]


WRONG = [*CUTS, ("write", "full"), ("write", "wrong"), ("rename", "refused")]


@pytest.mark.parametrize("earlier", [0, 1], ids=["first", "second"])
@pytest.mark.parametrize("wrong", WRONG, ids=" ".join)
def test_what_will_come_in_is_told_once_wherever_it_goes_wrong(
    wrong: tuple[str, str], earlier: int, account: Account, server: SftpServer, theirs: Theirs
):
    stand = notices.Stand(Notices(), account, theirs.expected)

    def misbehave(_: str) -> None:
        server.cuts.extend([(wrong[0], "")] * earlier + [wrong])

    notices.announced_amended_and_withdrawn(stand, misbehave)
    assert not server.cuts, "it never went wrong"


def test_what_could_not_be_moved_is_known_by_its_content_and_read_once(
    account: Account, server: SftpServer, theirs: Theirs
):
    server.may_move = False
    folder = CsvFolder()
    theirs.receive((Item("LAMP", 7),))
    first = folder.news(account=account, references=(), cursor="")
    folder.thank(account=account, news=first)
    assert len(first.receipts) == 1
    again = folder.news(account=account, references=(), cursor=first.cursor)
    assert (again.receipts, again.heard) == ((), False)

    (name,) = [path.name for path in (theirs.root / "from-warehouse").iterdir()]
    (theirs.root / "from-warehouse" / name).touch()
    touched = folder.news(account=account, references=(), cursor=again.cursor)
    assert touched.receipts == ()
    theirs.files = 0
    theirs.receive((Item("LAMP", 9),))
    other = folder.news(account=account, references=(), cursor=touched.cursor)
    assert [receipt.items for receipt in other.receipts] == [(Item("LAMP", 9),)]


def test_a_line_that_is_cut_while_files_are_moved_reads_none_of_them_twice(
    account: Account, server: SftpServer, theirs: Theirs
):
    folder = CsvFolder()
    for units in (1, 2):
        theirs.receive((Item("LAMP", units),))
    news = folder.news(account=account, references=(), cursor="")
    server.cuts.append(("rename", "after"))
    with pytest.raises(NotDone):
        folder.thank(account=account, news=news)
    again = folder.news(account=account, references=(), cursor=news.cursor)
    assert again.receipts == ()
    folder.thank(account=account, news=again)
    assert list((theirs.root / "from-warehouse").iterdir()) == []
    assert len(list((theirs.root / "processed").iterdir())) == 2


def test_a_host_key_is_shown_before_anything_is_said_and_another_one_is_refused(server: SftpServer):
    for pinned in ("", "SHA256:AAAA"):
        with pytest.raises(NotDone, match="shows the host key " + server.host_key.replace("+", r"\+")):
            CsvFolder().find(account=reached(server, host_key=pinned), reference="QM-1-x")
    assert server.logins == 0


def test_a_password_that_does_not_count_is_a_matter_for_a_person(server: SftpServer):
    with pytest.raises(AuthExpired):
        CsvFolder().find(account=reached(server, password="wrong"), reference="QM-1-x")


def test_a_private_key_lets_in_and_is_kept_as_a_secret(server: SftpServer):
    server.user_key = paramiko.ECDSAKey.generate()
    text = io.StringIO()
    server.user_key.write_private_key(text)
    account = reached(server, password="", private_key=text.getvalue())
    assert CsvFolder().find(account=account, reference="QM-1-x") is None
    with pytest.raises(AuthExpired):
        CsvFolder().find(account=reached(server, private_key="no key"), reference="QM-1-x")
    assert {s.name for s in PLUG.settings if s.is_secret} == {"password", "private_key"}


def test_a_server_that_is_not_there_is_said_to_be_so(server: SftpServer):
    with pytest.raises(NotDone, match="cannot be reached"):
        CsvFolder().find(account=reached(server, port="1"), reference="QM-1-x")
