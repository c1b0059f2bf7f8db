"""The lines of an order as our own people change them: fewer or more units, another price, a discount, a new
line, one line for another."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from quartermaster.catalog.queries import resolve
from quartermaster.core import sql
from quartermaster.core.errors import Invalid
from quartermaster.core.money import MINOR_MAX
from quartermaster.core.quantities import QUANTITY_MAX
from quartermaster.orders.actions import differing
from quartermaster.orders.actions.hold import TooLate
from quartermaster.orders.actions.state import OURS, LineState, OrderState
from quartermaster.orders.rules.difference import LineTold, Ours, rate_of
from quartermaster.orders.rules.units import Units, put_on, take_off

NEW = """
insert into orders_line (order_id, position, external_id, code, sku_id, title, unit_price_minor, gross_minor,
  discount_minor, tax_minor, is_shippable, ordered, open, sold, wanted, added)
select n.order_id, n.position, n.external_id, s.code, s.id, s.title, n.price_minor,
  n.price_minor * n.quantity, 0, 0, true, n.quantity, n.quantity, n.quantity, n.quantity, n.quantity
from jsonb_to_recordset(%s::jsonb) as n(order_id bigint, position smallint, external_id text, sku_id bigint,
  price_minor bigint, quantity bigint)
join catalog_sku s on s.id = n.sku_id order by n.position
returning id, position
"""
LINES_MAX = 1000

type Pairs = dict[str, tuple[object, object]]  # what changed -> before and after


class NewLine(NamedTuple):
    """A line to put on an order: `quantity` units of a SKU for `unit_price_minor` each (None: the price the
    order has for this SKU). `instead_of`: id of a line all of whose units come off for it; with `quantity` 0
    as many as come off."""

    sku: str
    quantity: int = 0
    unit_price_minor: int | None = None
    instead_of: int | None = None


class Prices(NamedTuple):
    """Per line id: a new unit price, a discount on the line beside the channel's; in minor units."""

    unit: Mapping[int, int]
    discount: Mapping[int, int]


def set_units(order: OrderState, lines: Mapping[int, int]) -> Pairs:
    """So many units are wanted of each line. Raises Invalid, TooLate."""
    by_id = _known(order, lines)
    errors: dict[str, str] = {}
    changed: Pairs = {}
    for line_id, wanted in lines.items():
        line, units = by_id[line_id], by_id[line_id].units
        if not 0 <= wanted <= QUANTITY_MAX:
            errors[f"line {line_id}"] = f"from 0 to {QUANTITY_MAX}"
        elif wanted < units.shipped:
            sentence = f"{units.shipped} × {line.code} have been handed over."
            raise TooLate(number=order.number, sentence=sentence)
        elif wanted != units.wanted:
            if wanted > units.wanted and (order.is_cancelled or units.wanted == units.shipped > 0):
                gone = "It is cancelled." if order.is_cancelled else f"{line.code} has all been handed over."
                raise TooLate(number=order.number, sentence=gone)
            changed[f"{line.code or line_id} wanted"] = (units.wanted, wanted)
            _set(order, line, wanted)
    if errors:
        raise Invalid(what="The change", errors=errors)
    return changed


def _set(order: OrderState, line: LineState, wanted: int) -> None:
    line.ours = line.ours or Ours()
    if wanted < line.units.wanted:
        line.units = take_off(line.units, line.units.wanted - wanted)
        return
    line.units = put_on(line.units, wanted - line.units.wanted)
    _remember(order, line)


def _remember(order: OrderState, line: LineState) -> None:
    """How many units of this SKU the channel has now: what it has more of later, it has taken over."""
    told = sum(x.units.sold - x.units.added for x in order.lines if same_sku(x, line))
    for one in order.lines:
        if same_sku(one, line) and (one is line or one.units.added):
            one.ours = replace(one.ours or Ours(), added=one.units.added, told=told)


def same_sku(one: LineState, other: LineState) -> bool:
    return (one.sku_id or one.code) == (other.sku_id or other.code)


