"""Parcels that left are given to somebody who follows them: wished with the hand-over, done outside."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from quartermaster.core import sql
from quartermaster.core.actions.outbox import Wish, wish_all
from quartermaster.core.effects import Told, Turn, later
from quartermaster.core.errors import NotFound, Refused
from quartermaster.events import ParcelHandedOver
from quartermaster.shipping.ports import NotDone
from quartermaster.tracking.ports import NotFollowed, ToFollow
from quartermaster.tracking.queries import followers

PARCELS = """
select row_to_json(r)::text from (
  select 'P-' || p.id as reference, 'SO-' || p.order_id as order, p.carrier, p.tracking_number,
    coalesce(o.ship_to->>'country', '') as country, coalesce(o.ship_to->>'postcode', '') as postcode,
    p.promised_on, (p.handed_over_at at time zone 'UTC')::date as left_on
  from warehouse_parcel p join orders_order o on o.id = p.order_id
  where p.id = any(%s) and p.tracking_number <> '' and p.state = 'handed_over' order by p.id) r
"""
_parcel = msgspec.json.Decoder(ToFollow)


def subscribe(heard: Sequence[ParcelHandedOver]) -> None:
    """The listener. One wish for each parcel with a number and each connection that follows; two statements
    and the wishes, and a single one where nobody follows."""
    slugs = followers.slugs()
    if not slugs:
        return
    parcels = [_parcel.decode(row[0]) for row in sql.run(PARCELS, ([event.parcel_id for event in heard],))]
    at = heard[-1].at
    wish_all([_wish(slug, parcel, at) for parcel in parcels for slug in slugs])


class FollowParcel:
    """The effect `tracking.follow`: somebody follows the parcel, once, whatever happens on the way."""

    def perform(self, *, key: str, body: Mapping[str, object]) -> Told:
        parcel = msgspec.convert(body["parcel"], ToFollow)
        try:
            account, follower = followers.follower(str(body["slug"]))
            name = follower.follow(account=account, parcel=parcel)
        except NotDone as trouble:
            return later(trouble)
        except NotFollowed as refusal:
            return Told(Turn.REFUSE, str(refusal))
        except (Refused, NotFound) as refusal:
            return Told(Turn.REFUSE, str(refusal))
        return Told(Turn.CONFIRM, f"followed as {name or parcel.tracking_number}", {"name": name})

    def ask(self, *, key: str, body: Mapping[str, object]) -> Told:
        parcel = msgspec.convert(body["parcel"], ToFollow)
        account, follower = followers.follower(str(body["slug"]))
        name = follower.find(account=account, parcel=parcel)
        if name is None:
            return Told(Turn.FIND_UNDONE, f"{body['slug']} does not follow {parcel.tracking_number} yet")
        return Told(Turn.CONFIRM, f"followed as {name}", {"name": name})


def _wish(slug: str, parcel: ToFollow, at: datetime) -> Wish:
    key = followers.key_of(slug, parcel.reference)
    body = {"slug": slug, "parcel": msgspec.to_builtins(parcel)}
    return Wish(key, followers.TASK, f"order:{parcel.order}", body, at)
