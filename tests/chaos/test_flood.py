"""F15: requests that are too large, too long, broken or never end, over raw sockets to a real web process."""

import gzip
import itertools
import os
import random
import socket
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from quartermaster.api.intake import BODY_MAX
from quartermaster.core import sql
from quartermaster.testing.shop import Shop

from .conftest import size
from .stand import Stand

pytestmark = [pytest.mark.chaos, pytest.mark.slow, pytest.mark.timeout(300)]
MIB = 1 << 20
START = b"POST /in/acme HTTP/1.1\r\nHost: 127.0.0.1\r\n"
READ_MAX = 16 * MIB  # what waits in buffers on the way, behind what was read
GROWTH_MAX_MIB = 40


class Said(NamedTuple):
    """Status (0: none, the connection was closed), how much could be sent, and seconds until the answer."""

    status: int
    sent: int
    seconds: float


@pytest.fixture
def web(stand: Stand) -> Iterator[Stand]:
    """A web process that has taken one message, and at the end no other."""
    stand.channel("acme")
    stand.start(workers=0)
    assert stand.post("acme", Shop().sell(("LAMP", 1))).status == 200
    yield stand
    assert sql.run("select count(*) from inbox_message") == [(1,)]
    assert stand.post("acme", Shop().sell(("LAMP", 2))).status == 200  # it still serves
    stand.examine()
    stand.stop()
    assert stand.complaints() == []


def pour(stand: Stand, head: bytes, pieces: Iterable[bytes] = (), *, is_all: bool = False) -> Said:
    """Send until all is sent, or the other side has had enough; then read its answer. `is_all` tells it that
    no more will come."""
    began, sent, heard = time.monotonic(), 0, b""
    with socket.create_connection(("127.0.0.1", stand.port), timeout=20) as raw:
        try:
            raw.sendall(head)
            for piece in pieces:
                raw.sendall(piece)
                sent += len(piece)
            if is_all:
                raw.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # closed in our face: what matters is how much was taken until then
        try:
            while b"\r\n\r\n" not in heard and (more := raw.recv(65536)):
                heard += more
        except OSError:
            pass
    words = heard.split(b" ", 2)
    status = int(words[1]) if len(words) > 1 and words[1].isdigit() else 0
    return Said(status, sent, time.monotonic() - began)


