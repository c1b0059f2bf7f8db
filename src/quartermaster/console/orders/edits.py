"""Changing the lines, prices and shipping of an order: a form, what it comes to, and only then the change."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.timezone import now

from quartermaster.allocation.actions import Seen
from quartermaster.allocation.actions import edit as see_edit
from quartermaster.console.gate import actor
from quartermaster.console.notices import tell
from quartermaster.console.orders import words
from quartermaster.core.errors import Invalid
from quartermaster.core.money import BadAmount, Money, to_minor
from quartermaster.core.texts import short
from quartermaster.orders.actions import NewLine, Shipping
from quartermaster.orders.queries import LineShown, OrderShown, document

_NEW_LINES = range(2)
_TEXT_MAX = 255
_BECAUSE_MAX = 500


def form(request: HttpRequest, number: str) -> HttpResponse:
    """GET /orders/SO-1/edit"""
    return _page(request, document(number), QueryDict())


def submit(request: HttpRequest, number: str) -> HttpResponse:
    """POST /orders/SO-1/edit: what it would come to, or with `sure` the change itself."""
    order, given = document(number), request.POST
    at: datetime = now()
    changes = _changes(order, given)
    is_sure = bool(given.get("sure"))
    seen = see_edit(number, rehearses=not is_sure, at=at, by=actor(request), **changes)
    if not is_sure:
        return _page(request, order, given, seen)
    tell(request, f"{order.number} was changed.")
    return redirect("order", number=order.number)


def _page(
    request: HttpRequest, order: OrderShown, given: QueryDict, seen: Seen | None = None
) -> HttpResponse:
    return render(
        request,
        "orders/edit.html",
        {
            "section": "orders",
            "order": order,
            "lines": [_row(line, order.currency, given) for line in order.lines],
            "new_lines": [
                {name: given.get(f"new-{name}-{n}", "") for name in ("sku", "units", "price")} | {"n": n}
                for n in _NEW_LINES
            ],
            "given": given,
            "shipping_method": given.get("shipping-method", ""),
            "shipping_price": given.get("shipping-price", ""),
            "version": given.get("version") or order.version,
            "seen": seen,
            "deltas": _deltas(seen) if seen else [],
            "steps": [words.STEPS.get(step, step) for step in seen.edited.verdict.steps] if seen else [],
        },
    )


def _deltas(seen: Seen) -> list[tuple[str, int]]:
    step = seen.edited.step
    told = [
        ("Items", step.items_minor),
        ("Discount", -step.discount_minor),
        ("Shipping", step.shipping_minor),
        ("Tax", step.tax_minor),
        ("Fees", step.fees_minor),
    ]
    return [*((name, minor) for name, minor in told if minor), ("Total", step.total_minor)]


def _row(line: LineShown, currency: str, given: QueryDict) -> dict[str, Any]:
    return {
        "line": line,
        "units": given.get(f"units-{line.id}", str(_wanted(line))),
        "price": given.get(f"price-{line.id}", _plain(line.unit_price.minor, currency)),
        "discount": given.get(f"discount-{line.id}", ""),
        "swap": given.get(f"swap-{line.id}", ""),
    }


def _wanted(line: LineShown) -> int:
    return line.ordered - line.cancelled


def _plain(minor: int, currency: str) -> str:
    """As an amount is typed: 1234.50."""
    try:
        return f"{Money(minor, currency).decimal}"
    except BadAmount:
        return str(minor)


def _changes(order: OrderShown, given: QueryDict) -> dict[str, Any]:
    """What the form asks for that is not so already. Raises Invalid with every field that cannot be read."""
    asked = _Asked(order, given)
    lines: dict[int, int] = {}
    prices: dict[int, int] = {}
    discounts: dict[int, int] = {}
    add = []
    for line in order.lines:
        swap = asked.text(f"swap-{line.id}")
        if swap:
            add.append(NewLine(swap, 0, None, int(line.id)))
            continue
        units = asked.count(f"units-{line.id}")
        if units is not None and units != _wanted(line):
            lines[int(line.id)] = units
        price = asked.amount(f"price-{line.id}")
        if price is not None and price != line.unit_price.minor:
            prices[int(line.id)] = price
        discount = asked.amount(f"discount-{line.id}")
        if discount is not None:
            discounts[int(line.id)] = discount
    for n in _NEW_LINES:
        if sku := asked.text(f"new-sku-{n}"):
            add.append(NewLine(sku, asked.count(f"new-units-{n}") or 1, asked.amount(f"new-price-{n}")))
    method, shipping = asked.text("shipping-method"), asked.amount("shipping-price")
    changes: dict[str, Any] = {
        "lines": lines,
        "prices": prices,
        "discounts": discounts,
        "add": add,
        "shipping": Shipping(method or None, shipping) if method or shipping is not None else None,
        "waives_due": bool(given.get("waive")),
    }
    if asked.errors or not any(changes.values()):
        raise Invalid(what="The change", errors=asked.errors or {"form": "names nothing to change"})
    because = short(given.get("because", "").strip(), _BECAUSE_MAX)
    return {**changes, "because": because, "version": asked.count("version")}


class _Asked:
    """The fields of the form, read; what cannot be read is collected in `errors`."""

    def __init__(self, order: OrderShown, given: QueryDict) -> None:
        self.order, self.given = order, given
        self.errors: dict[str, str] = {}

    def text(self, name: str) -> str:
        return short(self.given.get(name, "").strip(), _TEXT_MAX)

    def count(self, name: str) -> int | None:
        text = self.text(name)
        if text and not (text.isascii() and text.isdecimal() and len(text) < 10):
            self.errors[name] = "must be a whole number"
            return None
        return int(text) if text else None

    def amount(self, name: str) -> int | None:
        """Minor units of an amount typed as 12.50 or 12,50."""
        text = self.text(name).replace(",", ".")
        if not text:
            return None
        try:
            minor = to_minor(text, self.order.currency)
            if minor < 0 or Money(minor, self.order.currency).decimal != Decimal(text):
                raise BadAmount("too fine")
        except BadAmount:
            self.errors[name] = "must be an amount, as 12.50"
            return None
        return minor
