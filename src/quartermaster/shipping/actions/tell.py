"""The end of the day: each account is told what left with it, and what it then lists is compared."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.actions.outbox import Wish, wish_all
from quartermaster.core.effects import Told, Turn, later
from quartermaster.core.errors import NotFound, Refused
from quartermaster.core.events import emit
from quartermaster.core.moment import now
from quartermaster.events import ManifestClosed, ManifestNotTold, ManifestTold
from quartermaster.shipping.ports import (
    Manifested,
    ManifestWanted,
    NotDone,
    RefusedByCarrier,
    Settles,
    Sold,
    TakesManifests,
)
from quartermaster.shipping.queries.carriers import accounts_with, carrier_of
from quartermaster.shipping.rules.dispatch import compare

TELL = "shipping.manifest"

ASK = """
insert into shipping_told (manifest_id, account, parcels, asked_at)
select l.manifest_id, l.account, count(*), %(at)s from shipping_label l
where l.manifest_id = any(%(ids)s) and l.state = 'bought' and l.account = any(%(accounts)s)
  and l.carrier_ref <> ''
group by 1, 2 order by 1, 2
on conflict (manifest_id, account) do nothing
returning id, manifest_id, rounds
"""
ROW = """
select t.id, t.manifest_id, t.account, t.state, t.unclear_at,
  (m.closed_at at time zone coalesce(nullif(s.timezone, ''), 'UTC'))::date
from shipping_told t join shipping_manifest m on m.id = t.manifest_id
join stock_location s on s.id = m.location_id where t.id = %s for no key update of t
"""
LABELS = """
select 'P-' || parcel_id, reference, tracking_number, carrier_ref from shipping_label
where manifest_id = %s and account = %s and state = 'bought' and carrier_ref <> '' order by id
"""
HAS = """
update shipping_told set state = %(state)s, missing = %(missing)s::jsonb, surplus = %(surplus)s::jsonb,
  carrier_ref = %(ref)s, paper = %(paper)s, because = '', told_at = %(at)s where id = %(id)s