def chunked(pieces: Iterable[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        yield b"%x\r\n%s\r\n" % (len(piece), piece)


def memory_mib(stand: Stand) -> float:
    """The most memory (resident) that any process of the web server ever had."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(folder.name))
    todo, peak = [stand.processes["web"].pid], 0
    while todo:
        pid = todo.pop()
        todo += children.get(pid, [])
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        peak = max(peak, *(int(line.split()[1]) for line in lines if line.startswith("VmHWM")))
    return peak / 1024


def fifty_megabytes_are_refused_before_they_are_read(web: Stand) -> None:
    before = memory_mib(web)
    said = pour(web, START + b"Content-Length: %d\r\n\r\n" % (50 * MIB), [b"x" * MIB] * 50)
    print(f"announced: {said}, {memory_mib(web) - before:+.1f} MiB")
    assert said.status == 413
    assert said.sent <= READ_MAX  # into buffers: nobody read it
    assert said.seconds < 2
    assert memory_mib(web) - before < 10


def a_body_without_a_length_is_read_to_the_limit_and_no_further(web: Stand, megabytes: int) -> None:
    before = memory_mib(web)
    said = pour(web, START + b"Transfer-Encoding: chunked\r\n\r\n", chunked([b"x" * 65536] * megabytes * 16))
    print(f"{megabytes} MiB in chunks: {said}, {memory_mib(web) - before:+.1f} MiB")
    assert said.status in (413, 0)
    assert said.sent <= BODY_MAX + READ_MAX
    assert said.seconds < 5
    assert memory_mib(web) - before < GROWTH_MAX_MIB


def many_bodies_at_the_limit_do_not_add_up(web: Stand) -> None:
    before = memory_mib(web)
    for _ in range(size(20, 200)):
        said = pour(web, START + b"Content-Length: %d\r\n\r\n" % BODY_MAX, [b"x" * BODY_MAX])
        assert said.status == 401
    grown = memory_mib(web) - before
    print(f"{grown:+.1f} MiB")
    assert grown < GROWTH_MAX_MIB


def what_is_compressed_is_not_unpacked(web: Stand) -> None:
    before = memory_mib(web)
    bomb = gzip.compress(b"0" * 100 * MIB)
    for name in (b"gzip", b"deflate", b"br", b"gzip, gzip"):
        head = START + b"Content-Encoding: %s\r\nContent-Length: %d\r\n\r\n" % (name, len(bomb))
        assert pour(web, head, [bomb]).status == 415
    assert memory_mib(web) - before < 10


HEADS = {
    "ten thousand headers": b"".join(b"X-%d: a\r\n" % n for n in range(10_000)) + b"\r\n",
    "a header of a megabyte": b"X: " + b"a" * MIB + b"\r\n\r\n",
    "two hundred headers": b"".join(b"X-%d: a\r\n" % n for n in range(200)) + b"\r\n",
    "headers of 40 kB": b"".join(b"X-%d: %s\r\n" % (n, b"a" * 1000) for n in range(40)) + b"\r\n",
    "a length below zero": b"Content-Length: -1\r\n\r\n",
    "a length that is none": b"Content-Length: ten\r\n\r\n",
    "a length beyond counting": b"Content-Length: 99999999999999999999999\r\n\r\n",
    "two lengths": b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "a length and chunks": b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a chunk without a size": b"Transfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n",
    "a chunk beyond counting": b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
    "chunks in a coat": b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "a folded header": b"X: a\r\n b\r\nContent-Length: 0\r\n\r\n",
    "a space before the colon": b"Content-Length : 0\r\n\r\n",
    "bare line feeds": b"X: a\nContent-Length: 0\n\n",
    "a NUL in a header": b"X: a\x00b\r\nContent-Length: 0\r\n\r\n",
    "bytes in a header": b"X: \xff\xfe\xed\xa0\x80\r\nContent-Length: 0\r\n\r\n",
    "no body and no length": b"\r\n",
}


def odd_heads_are_refused(web: Stand) -> None:
    statuses = {name: pour(web, START + rest).status for name, rest in HEADS.items()}
    print(statuses)
    assert {status for status in statuses.values() if not 400 <= status < 500 and status} == set()


def odd_paths_and_methods_are_refused(web: Stand) -> None:
    paths = [
        b"/in/%00", b"/in/", b"/in/..%2f..", b"/in/acme%00", b"/in/%ff%fe", b"/in/" + b"a" * 5_000,
        b"//in/acme", b"/in/acme?" + b"x" * 5_000, b"/in/\xc3\xa9", b"/in/ACME", b"/in/acme/" + b"a/" * 1_000,
        b"*", b"http://evil.example/in/acme",
    ]  # fmt: skip
    methods = [b"GET", b"PUT", b"DELETE", b"PATCH", b"TRACE", b"HEAD", b"OPTIONS", b"BREW", b"post"]
    end = b" HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n"
    statuses = {path[:20]: pour(web, b"POST " + path + end).status for path in paths}
    statuses |= {method: pour(web, method + b" /in/acme" + end).status for method in methods}
    assert {status for status in statuses.values() if status >= 500 or 200 <= status < 300} == set(), statuses


def noise_and_other_protocols_are_refused(web: Stand, chance: random.Random) -> None:
    noises = [os.urandom(chance.randrange(1, 5_000)) + b"\r\n\r\n" for _ in range(size(30, 1_000))]
    noises += [bytes.fromhex("16030100a5010000a10303") + os.urandom(200), b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"]
    noises += [b"POST /in/acme\r\n\r\n", b"POST /in/acme HTTP/9.9\r\n\r\n", b"\r\n" * 1_000]
    for noise in noises:
        said = pour(web, noise, is_all=True)
        assert not 200 <= said.status < 300
        assert said.status < 500


def a_message_cut_off_on_the_way_is_not_kept(web: Stand) -> None:
    webhook = Shop().sell(("LAMP", 3))
    head = START + b"".join(f"{name}: {value}\r\n".encode() for name, value in webhook.headers.items())
    for part in (0, 1, len(webhook.body) // 2, len(webhook.body) - 1):
        with socket.create_connection(("127.0.0.1", web.port), timeout=10) as raw:
            raw.sendall(head + b"Content-Length: %d\r\n\r\n" % len(webhook.body) + webhook.body[:part])
            raw.shutdown(socket.SHUT_WR)
            assert not raw.recv(100).startswith(b"HTTP/1.1 2")


def a_few_senders_that_never_finish_do_not_keep_the_others_out(web: Stand) -> None:
    """As many as half of the threads: more of them need a proxy in front that waits for whole requests."""
    slow = []
    for _ in range(4):
        raw = socket.create_connection(("127.0.0.1", web.port), timeout=10)
        raw.sendall(START + b"Content-Length: 1000\r\n\r\n{")
        slow.append(raw)
    answers = [web.call("POST", "/in/acme", b"{}") for _ in range(20)]
    for raw in slow:
        raw.close()
    assert {answer.status for answer in answers} == {401}
    assert max(answer.seconds for answer in answers) < 2


def those_who_hang_up_in_the_middle_leave_nothing_behind(web: Stand) -> None:
    for _ in itertools.repeat(None, size(100, 1_000)):
        with socket.create_connection(("127.0.0.1", web.port), timeout=10) as raw:
            raw.sendall(START + b"Content-Length: 1000\r\n\r\n{")
    answer = web.call("POST", "/in/acme", b"{}")
    assert answer.status == 401
    assert answer.seconds < 2


def test_bodies_that_are_too_large_are_refused_and_cost_no_memory(web: Stand) -> None:
    fifty_megabytes_are_refused_before_they_are_read(web)
    for megabytes in (50, size(500, 5_000)):
        a_body_without_a_length_is_read_to_the_limit_and_no_further(web, megabytes)
    what_is_compressed_is_not_unpacked(web)
    many_bodies_at_the_limit_do_not_add_up(web)


def test_what_is_no_request_is_refused_and_harms_nobody(web: Stand, chance: random.Random) -> None:
    odd_heads_are_refused(web)
    odd_paths_and_methods_are_refused(web)
    noise_and_other_protocols_are_refused(web, chance)


def test_senders_who_never_finish_leave_nothing_behind_and_keep_nobody_out(web: Stand) -> None:
    a_message_cut_off_on_the_way_is_not_kept(web)
    those_who_hang_up_in_the_middle_leave_nothing_behind(web)
    a_few_senders_that_never_finish_do_not_keep_the_others_out(web)
