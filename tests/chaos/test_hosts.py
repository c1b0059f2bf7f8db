"""Two hosts with a worker each and a PostgreSQL on a third, as docs/howto/several-workers.md describes them:
one worker is killed in mid-run, the network of the other is cut. Nothing is lost, nothing done twice."""

import subprocess
import sys
import time

import pytest

from quartermaster.testing.shop import INVENTED_SECRET

from .conftest import size
from .hosts import Host, Network, three_hosts, why_not
from .stand import until

WHY_NOT = why_not()
pytestmark = [
    pytest.mark.chaos,
    pytest.mark.nightly,  # half a minute of waiting for connections that died
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT or "-"),
]
CUT_S = size(10, 60)
TAKEN_OVER_S = 45  # a dead connection is noticed after half of that
FURNISH = """
import django; django.setup()
from quartermaster.testing.builders import a_location, a_sku
a_location("BER"); a_location("PAR", "FR")
for code in ("LAMP", "BULB", "SHADE"): a_sku(code, BER=1_000_000, PAR=1_000_000)
"""
# A shop beside the web process: order after order, each until it is acknowledged, until its input ends.
SEND = """
import django; django.setup()
import random, sys, threading, time
from quartermaster.testing.shop import Shop
from tests.chaos.stand import Caller
shop, caller, over = Shop(), Caller(8000), threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
while not over.is_set():
    lines = random.sample(["LAMP", "BULB", "SHADE"], random.randint(1, 3))
    webhook = shop.sell(*[(code, random.randint(1, 3)) for code in lines])
    while caller.call("POST", "/in/acme", webhook.body, webhook.headers).status != 200:
        time.sleep(0.1)
    print(webhook.headers["x-shopify-webhook-id"], flush=True)
    time.sleep(0.005)
"""


def run(network: Network, host: Host, *command: str) -> str:
    """One command on a host, to its end."""
    done = host(
        lambda: subprocess.run(
            [sys.executable, "-P", *command],
            env=network.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def worker(network: Network, host: Host) -> None:
    host.start("worker", network.environment(), "-m", "quartermaster", "worker")


def sessions(network: Network, host: Host) -> int:
    """Open connections from a host's worker, as the database sees them."""
    return int(
        str(network.ask(f"select count(*) from pg_stat_activity where client_addr = '{host.address}'")[0][0])
    )


def captured(network: Network) -> int:
    return int(str(network.ask("select count(*) from orders_order")[0][0]))


def test_a_killed_worker_and_a_cut_network_lose_and_double_nothing() -> None:
    with three_hosts() as network:
        one, two = network.one, network.two
        run(network, one, "-m", "quartermaster", "migrate")
        run(network, one, "-c", FURNISH)
        run(network, one, "-m", "quartermaster", "connect", "shopify", "acme", "--set",
            f"webhook_secret={INVENTED_SECRET}", "shop=acme.example")  # fmt: skip
        one.start("web", network.environment(), "-m", "quartermaster", "serve", "--port", "8000")
        worker(network, one)
        worker(network, two)
        until(lambda: sessions(network, two) > 0 and sessions(network, one) > 1, "both workers to connect")
        sender = one.start("sender", network.environment(), "-c", SEND, talks=True)
        until(lambda: captured(network) > 100, "orders to come in")

        one.kill("worker")
        before = captured(network)
        until(lambda: captured(network) > before + 100, "the other host to go on")
        worker(network, one)

        network.cut(two)
        began = time.monotonic()
        before = captured(network)
        took = until(lambda: captured(network) > before + 100, "the first host to go on")
        print(f"host two is cut off; 100 more orders are captured after {took:.1f} s")
        if CUT_S > TAKEN_OVER_S:
            took = until(lambda: sessions(network, two) == 0, "its sessions to end", within_s=TAKEN_OVER_S)
            print(f"the database has given up on its sessions after {took:.1f} s")
        time.sleep(max(0, CUT_S - (time.monotonic() - began)))
        network.mend(two)
        until(lambda: sessions(network, two) > 0, "the second host to come back")

        told, _ = sender.communicate(b"", timeout=60)
        acknowledged = told.decode().split()
        run(network, one, "-m", "quartermaster", "drain", "--timeout", "120")
        print(f"{len(acknowledged)} messages acknowledged, {captured(network)} orders")
        stored = [str(row[0]) for row in network.ask("select delivery_id from inbox_message")]
        assert sorted(stored) == sorted(acknowledged)  # not one lost, none twice
        assert network.ask("select count(*) from inbox_message where state <> 'used'") == [(0,)]
        assert network.ask("select count(*) from orders_order where status <> 'allocated'") == [(0,)]
        assert captured(network) == len(acknowledged)
        run(network, one, "-m", "quartermaster", "doctor")