def set_prices(order: OrderState, prices: Prices) -> Pairs:
    """Another price or a discount, until the line's point of no return. Raises Invalid, TooLate."""
    by_id = _known(order, {**prices.unit, **prices.discount})
    if not by_id:
        return {}
    told = dict(zip((x.id for x in order.lines), differing.sheets([order])[order.id].lines, strict=True))
    changed: Pairs = {}
    for line_id in dict.fromkeys((*prices.unit, *prices.discount)):
        line, was = by_id[line_id], told[line_id]
        if line.units.shipped:
            raise TooLate(number=order.number, sentence=f"{line.code} has been handed over.")
        ours = line.ours or Ours()
        if (price := prices.unit.get(line_id)) is not None:
            _sane(price, at_most=MINOR_MAX // max(1, line.units.wanted))
            if _worth(replace(was, ours=replace(ours, price_minor=price))) < 0:
                raise Invalid(
                    what="The change", errors={"lines": f"{line.code}: its discount is more than that"}
                )
            changed[f"{line.code} unit_price_minor"] = (was.price, price)
            ours = replace(ours, price_minor=price, price_told_minor=was.unit_price_minor)
        if (discount := prices.discount.get(line_id)) is not None:
            worth = replace(was, ours=replace(ours, discount_minor=0))
            _sane(discount, at_most=max(0, _worth(worth)))
            changed[f"{line.code} discount_minor"] = (ours.discount_minor, discount)
            ours = replace(ours, discount_minor=discount, discount_told_minor=was.discount_minor)
        line.ours = ours
    return changed


def _worth(line: LineTold) -> int:
    """What the wanted units of a line cost, less their part of the channel's discount: no more can be let
    off."""
    taken = line.discount_minor * min(line.units.wanted, line.sold) // max(1, line.sold)
    return line.price * line.units.wanted - taken


def _sane(minor: int, at_most: int = MINOR_MAX) -> None:
    if not 0 <= minor <= at_most:
        raise Invalid(what="The change", errors={"lines": f"amounts are from 0 to {at_most} here"})


def put_lines(order: OrderState, wanted: Sequence[NewLine]) -> Pairs:
    """Put new lines on the order, and take off what they stand for. Raises Invalid, TooLate."""
    if not wanted:
        return {}
    if order.is_cancelled or all(x.units.wanted <= x.units.shipped for x in order.lines):
        sentence = "It is cancelled." if order.is_cancelled else "All of it has been handed over."
        raise TooLate(number=order.number, sentence=sentence)
    if len(order.lines) + len(wanted) > LINES_MAX:
        raise Invalid(what="The change", errors={"add": f"an order has at most {LINES_MAX} lines"})
    skus = resolve((order.connection_id, one.sku) for one in wanted)
    told = dict(zip((x.id for x in order.lines), differing.sheets([order])[order.id].lines, strict=True))
    changed: Pairs = {}
    rows = []
    lines = []
    for n, one in enumerate(wanted):
        sku_id = skus.get((order.connection_id, one.sku))
        if sku_id is None:
            raise Invalid(what="The change", errors={f"add.{n}.sku": f"there is no SKU {one.sku}"})
        quantity = one.quantity
        if one.instead_of is not None:
            old = _known(order, [one.instead_of])[one.instead_of]
            off = old.units.wanted - old.units.shipped
            quantity = quantity or off
            changed |= set_units(order, {old.id: old.units.shipped})
        if not 1 <= quantity <= QUANTITY_MAX:
            raise Invalid(what="The change", errors={f"add.{n}.quantity": "at least one unit"})
        price = one.unit_price_minor if one.unit_price_minor is not None else _price(order, told, sku_id)
        if price is None:
            because = f"is needed: the order has no price for {one.sku} yet"
            raise Invalid(what="The change", errors={f"add.{n}.unit_price": because})
        _sane(price, at_most=MINOR_MAX // quantity)
        external_id = f"{OURS}{len(order.lines) + 1}"
        ours = _rated(told, _models(order, told, sku_id, one.instead_of), quantity)
        line = LineState(0, external_id, one.sku, sku_id, True, "", price * quantity, 0, Units(), ours)
        line.units = Units(ordered=quantity, open=quantity, sold=quantity, wanted=quantity, added=quantity)
        order.lines.append(line)
        lines.append(line)
        rows.append(
            {
                "order_id": order.id,
                "position": len(order.lines),
                "external_id": external_id,
                "sku_id": sku_id,
                "price_minor": price,
                "quantity": quantity,
            }
        )
        changed[f"{one.sku} wanted"] = (0, quantity)
    for line, (line_id, _) in zip(lines, sorted(sql.run(NEW, (sql.rows(rows),)), key=_place), strict=True):
        line.id = line_id
        _remember(order, line)
    return changed


def _place(row: tuple[int, int]) -> int:
    return row[1]


def _price(order: OrderState, told: Mapping[int, LineTold], sku_id: int) -> int | None:
    return next((told[x.id].price for x in order.lines if x.sku_id == sku_id and x.id in told), None)


def _models(
    order: OrderState, told: Mapping[int, LineTold], sku_id: int, instead_of: int | None
) -> list[LineTold]:
    """The lines whose tax rate a new one takes over: of the same SKU, else the one it replaces, else all."""
    same = [told[x.id] for x in order.lines if x.id in told and x.sku_id == sku_id and not x.is_ours]
    replaced = [told[instead_of]] if instead_of is not None and instead_of in told else []
    for lines in (same, replaced):
        if rate_of(lines)[1] > 0:
            return lines
    return list(told.values())


def _rated(told: Mapping[int, LineTold], models: Iterable[LineTold], quantity: int) -> Ours:
    tax, net = rate_of(models)
    return Ours(added=quantity, rate_tax_minor=tax if net > 0 else 0, rate_net_minor=max(0, net))


def _known(order: OrderState, line_ids: Iterable[int]) -> dict[int, LineState]:
    by_id = {line.id: line for line in order.lines}
    errors = {f"line {line_id}": "not a line of this order" for line_id in line_ids if line_id not in by_id}
    if errors:
        raise Invalid(what="The change", errors=errors)
    return by_id
