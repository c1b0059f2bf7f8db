"""How a shop makes its prices, what they are held against, and whether it is told: a person says so."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from quartermaster.channels.actions.prices.lists import list_called
from quartermaster.channels.actions.prices.mark import mark_prices_of
from quartermaster.channels.actions.prices.own import let_far
from quartermaster.channels.actions.pull import know_goods
from quartermaster.channels.actions.switch import NoKey, needs_of
from quartermaster.channels.queries.goods import listings_of
from quartermaster.channels.queries.prices.figures import figures
from quartermaster.channels.rules.prices.guards import moved_far
from quartermaster.channels.rules.prices.rows import told_far
from quartermaster.core import sql
from quartermaster.core.errors import Invalid, Refused
from quartermaster.core.events import emit
from quartermaster.core.money import MINOR_MAX
from quartermaster.events import PricingChanged
from quartermaster.inbox.queries.connections import connection as connection_of

FAR_ROWS = 10
RANGES = {  # field -> least and most
    "factor_bp": (1, 1_000_000),
    "amount_minor": (-MINOR_MAX, MINOR_MAX),
    "step_minor": (1, 1_000_000),
    "ending_minor": (0, 999_999),
    "fee_bp": (0, 9_999),
    "fee_minor": (0, MINOR_MAX),
    "tax_bp": (0, 10_000),
    "margin_bp": (0, 9_999),
    "change_percent": (1, 1_000),
    "period_days": (0, 365),
}
FIELDS = ("mode", "price_list", *RANGES, "stops_without_cost", "time_zone")
KNOW = """
insert into channels_pricing (shop_id) select shop_id from channels_goods where shop_id = %s
on conflict do nothing
"""
LOCK = f"""
select g.mode, k.name, {", ".join(f"g.{name}" for name in RANGES)}, g.stops_without_cost, g.time_zone
from channels_pricing g left join channels_price_list k on k.id = g.list_id
where g.shop_id = %s for update of g
"""  # noqa: S608 - constants only
SAVE = f"""
update channels_pricing set mode = %(mode)s, list_id = %(list)s,
  {", ".join(f"{name} = %({name})s" for name in RANGES)}, stops_without_cost = %(stops_without_cost)s,
  time_zone = %(time_zone)s, push_at = %(at)s
where shop_id = %(shop)s
"""  # noqa: S608 - constants only
LISTINGS = """
select l.id from channels_listing l join channels_listing_price p on p.listing_id = l.id
where l.shop_id = %s and l.sku_id is not null and l.gone_at is null order by 1
"""


class ManyMoveFar(Refused):
    code = "many-prices-move-far"
    message = "{sentence}"
    remedy = "Look at the rule again. If it is meant, say that {far} of them may, with a reason."


@transaction.atomic
def set_pricing(
    slug: str,
    wanted: Mapping[str, object],
    *,
    lets: int | None = None,
    because: str = "",
    at: datetime,
    by: str,
) -> None:
    """Change what is given of: mode (observe | live), price_list (a name, or None), the rule (factor_bp,
    amount_minor, step_minor, ending_minor), the guards (fee_bp, fee_minor, tax_bp, margin_bp, change_percent,
    period_days, stops_without_cost) and time_zone.

    Where many prices of a shop that is told would move far by it, all of it is refused, unless `lets` says
    how many a person saw, with a reason. Raises NotFound, NoListings, NoKey, Invalid, ManyMoveFar."""
    connection = connection_of(slug)
    listings_of(connection.kind, slug)
    know_goods(at=at)
    sql.run(KNOW, (connection.id,))
    found = sql.run(LOCK, (connection.id,))
    if not found:
        raise NoKey(slug=slug, needs=", ".join(needs_of(connection.kind)))
    before = dict(zip(FIELDS, found[0], strict=True))
    after = {**before, **wanted}
    if wrong := _problems(after):
        raise Invalid(what="The prices of the shop", errors=wrong)
    changed = {name: (before[name], after[name]) for name in FIELDS if before[name] != after[name]}
    if not changed:
        return
    name = after["price_list"]
    list_id = list_called(str(name))[0] if name is not None else None
    sql.run(SAVE, {**after, "list": list_id, "shop": connection.id, "at": at})
    if after["mode"] == "live":
        _look(slug, connection.id, lets=lets, because=because, at=at, by=by)
    mark_prices_of(connection.id)
    told = PricingChanged(subject=f"connection:{slug}", at=at, actor=by, connection=slug, changed=changed)
    emit([told])


def _look(slug: str, shop_id: int, *, lets: int | None, because: str, at: datetime, by: str) -> None:
    found = figures([id_ for (id_,) in sql.run(LISTINGS, (shop_id,))], at)
    far = [
        one
        for one in found
        if one.minor is not None
        and one.facts.regular_minor is not None
        and one.facts.let_minor != one.minor
        and one.priced is not None
        and not one.priced.is_sale
        and moved_far(one.facts.regular_minor, one.minor, one.facts.guard.change_percent or 30)
    ]
    if len(far) < FAR_ROWS:
        return
    if lets != len(far) or not because.strip():
        sentence = told_far(len(far), len(found), far[0].facts.guard.change_percent or 30)
        raise ManyMoveFar(sentence=sentence, far=f"{len(far):,}")
    let_far(far, because=because, at=at, by=by)


def _problems(told: Mapping[str, object]) -> dict[str, str]:
    found = {name: "is not known" for name in told if name not in FIELDS}
    for name, (least, most) in RANGES.items():
        value = told[name]
        if value is None and name == "change_percent":
            continue
        if not (type(value) is int and least <= value <= most):
            found[name] = f"must be a whole number from {least:,} to {most:,}"
    if not found and not int(str(told["ending_minor"])) < int(str(told["step_minor"])):
        found["ending_minor"] = "must be less than the step"
    if told["mode"] not in ("observe", "live"):
        found["mode"] = "observe or live"
    elif told["mode"] == "live" and told["price_list"] is None:
        found["price_list"] = "say which list the shop follows before it is told"
    if not isinstance(told["stops_without_cost"], bool):
        found["stops_without_cost"] = "must be true or false"
    try:
        ZoneInfo(str(told["time_zone"]))
    except (ValueError, OSError, KeyError):
        found["time_zone"] = "a name such as Europe/Berlin"
    return found
