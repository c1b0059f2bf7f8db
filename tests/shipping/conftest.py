"""A site, a lamp, a way to let the outbox work, and a carrier that misbehaves."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from quartermaster.core import doctor, sql
from quartermaster.core.actions.outbox import carry_out
from quartermaster.testing.builders import a_location, a_sku, an_order, flow
from quartermaster.testing.parcels import a_packed_parcel

AT = datetime(2026, 11, 2, 13, 0, tzinfo=UTC)
DUE = (
    "update core_outbox set due_at = now() - interval '1 second', lease_until = null where settled_at is null"
)


def work() -> None:
    """The river and the outbox, until nothing is due; what was put off is due now."""
    for _ in range(20):
        flow()
        sql.run(DUE)
        if not carry_out():
            return
    raise AssertionError("the outbox does not come to rest")


def labels() -> list[tuple[str, str]]:
    """(state, carrier and service) of every label, oldest first."""
    return [
        (state, f"{carrier} {service}".strip())
        for state, carrier, service in sql.run(
            "select state, carrier, service from shipping_label order by id"
        )
    ]


def parcel_state(parcel_id: int) -> str:
    return str(sql.run("select state from warehouse_parcel where id = %s", (parcel_id,))[0][0])


def names(number: str) -> list[str]:
    """The facts about an order, oldest first, from packing on."""
    rows = sql.run("select name from core_event where subject = %s order by id", (f"order:{number}",))
    found = [row[0] for row in rows]
    return found[found.index("ParcelPacked") :]


def examine() -> None:
    assert [finding for finding in doctor.examine() if finding.rows] == []


@pytest.fixture
def lamp(db: None) -> str:
    """LAMP, a hundred of them at BER."""
    a_location("BER")
    a_sku("LAMP", BER=100)
    return "LAMP"


@pytest.fixture
def packed(lamp: str) -> Callable[..., tuple[str, int]]:
    """Sells two lamps and packs them: (number of the order, id of the parcel)."""

    def pack(quantity: int = 2, **different: int) -> tuple[str, int]:
        number = an_order((lamp, quantity))
        return number, a_packed_parcel(number, **different)

    return pack
