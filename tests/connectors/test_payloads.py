"""Every recorded body of the team's data, when that folder lies beside the project: read, or told why not.

As a program it prints the table: PYTHONPATH=src:. python -m tests.connectors.test_payloads
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from quartermaster.core.money import Money
from quartermaster.core.plugs import Plug
from quartermaster.orders.ports import Ignored, OrderSold, OrderSource, RefundNotice, Totals, Unreadable
from quartermaster.testing.conformance.deliveries import fetched, senders
from quartermaster.testing.conformance.soundness import assert_sound, gap

PAYLOADS = Path(__file__).resolve().parents[3] / "shared" / "data" / "payloads"
AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Row(NamedTuple):
    body: str
    outcome: str  # used | held | ignored | unreadable
    order: str
    total: str
    equation: str
    because: str


def rows(plug: Plug, path: Path) -> Iterator[Row]:
    """What becomes of one body: a row for each order in it, or one that says why there is none."""
    source = plug.offer(OrderSource)  # a port is looked up by its protocol
    assert source is not None
    name = f"{plug.kind}/{path.name}"
    try:
        reading = source.read_orders(topic="", headers={}, body=path.read_bytes(), received_at=AT)
    except Unreadable as refusal:
        yield Row(name, "unreadable", "", "", "", str(refusal))
        return
    assert_sound(reading)
    if isinstance(reading, Ignored):
        yield Row(name, "ignored", "", "", "", reading.because)
        return
    for one in reading:
        if isinstance(one, OrderSold):
            outcome = "held" if one.doubts or one.asks_hold else "used"
            total = str(Money(one.totals.total, one.currency))
            why = " ".join([*one.doubts, *one.asks_hold])
            yield Row(name, outcome, one.external_id, total, equation(one), why)
        else:
            refund = (
                f"refund {one.refund.external_id}: {one.refund.amount_minor}"
                if isinstance(one, RefundNotice)
                else ""
            )
            yield Row(name, "used", one.order_external_id, "", "", refund)


def equation(order: OrderSold) -> str:
    """The total and its parts in minor units: "9990 = 10000 - 500 + 490"."""
    t: Totals = order.totals
    tax = 0 if order.is_tax_included else t.tax
    parts = [f"+ {part}" for part in (t.shipping, t.fees, t.tip, t.rounding, tax) if part]
    off = [f"- {t.discount}"] if t.discount else []
    sign = "≠" if gap(t, is_tax_included=order.is_tax_included) else "="
    return f"{t.total} {sign} {' '.join([str(t.items), *off, *parts])}"


def _bodies() -> list[tuple[Plug, Path]]:
    plugs = [*senders(), *fetched()]
    return [(plug, path) for plug in plugs for path in sorted((PAYLOADS / plug.kind).glob("*.json"))]


def test_every_body_is_taken_with_a_reason_and_its_money_adds_up():
    bodies = _bodies()
    if not bodies:
        pytest.skip(f"no recorded bodies in {PAYLOADS.parent.parent.name}/data/payloads beside the project")
    for plug, path in bodies:
        for row in rows(plug, path):
            assert row.outcome == "used" or row.because, row
            if "≠" in row.equation:
                assert "but its parts come to" in row.because, row


if __name__ == "__main__":
    for plug, path in _bodies():
        for row in rows(plug, path):
            print(" | ".join(row))
