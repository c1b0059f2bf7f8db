"""What is done when a carrier fails: written before, done with one word or by itself, and undone."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from msgspec.structs import asdict

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound
from quartermaster.core.events import emit
from quartermaster.events import PlaybookWritten
from quartermaster.shipping.actions.pause import AlreadyPaused, pause, resume
from quartermaster.shipping.queries.pauses import carriers_known
from quartermaster.shipping.queries.playbooks import armed, over, playbooks
from quartermaster.shipping.rules.playbooks import Playbook, failed, wrong_with

WRITE = """
insert into shipping_playbook (carrier, because, moves_labels, fires_on, ends_after_h, written_at, written_by)
values (%(carrier)s, %(because)s, %(moves_labels)s, %(fires_on)s, %(ends_after_h)s, %(at)s, %(by)s)
on conflict (carrier) do update set because = excluded.because, moves_labels = excluded.moves_labels,
  fires_on = excluded.fires_on, ends_after_h = excluded.ends_after_h, written_at = excluded.written_at,
  written_by = excluded.written_by
"""
BY = "playbook"


class Watched(NamedTuple):
    """Carriers that were paused by themselves, and carriers whose time was over."""

    fired: list[str]
    ended: list[str]


def write_playbook(wanted: Playbook, *, at: datetime, by: str) -> None:
    """Instead of what was written for the carrier before. Raises NotFound for a carrier nobody works with,
    Invalid."""
    if wrong := wrong_with(wanted):
        raise Invalid(what="The playbook", errors=wrong)
    if wanted.carrier not in carriers_known(at=at):
        raise NotFound(what="carrier", which=wanted.carrier)
    with transaction.atomic():
        sql.run(WRITE, {**asdict(wanted), "at": at, "by": by})
        emit([PlaybookWritten(subject=f"carrier:{wanted.carrier}", at=at, actor=by, **asdict(wanted))])


def fire_playbook(carrier: str, *, at: datetime, by: str, seen: str = "") -> None:
    """Do what is written for the carrier. seen: what speaks for it, put to the reason. Raises NotFound where
    nothing is written, AlreadyPaused."""
    for wanted in playbooks(carrier):
        hours = wanted.ends_after_h
        pause(
            carrier,
            because=f"{wanted.because.rstrip('.')}: {seen}." if seen else wanted.because,
            moves_labels=wanted.moves_labels,
            ends_at=None if hours is None else at + timedelta(hours=hours),
            at=at,
            by=by,
        )
        return
    raise NotFound(what="playbook of", which=carrier)


def watch_playbooks(*, unscanned: Mapping[str, int], at: datetime) -> Watched:
    """Pauses whose time is over end, and playbooks fire that are to. unscanned: parcels each carrier has had
    for longer than it is given without a scan."""
    ended = [carrier for carrier in over(at=at) if _resumed(carrier, at)]
    written = {one.carrier: one for one in playbooks()}
    fired = []
    for carrier, _, unanswered in armed(at=at):
        seen = failed(written[carrier], unanswered=unanswered, unscanned=unscanned.get(carrier, 0))
        if seen and _fired(carrier, seen, at):
            fired.append(carrier)
    return Watched(fired, ended)


def _fired(carrier: str, seen: str, at: datetime) -> bool:
    try:
        fire_playbook(carrier, at=at, by=BY, seen=seen)
    except (AlreadyPaused, NotFound):  # a person was faster, or nobody works with it any more
        return False
    return True


def _resumed(carrier: str, at: datetime) -> bool:
    try:
        resume(carrier, at=at, by=BY)
    except NotFound:  # a person was faster
        return False
    return True
