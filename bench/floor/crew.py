"""The people of all sites at once, a thread each, in a process of their own. Prints what came of it."""

import random
import sys
import threading
import time
from collections import deque
from typing import Any

import msgspec

from bench.floor.handheld import Form, Handheld
from bench.floor.shift import Person


class Shift(msgspec.Struct, frozen=True):
    """What is asked for. links: sign-in links, one for each device; lists: site -> pick lists of its waves;
    devices are at the sites in turn."""

    port: int
    links: list[str]
    lists: dict[str, list[int]]
    scans_per_s: float
    orders: int
    doubled: float
    patience_s: float


class Worked(msgspec.Struct, frozen=True):
    """What was done. Units and parcels as the people count them; answers_ms: of every scan."""

    seconds: float
    cpu_s: float
    answers_ms: list[float]
    lists: int
    picked: int
    packed: int
    parcels: int
    twice: int
    errors: list[str]


def work(asked: Shift) -> Worked:
    stop = threading.Event()
    desks = {site: deque(ids) for site, ids in asked.lists.items()}
    people = [_person(asked, n, link, stop, desks) for n, link in enumerate(asked.links)]
    errors: list[str] = []
    threads = [threading.Thread(target=_guarded, args=(one, errors, stop), daemon=True) for one in people]
    began, cpu = time.monotonic(), time.process_time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, began + asked.patience_s - time.monotonic()))
    stop.set()
    for thread in threads:
        thread.join(5)
    return Worked(
        seconds=time.monotonic() - began,
        cpu_s=time.process_time() - cpu,
        answers_ms=[ms for one in people for ms in one.device.answers_ms],
        lists=sum(one.lists for one in people),
        picked=sum(one.picked for one in people),
        packed=sum(one.packed for one in people),
        parcels=sum(one.parcels for one in people),
        twice=sum(one.twice for one in people),
        errors=errors,
    )


def _person(asked: Shift, n: int, link: str, stop: threading.Event, desks: dict[str, deque[int]]) -> Person:
    device = Handheld(asked.port, asked.scans_per_s, stop)
    page = device.get(link)
    device.send(Form(link, page.forms()[0].fields if page.forms() else {"csrfmiddlewaretoken": device.token}))
    site = list(desks)[n % len(desks)]
    return Person(
        device, site, desks[site], orders=asked.orders, doubled=asked.doubled, chance=random.Random(n)
    )


def _guarded(person: Person, errors: list[str], stop: threading.Event) -> None:
    """One that falls ends the shift: a figure of half a crew is none."""
    try:
        person.work()
    except Exception as error:
        errors.append(f"{type(error).__name__}: {error}"[:2000])
        stop.set()


def main(given: Any = sys.stdin) -> None:
    print(msgspec.json.encode(work(msgspec.json.decode(given.read(), type=Shift))).decode())


if __name__ == "__main__":
    main()
