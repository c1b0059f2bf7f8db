"""Scans of devices that lose the network now and then: each is heard once, however often it is sent."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.db import transaction

from quartermaster.console.models import FloorScan
from quartermaster.core import sql
from quartermaster.core.errors import Refused
from quartermaster.core.river import signal

# Answers are kept for longer than a device may send a scan for, its clock a month wrong at most: what is
# forgotten can only be refused, never carried out twice.
KEPT_FOR: Final = timedelta(days=120)
SENT_WITHIN, AHEAD_MAX = timedelta(days=60), timedelta(days=30)
FORGOTTEN_AT_ONCE: Final = 20_000
FORGET: Final = """
delete from console_floor_scan where id in (
  select id from console_floor_scan where heard_at < %s order by heard_at limit %s)
"""


class Told(NamedTuple):
    """What a scan is answered: right or wrong, and the sentence."""

    is_right: bool
    said: str


class ScanReused(Refused):
    code = "scan-reused"
    message = "The scan {id} was of something else before."
    remedy = "Scan it again: every scan has an id of its own."


# Scans of one list or parcel are heard in turn: what one means depends on those before it. This lock is
# taken first, and nobody else takes it.
IN_TURN = "select pg_advisory_xact_lock(hashtextextended('floor scans ' || %s, 0))"
NEW = """
insert into console_floor_scan (id, topic, text, by, scanned_at, heard_at)
values (%s, %s, %s, %s, %s, %s) on conflict (id) do nothing returning id
"""
ANSWERED = "update console_floor_scan set is_right = %s, said = %s where id = %s"
BEFORE = "select topic, text, is_right, said from console_floor_scan where id = %s"


def hear_scan(scan: FloorScan, carry_out: Callable[[], Told], *, at: datetime) -> Told:
    """Carry the scan out and keep the answer, in one transaction; a repeat is given the answer of before.
    Raises ScanReused: the same id with another content."""
    with transaction.atomic():
        sql.run(IN_TURN, (scan.topic,))
        row = (scan.id, scan.topic, scan.text, scan.by, scan.scanned_at, at)
        if not sql.run(NEW, row):
            ((topic, text, *answer),) = sql.run(BEFORE, (scan.id,))
            if (topic, text) != (scan.topic, scan.text):
                raise ScanReused(id=scan.id)
            return Told(*answer)
        told = carry_out()
        sql.run(ANSWERED, (*told, scan.id))
    signal.wake()  # what the action told its listeners before the commit came too early
    return told


def forget_scans(*, at: datetime) -> int:
    """Scans whose answer nobody can ask for any more are forgotten, a bounded number in each transaction.
    Returns how many."""
    gone = 0
    while some := sql.change(FORGET, (at - KEPT_FOR, FORGOTTEN_AT_ONCE)):
        gone += some
    return gone
