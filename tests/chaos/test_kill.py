"""F01 to F03, F10: kill -9 of workers, web and database in the middle of everything. What was acknowledged is
there afterwards, once; every order is there once; and the doctor is content."""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from quartermaster.commands.running import throwaway
from quartermaster.core.embedded import Server, folder_for, liveness
from quartermaster.core.locations import database_url_file
from quartermaster.testing.shop import INVENTED_SECRET, Shop, Webhook

from .conftest import size
from .stand import Caller, free_port, until

pytestmark = [pytest.mark.chaos, pytest.mark.slow, pytest.mark.timeout(3600)]
CYCLES = size(3, 20)
SOURCE = Path(__file__).parents[2] / "src"
FURNISH = """
import django; django.setup()
from quartermaster.testing.builders import a_location, a_sku
a_location("BER"); a_location("PAR", "FR")
for code in ("LAMP", "BULB", "SHADE"): a_sku(code, BER=1_000_000, PAR=1_000_000)
"""


class Shopkeeper:
    """`./qm up` with a home of its own, and everything it runs within reach of a kill."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="quartermaster-kill-"))
        self.home.chmod(0o755)  # PostgreSQL's account must be able to pass through it
        self.port = free_port()
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("QM_", "DJANGO_"))}
        own = {"QM_HOME": str(self.home), "PYTHONPATH": str(SOURCE)}
        self.environment = {**kept, **own, "DJANGO_SETTINGS_MODULE": "quartermaster.settings"}
        self.database = Server(folder_for(self.home))
        throwaway.furnish(self.database)
        self.log = (self.home / "log").open("w")
        self.caller = Caller(self.port)
        self.process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "quartermaster", "up", "--port", str(self.port), "--workers", "2"],
            env=self.environment, stdin=subprocess.DEVNULL, stdout=self.log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        until(lambda: self.caller.call("GET", "/readyz").status == 200, "up to be ready", within_s=120)
        return process

    def run(self, *command: str) -> str:
        done = subprocess.run(
            [sys.executable, "-P", *command],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def ask(self, query: str) -> list[tuple[int, ...]]:
        url = database_url_file(self.home).read_text().strip()
        with psycopg.connect(url, autocommit=True) as connection:
            return connection.execute(query.encode()).fetchall()

    def kill(self, what: str) -> None:
        """kill -9 of every process of this kind, of ours and of nobody else."""
        if what == "database":
            postmaster = liveness.postmaster_pid(self.database.data)
            pids = [] if postmaster is None else [postmaster, *below(postmaster)]
        elif what == "everything but the database":
            pids = [self.process.pid, *below(self.process.pid)]
        else:
            pids = [pid for pid in below(self.process.pid) if f"quartermaster {what}" in command_of(pid)]
            pids += [child for pid in pids for child in below(pid)]
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(60)
        self.database.stop()
        self.log.close()
        shutil.rmtree(self.home)


def below(pid: int) -> list[int]:
    """All processes that this one started, and those that they started."""
    parents: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents.setdefault(int(fields[1]), []).append(int(folder.name))
    found, todo = [], [pid]
    while todo:
        children = parents.get(todo.pop(), [])
        found += children
        todo += children
    return found


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


class Senders:
    """Shops that send order after order, each until it is acknowledged; some of them twice."""

    def __init__(self, caller: Caller, chance: random.Random) -> None:
        self.caller, self.chance = caller, chance
        self.acknowledged: set[str] = set()
        self.ambiguous = self.attempts = 0
        self._shop, self._guard, self._over = Shop(), threading.Lock(), threading.Event()
        self._threads = [threading.Thread(target=self._send) for _ in range(4)]

    def __enter__(self) -> "Senders":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def next(self) -> Webhook:
        with self._guard:
            lines = self.chance.sample(["LAMP", "BULB", "SHADE"], self.chance.randint(1, 3))
            return self._shop.sell(*[(code, self.chance.randint(1, 3)) for code in lines])

    def deliver(self, webhook: Webhook) -> None:
        """As a real sender: the same delivery again and again, until somebody says thank you."""
        failed = 0
        while True:
            status = self.caller.call("POST", "/in/acme", webhook.body, webhook.headers).status
            self.attempts += 1
            if status == 200:
                break
            failed += 1
            assert status in (0, 503), status
            time.sleep(0.1)
        with self._guard:
            self.ambiguous += failed
            self.acknowledged.add(webhook.headers["x-shopify-webhook-id"])

    def _send(self) -> None:
        while not self._over.is_set():
            webhook = self.next()
            self.deliver(webhook)
            if self.chance.random() < 0.1:
                self.deliver(webhook)


@pytest.fixture
def keeper() -> Iterator[Shopkeeper]:
    keeper = Shopkeeper()
    try:
        keeper.run("-c", FURNISH)
        keeper.run("-m", "quartermaster", "connect", "shopify", "acme", "--set",
                   f"webhook_secret={INVENTED_SECRET}", "shop=acme.example")  # fmt: skip
        yield keeper
    finally:
        keeper.close()


def has_recovered(keeper: Shopkeeper, senders: Senders, began: float) -> float:
    """Seconds since `began` until a new message is acknowledged, and until its order is promised."""
    webhook = senders.next()
    senders.deliver(webhook)
    acknowledged = time.monotonic() - began
    delivery_id = webhook.headers["x-shopify-webhook-id"]
    query = f"""select 1 from inbox_message m join orders_order o on o.status = 'allocated'
        and m.because = 'SO-' || o.id || ' captured' where m.delivery_id = '{delivery_id}'"""

    def is_promised() -> bool:
        try:
            return bool(keeper.ask(query))
        except psycopg.OperationalError:
            return False

    until(is_promised, "an order to be promised", within_s=120)
    print(
        f"   acknowledged again after {acknowledged:.1f} s, promised after {time.monotonic() - began:.1f} s"
    )
    return time.monotonic() - began


def test_what_was_acknowledged_is_there_once_whatever_is_killed(
    keeper: Shopkeeper, chance: random.Random
) -> None:
    took = []
    with Senders(keeper.caller, chance) as senders:
        time.sleep(1)
        for cycle in range(CYCLES):
            victims = chance.sample(["worker", "serve", "database"], 3)
            if cycle % 3 == 2:
                victims.append("everything but the database")
            for victim in victims:
                time.sleep(chance.uniform(0, 0.7))
                keeper.kill(victim)
            print(f"{cycle + 1}: kill -9 of {', '.join(victims)}")
            began = time.monotonic()
            if victims[-1].startswith("everything"):
                keeper.process.wait()
                keeper.process = keeper.start()
            took.append(has_recovered(keeper, senders, began))
            time.sleep(chance.uniform(0, 1))
    keeper.run("-m", "quartermaster", "drain", "--timeout", "300")

    took.sort()
    print(
        f"{len(senders.acknowledged)} messages acknowledged, {senders.ambiguous} attempts failed on the way"
    )
    print(
        f"promised again after {took[len(took) // 2]:.1f} s (median), {took[-1]:.1f} s (slowest of {CYCLES})"
    )
    stored = [row[0] for row in keeper.ask("select delivery_id from inbox_message")]
    assert len(stored) == len(set(stored))
    assert senders.acknowledged <= set(stored)  # not one lost
    assert set(stored) == senders.acknowledged  # and each was sent until it was acknowledged
    assert keeper.ask("select count(*) from inbox_message where state <> 'used'") == [(0,)]
    assert keeper.ask("select count(*), count(distinct external_id) from orders_order") == [
        (len(stored),) * 2
    ]
    assert keeper.ask("select count(*) from orders_order where status <> 'allocated'") == [(0,)]
    keeper.run("-m", "quartermaster", "doctor")
