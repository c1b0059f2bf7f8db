"""Rows of files into what a warehouse says, and an order into rows. Pure.

What a file is follows from its columns. A file with one row that cannot be read is not used at all: half of
a shipment would be a lie.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import msgspec

from quartermaster.outside.ports import (
    Item,
    News,
    Notice,
    Noticed,
    Order,
    Receipt,
    Shipment,
    Snapshot,
    Standing,
    State,
)

ORDER = (
    *("reference", "order", "sku", "quantity", "ship_by", "promised_on", "name", "company", "line1"),
    *("line2", "city", "region", "postcode", "country", "phone"),
)
NOTICE = (
    *("notice", "revision", "arrival", "kind", "from", "document", "expected_on", "sku", "quantity"),
    *("lot", "serial"),
)
ANSWERS = {
    "acknowledged": State.ACKNOWLEDGED,
    "refused": State.REFUSED,
    "cancelled": State.CANCELLED,
    "shipped": State.SHIPPED,
}
NOTICE_ANSWERS = ("acknowledged", "refused", "cancelled")
_YES, _NO = frozenset({"yes", "true", "1"}), frozenset({"no", "false", "0", ""})


class NotUnderstood(Exception):
    """A file that is not used. str() says which line, and why."""


class Taken(msgspec.Struct, frozen=True):
    """A file that was read: its content's mark, what tells it unread, and the folder it belongs into ("": it
    may still grow, and nothing of it was used). at: when it was, in seconds since 1970. is_settled: it was
    still the same a while later, so that a change would show without reading."""

    name: str
    stamp: str
    mark: str
    place: str
    at: int
    is_settled: bool = False


SETTLES_S = 60  # some servers tell the moment of a file by the second, and their clock is not ours


def seen_again(known: Taken, stamp: str, *, at: int) -> Taken:
    """It was read again, and its content is what it was."""
    if stamp != known.stamp:
        return Taken(known.name, stamp, known.mark, known.place, at)
    return Taken(known.name, stamp, known.mark, known.place, known.at, at - known.at >= SETTLES_S)


def may_grow(content: bytes, known: Taken | None, stamp: str, *, at: int) -> bool:
    """Whether somebody may still be writing it: its last line has no end, and it has not been the same for a
    while."""
    is_same = known is not None and not known.place and known.stamp == stamp
    return not content.endswith(b"\n") and not (known and is_same and at - known.at >= SETTLES_S)


def waiting(name: str, known: Taken | None, stamp: str, *, at: int) -> Taken:
    """It is looked at again in the next round."""
    since = known.at if known is not None and not known.place and known.stamp == stamp else at
    return Taken(name, stamp, "", "", since)


def read_taken(cursor: str) -> dict[str, Taken]:
    """By name. A cursor of an older kind says nothing: its files are moved away."""
    if not cursor.startswith("["):
        return {}
    return {one.name: one for one in msgspec.json.decode(cursor, type=list[Taken])}


def write_taken(taken: Sequence[Taken]) -> str:
    return msgspec.json.encode(taken).decode() if taken else ""


def order_rows(order: Order) -> list[dict[str, str]]:
    """One row for each SKU."""
    to = order.receiver
    return [
        {
            "reference": order.reference,
            "order": order.number,
            "sku": item.sku,
            "quantity": str(item.quantity),
            "ship_by": order.ship_by.isoformat() if order.ship_by else "",
            "promised_on": order.promised_on.isoformat() if order.promised_on else "",
            **{name: str(getattr(to, name)) for name in ORDER[6:]},
        }
        for item in order.items
    ]


def notice_rows(notice: Notice) -> list[dict[str, str]]:
    """One row for each SKU and lot."""
    return [
        {
            "notice": notice.reference,
            "revision": str(notice.revision),
            "arrival": notice.number,
            "kind": notice.kind,
            "from": notice.sender,
            "document": notice.document,
            "expected_on": notice.expected_on.isoformat() if notice.expected_on else "",
            "sku": item.sku,
            "quantity": str(item.quantity),
            "lot": item.lot,
            "serial": item.serial,
        }
        for item in notice.items
    ]


def read(name: str, header: Sequence[str], rows: Sequence[tuple[int, Mapping[str, str]]]) -> News:
    """What one file says. `rows`: line number and cells by column. Raises NotUnderstood."""
    columns = set(header)
    if {"notice", "status"} <= columns:
        return News(notices=tuple(_notice_answer(line, row) for line, row in rows))
    if {"reference", "status"} <= columns:
        return News(standings=tuple(_answer(line, row) for line, row in rows))
    if {"reference", "parcel", "sku", "quantity", "shipped_at"} <= columns:
        return News(standings=_shipments(rows))
    if {"receipt", "sku", "quantity", "received_at"} <= columns:
        return News(receipts=_receipts(rows))
    if {"sku", "on_hand", "taken_at"} <= columns:
        return News(snapshots=(_stock(name, rows),))
    raise NotUnderstood(f"no kind of file has the columns {', '.join(header)[:200]}")


def together(said: Sequence[News]) -> News:
    """Several files as one answer; all that is said of an order in one standing."""
    of: defaultdict[str, list[Standing]] = defaultdict(list)
    for standing in (one for news in said for one in news.standings):
        of[standing.reference].append(standing)
    return News(
        standings=tuple(_merged(mine) for mine in of.values()),
        snapshots=tuple(one for news in said for one in news.snapshots),
        receipts=tuple(one for news in said for one in news.receipts),
        notices=tuple(one for news in said for one in news.notices),
        heard=bool(said),
    )


_FAR = (State.HANDED, State.ACKNOWLEDGED, State.REFUSED, State.CANCELLED, State.SHIPPED)


def _merged(mine: Sequence[Standing]) -> Standing:
    far = max(mine, key=lambda one: _FAR.index(one.state))
    parcels = {parcel.reference: parcel for one in mine for parcel in one.shipments}
    theirs = next((one.theirs for one in mine if one.theirs), "")
    return Standing(far.reference, far.state, theirs, far.because, tuple(parcels.values()))


def _answer(line: int, row: Mapping[str, str]) -> Standing:
    status = row["status"].strip().lower()
    if status not in ANSWERS:
        raise NotUnderstood(f"line {line}: status {row['status'][:40]!r}; there are: {', '.join(ANSWERS)}")
    reference = _given(line, row, "reference")
    return Standing(reference, ANSWERS[status], row.get("number", ""), row.get("because", ""))


def _notice_answer(line: int, row: Mapping[str, str]) -> Noticed:
    status = row["status"].strip().lower()
    if status not in NOTICE_ANSWERS:
        raise NotUnderstood(
            f"line {line}: status {row['status'][:40]!r}; there are: {', '.join(NOTICE_ANSWERS)}"
        )
    revision = _units(line, row, "revision", least=0) if row.get("revision", "").strip() else 0
    reference = _given(line, row, "notice")
    said = (row.get("number", ""), row.get("because", ""))
    return Noticed(reference, ANSWERS[status], revision, *said)


def _shipments(rows: Sequence[tuple[int, Mapping[str, str]]]) -> tuple[Standing, ...]:
    parcels: dict[tuple[str, str], list[tuple[int, Mapping[str, str]]]] = {}
    last: set[str] = set()
    for line, row in rows:
        key = (_given(line, row, "reference"), _given(line, row, "parcel"))
        parcels.setdefault(key, []).append((line, row))
        if _is_yes(line, "last", row.get("last", "")):
            last.add(key[0])
    of: defaultdict[str, list[Shipment]] = defaultdict(list)
    for (reference, parcel), mine in parcels.items():
        line, first = mine[0]
        of[reference].append(
            Shipment(
                parcel,
                _moment(line, first, "shipped_at"),
                tuple(_item(number, row) for number, row in mine),
                first.get("carrier", ""),
                first.get("tracking_number", ""),
            )
        )
    return tuple(
        Standing(
            reference,
            State.SHIPPED if reference in last else State.ACKNOWLEDGED,
            shipments=tuple(shipped),
        )
        for reference, shipped in of.items()
    )


def _receipts(rows: Sequence[tuple[int, Mapping[str, str]]]) -> tuple[Receipt, ...]:
    of: dict[str, list[tuple[int, Mapping[str, str]]]] = {}
    for line, row in rows:
        of.setdefault(_given(line, row, "receipt"), []).append((line, row))
    return tuple(
        Receipt(
            reference,
            _moment(mine[0][0], mine[0][1], "received_at"),
            tuple(_item(line, row) for line, row in mine),
            mine[0][1].get("because", ""),
            mine[0][1].get("notice", ""),
        )
        for reference, mine in of.items()
    )


def _stock(name: str, rows: Sequence[tuple[int, Mapping[str, str]]]) -> Snapshot:
    counts: dict[str, int] = {}
    moments = {_moment(line, row, "taken_at") for line, row in rows}
    if len(moments) != 1:
        raise NotUnderstood("a stock report has rows, all with the same taken_at")
    for line, row in rows:
        sku = _given(line, row, "sku")
        counts[sku] = counts.get(sku, 0) + _units(line, row, "on_hand", least=0)
    return Snapshot(name, moments.pop(), counts)


def _item(line: int, row: Mapping[str, str]) -> Item:
    units = _units(line, row, "quantity", least=1)
    is_damaged = _is_yes(line, "damaged", row.get("damaged", ""))
    return Item(_given(line, row, "sku"), units, row.get("lot", ""), row.get("serial", ""), is_damaged)


def _given(line: int, row: Mapping[str, str], column: str) -> str:
    text = row[column].strip()
    if not text:
        raise NotUnderstood(f"line {line}: {column} is empty")
    return text


def _units(line: int, row: Mapping[str, str], column: str, *, least: int) -> int:
    text = row[column].strip()
    if not (text.isascii() and text.isdecimal() and len(text) < 10) or int(text) < least:
        raise NotUnderstood(f"line {line}: {column} {text[:40]!r} is no number of units from {least}")
    return int(text)


def _moment(line: int, row: Mapping[str, str], column: str) -> datetime:
    text = row[column].strip()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise NotUnderstood(f"line {line}: {column} {text[:40]!r} is no moment") from None
    if moment.tzinfo is None:
        raise NotUnderstood(f"line {line}: {column} {text[:40]!r} says no offset, such as Z or +01:00")
    return moment.astimezone(UTC)


def _is_yes(line: int, column: str, text: str) -> bool:
    word = text.strip().lower()
    if word not in _YES | _NO:
        raise NotUnderstood(f"line {line}: {column} {text[:40]!r} is neither yes nor no")
    return word in _YES