"""
REFUSED = "update shipping_told set state = 'refused', because = %s where id = %s"
WAITS = "update shipping_told set because = %s where id = %s and state = 'asked'"
LOST = """
update shipping_told set unclear_at = coalesce(unclear_at, %s), because = 'it gave no clear answer'
where id = %s and state = 'asked'
"""
AGAIN = """
update shipping_told t set state = 'asked', because = '', rounds = rounds + 1, unclear_at = null
where t.manifest_id = %(manifest)s and t.state in ('refused', 'short')
returning t.id, t.manifest_id, t.rounds
"""


class NothingToTell(Refused):
    code = "nothing-to-tell"
    message = "{manifest} is as its carrier has it, or is being told."
    remedy = "Reload the page: its lists show how they stand."


class Row(NamedTuple):
    """A list to be told."""

    id: int
    manifest_id: int
    account: str
    state: str
    unclear_at: datetime | None
    ship_on: date


def tell_carriers(closed: Sequence[ManifestClosed]) -> None:
    """Wish that every account that takes manifests is told of these. Two statements."""
    accounts = sorted(accounts_with(TakesManifests))
    if not accounts:
        return
    ids, at = [fact.manifest_id for fact in closed], closed[-1].at
    with transaction.atomic():
        _wish(sql.run(ASK, {"ids": ids, "accounts": accounts, "at": at}), at=at)


def tell_again(number: str, *, at: datetime, by: str) -> int:
    """Tell the accounts that refused manifest M-7, or list less than they got. How many. Raises NotFound,
    NothingToTell."""
    digits = number.removeprefix("M-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 19):
        raise NotFound(what="manifest", which=number[:40])
    with transaction.atomic():
        found = sql.run(AGAIN, {"manifest": int(digits)})
        if not found:
            if not sql.run("select 1 from shipping_manifest where id = %s", (int(digits),)):
                raise NotFound(what="manifest", which=number)
            raise NothingToTell(manifest=number)
        _wish(found, at=at)
    return len(found)


def _wish(rows: Sequence[tuple[int, int, int]], *, at: datetime) -> None:
    wish_all(
        [
            Wish(f"manifest:{told_id}:{rounds}", TELL, f"manifest:M-{manifest_id}", {"told_id": told_id}, at)
            for told_id, manifest_id, rounds in rows
        ]
    )


class TellCarrier:
    """The effect `shipping.manifest`: the account is told once; labels on a list there are on no other."""

    def perform(self, *, key: str, body: Mapping[str, object]) -> Told:
        row, labels = _read(body)
        if row.state != "asked":
            return Told(Turn.CONFIRM, "was settled before")
        account, carrier = carrier_of(row.account)
        assert isinstance(carrier, TakesManifests)
        try:
            made = carrier.manifest(account=account, wanted=_wanted(row, labels))
        except RefusedByCarrier as refusal:
            return _refuse(row, str(refusal), at=now())
        except NotDone as trouble:
            sql.run(WAITS, (str(trouble), row.id))
            return later(trouble)
        except Exception:
            sql.run(LOST, (now(), row.id))
            raise
        return _keep(row, labels, made, at=now())

    def ask(self, *, key: str, body: Mapping[str, object]) -> Told:
        row, labels = _read(body)
        if row.state != "asked":
            return Told(Turn.CONFIRM, "was settled before")
        account, carrier = carrier_of(row.account)
        assert isinstance(carrier, TakesManifests)
        made = carrier.find_manifest(account=account, wanted=_wanted(row, labels))
        if made is not None:
            return _keep(row, labels, made, at=now())
        if row.unclear_at and isinstance(carrier, Settles):
            until = row.unclear_at + timedelta(seconds=carrier.settles_s)
            if now() < until:
                return Told(Turn.LOSE_TRACK, f"{row.account} has no list of them yet", retry_at=until)
        return Told(Turn.FIND_UNDONE, f"{row.account} has no list of them")


type Labels = dict[str, Sold]  # by parcel


def _read(body: Mapping[str, object]) -> tuple[Row, Labels]:
    told_id = body["told_id"]
    assert isinstance(told_id, int)
    with transaction.atomic():
        (found,) = sql.run(ROW, (told_id,))
        row = Row._make(found)
        labels = {
            parcel: Sold(reference, tracking_number, ref)
            for parcel, reference, tracking_number, ref in sql.run(LABELS, (row.manifest_id, row.account))
        }
    return row, labels


def _wanted(row: Row, labels: Labels) -> ManifestWanted:
    return ManifestWanted(f"M-{row.manifest_id}", row.ship_on, tuple(labels.values()))


def _keep(row: Row, labels: Labels, made: Manifested, *, at: datetime) -> Told:
    """What the carrier lists has to be what it was given: else it is an exception, with the parcels."""
    found = compare([each.carrier_ref for each in labels.values()], made.labels)
    missing = tuple(parcel for parcel, each in labels.items() if each.carrier_ref in found.missing)
    state = "short" if missing or found.surplus else "told"
    with transaction.atomic():
        (again,) = sql.run(ROW, (row.id,))
        if Row._make(again).state != "asked":
            return Told(Turn.CONFIRM, "was settled before")
        sql.run(
            HAS,
            {
                "id": row.id,
                "state": state,
                "missing": sql.rows(missing),
                "surplus": sql.rows(found.surplus),
                "ref": made.carrier_ref,
                "paper": made.paper,
                "at": at,
            },
        )
        emit(
            [
                ManifestTold(
                    subject=f"manifest:M-{row.manifest_id}",
                    at=at,
                    actor="system",
                    manifest_id=row.manifest_id,
                    account=row.account,
                    carrier_ref=made.carrier_ref,
                    parcels=len(labels),
                    missing=missing,
                    surplus=found.surplus,
                )
            ]
        )
    return Told(Turn.CONFIRM, made.carrier_ref)


def _refuse(row: Row, because: str, *, at: datetime) -> Told:
    with transaction.atomic():
        sql.run(REFUSED, (because, row.id))
        emit(
            [
                ManifestNotTold(
                    subject=f"manifest:M-{row.manifest_id}",
                    at=at,
                    actor="system",
                    manifest_id=row.manifest_id,
                    account=row.account,
                    because=because,
                )
            ]
        )
    return Told(Turn.REFUSE, because)
