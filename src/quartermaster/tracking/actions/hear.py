"""Messages that tell of parcels become scans."""

from collections.abc import Sequence

from quartermaster.core import plugs
from quartermaster.core.errors import NotFound
from quartermaster.core.moment import now
from quartermaster.inbox.actions import Outcome, Taken
from quartermaster.orders.ports import Ignored, Unreadable
from quartermaster.tracking.actions.scan import Outcome as Scanned
from quartermaster.tracking.actions.scan import Taken as Answer
from quartermaster.tracking.actions.scan import scan
from quartermaster.tracking.ports import ScanSource, ScanTold


def hear(messages: Sequence[Taken]) -> list[Outcome]:
    """Take in what a batch of messages tells, and say what became of each. A parcel nobody knows here is
    said so: the account may follow parcels of others."""
    outcomes: dict[int, Outcome] = {}
    told: list[tuple[int, ScanTold]] = []
    sources: dict[int, str] = {}
    for message in messages:
        read = _read(message)
        if isinstance(read, Outcome):
            outcomes[message.id] = read
        else:
            told += [(message.id, each) for each in read]
            sources[message.id] = message.slug
    for slug in sorted(set(sources.values())):
        mine = [(n, each) for n, each in told if sources[n] == slug]
        answers = scan([each for _, each in mine], source=slug, at=now(), by=slug)
        for message_id in dict.fromkeys(n for n, _ in mine):
            taken = [answer for (n, _), answer in zip(mine, answers, strict=True) if n == message_id]
            outcomes[message_id] = outcome(message_id, taken)
    return [outcomes[message.id] for message in messages]


def outcome(message_id: int, taken: Sequence[Answer]) -> Outcome:
    """used: something was new; else ignored, with the reason."""
    new = sum(each.outcome is Scanned.NEW for each in taken)
    unread = sum(each.outcome is Scanned.NEW and each.status == "unknown" for each in taken)
    names = ", ".join(sorted({f"P-{each.parcel_id}" for each in taken if each.parcel_id}))
    if new:
        odd = f", {unread} of them not understood" if unread else ""
        return Outcome(message_id, "used", f"{names}: {new} new {'scan' if new == 1 else 'scans'}{odd}")
    because = next((each.because for each in taken if each.because), f"{names}: all of it was told before")
    return Outcome(message_id, "ignored", because)


def _read(message: Taken) -> tuple[ScanTold, ...] | Outcome:
    try:
        source = plugs.plug(message.kind).offer(ScanSource)  # type: ignore[type-abstract]  # a port is a protocol
        if source is None:
            return Outcome(message.id, "ignored", f"{message.kind} tells nothing of parcels.")
        told = source.read_scans(
            topic=message.topic, headers=message.headers, body=message.body, received_at=message.received_at
        )
    except (Unreadable, NotFound) as error:
        return Outcome(message.id, "unreadable", str(error) or "Not a message about parcels.")
    if isinstance(told, Ignored):
        return Outcome(message.id, "ignored", told.because)
    return told or Outcome(message.id, "ignored", "It tells of no scan.")
