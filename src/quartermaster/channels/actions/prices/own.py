"""What a person decides about the price of a listing: one of its own, or that it may be sent all the same."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from quartermaster.channels.actions.prices.mark import mark_prices
from quartermaster.channels.queries.goods import listings_of
from quartermaster.channels.queries.prices.figures import Figure, figures
from quartermaster.channels.queries.prices.standing import IS_THERE
from quartermaster.channels.rules.prices.guards import LETS
from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound, Refused
from quartermaster.core.events import emit
from quartermaster.core.money import MINOR_MAX
from quartermaster.core.texts import short
from quartermaster.events import ListingPriceChanged, PriceLetThrough
from quartermaster.inbox.queries.connections import connection as connection_of

FIELDS = ("own_minor", "factor_bp", "amount_minor", "is_pushed")
LOCK = """
select l.name, l.id, l.sku_id, p.own_minor, p.factor_bp, p.amount_minor, p.is_pushed
from channels_listing_price p join channels_listing l on l.id = p.listing_id
where l.shop_id = %s and l.name = any(%s) order by 2 for no key update of p
"""
LET = """
update channels_listing_price p set let_minor = r.minor, let_by = %(by)s, let_because = %(because)s
from jsonb_to_recordset(%(rows)s::jsonb) as r(id bigint, minor bigint) where p.listing_id = r.id
"""
SAVE = f"""
update channels_listing_price p set own_minor = r.own_minor, factor_bp = r.factor_bp,
  amount_minor = r.amount_minor, is_pushed = r.is_pushed,
  state = case
    when p.state = 'sent' or (p.state = 'asked' and p.asks = 'unclear') then p.state
    when not r.is_pushed then 'idle'
    when p.is_pushed or p.wanted_minor is null or p.blocked_by <> '' then p.state
    when not {IS_THERE} then 'due'
    else p.state end
from jsonb_to_recordset(%(rows)s::jsonb) as r(id bigint, own_minor bigint, factor_bp int, amount_minor bigint,
  is_pushed bool) where p.listing_id = r.id
"""  # noqa: S608 - constants only


class CannotBeLet(Refused):
    code = "price-cannot-be-let"
    status = 422
    message = "{listing} cannot be let through: {because}"
    remedy = "Correct its price on the list, or take it out of this decision."


@transaction.atomic
def let_through(slug: str, listings: Sequence[str], *, because: str, at: datetime, by: str) -> int:
    """Send prices that a guard holds back: these very prices, and no others. Returns how many. Raises
    NotFound, NoListings, Invalid, CannotBeLet (nothing, another currency, not held back)."""
    if not because.strip():
        raise Invalid(what="The decision", errors={"because": "say why"})
    rows = _locked(_shop(slug), listings)
    found = figures([row[1] for row in rows], at)
    for one in found:
        if not one.stops or not {stop.kind for stop in one.stops} <= LETS:
            raise CannotBeLet(listing=one.facts.listing, because=one.because or "no guard holds it back.")
    if len(found) < len(rows):
        lost = min({row[0] for row in rows} - {one.facts.listing for one in found})
        raise CannotBeLet(listing=lost, because="it is none of our SKUs.")
    _let(found, because=because, at=at, by=by)
    return len(found)


def let_far(found: Sequence[Figure], *, because: str, at: datetime, by: str) -> int:
    """Let through what is held back for nothing but how far it moves, in the caller's transaction."""
    far = [one for one in found if one.stops and {stop.kind for stop in one.stops} == {"change"}]
    _let(far, because=because, at=at, by=by)
    return len(far)


def _let(found: Sequence[Figure], *, because: str, at: datetime, by: str) -> None:
    if not found:
        return
    rows = sql.rows({"id": one.facts.id, "minor": one.minor} for one in found)
    sql.run(LET, {"rows": rows, "by": by, "because": because[:1000]})
    mark_prices(_skus([one.facts.id for one in found]))
    emit([_told(one, because, at, by) for one in found])


def _told(one: Figure, because: str, at: datetime, by: str) -> PriceLetThrough:
    return PriceLetThrough(
        subject=f"connection:{one.facts.connection}",
        at=at,
        actor=by,
        connection=one.facts.connection,
        listing=one.facts.listing,
        sku=one.facts.sku,
        price_minor=one.minor or 0,
        currency=one.facts.currency,
        against=one.because,
        because=because,
    )


@transaction.atomic
def set_own(slug: str, wanted: Mapping[str, Mapping[str, object]], *, at: datetime, by: str) -> None:
    """Change how listings make their price: listing -> the fields that change. own_minor: a price of its own;
    factor_bp, amount_minor: in place of the shop's (None: the shop's again); is_pushed: whether the shop is
    told. All of it, or nothing. Raises NotFound, NoListings, Invalid."""
    wrong = {f"{name}.{field}": told for name, fields in wanted.items() for field, told in _problems(fields)}
    if wrong:
        raise Invalid(what="The price", errors=wrong)
    rows = _locked(_shop(slug), list(wanted))
    saved, facts = [], []
    for name, id_, _, *was in rows:
        before = dict(zip(FIELDS, was, strict=True))
        after = {**before, **wanted[name]}
        changed = {field: (before[field], after[field]) for field in FIELDS if before[field] != after[field]}
        if changed:
            saved.append({"id": id_, **after})
            subject = f"connection:{slug}"
            told = ListingPriceChanged(
                subject=subject, at=at, actor=by, connection=slug, listing=name, changed=changed
            )
            facts.append(told)
    if saved:
        sql.run(SAVE, {"rows": sql.rows(saved)})
        mark_prices(row[2] for row in rows if row[2] is not None)
        emit(facts)


def _problems(fields: Mapping[str, object]) -> list[tuple[str, str]]:
    found = [(name, "is not known") for name in fields if name not in FIELDS]
    least = {"own_minor": 1, "factor_bp": 1, "amount_minor": -MINOR_MAX}
    for name, low in least.items():
        value = fields.get(name)
        most = 1_000_000 if name == "factor_bp" else MINOR_MAX
        if value is not None and not (type(value) is int and low <= value <= most):
            found.append((name, f"must be a whole number from {low:,} to {most:,}"))
    if not isinstance(fields.get("is_pushed", True), bool):
        found.append(("is_pushed", "must be true or false"))
    return found


def _skus(listing_ids: Sequence[int]) -> list[int]:
    rows = sql.run("select distinct sku_id from channels_listing where id = any(%s)", (list(listing_ids),))
    return [sku_id for (sku_id,) in rows if sku_id is not None]


def _shop(slug: str) -> int:
    connection = connection_of(slug)
    listings_of(connection.kind, slug)
    return int(connection.id)


def _locked(
    shop_id: int, listings: Sequence[str]
) -> list[tuple[str, int, int | None, object, object, object, object]]:
    rows = sql.run(LOCK, (shop_id, list(listings)))
    if lost := set(listings) - {row[0] for row in rows}:
        raise NotFound(what="listing", which=short(min(lost), 60))
    return rows
