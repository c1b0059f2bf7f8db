"""Carriers are asked about the addresses of orders that wait; the undeliverable hold theirs."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from msgspec.structs import replace

from quartermaster.core import sql
from quartermaster.core.actions.outbox import carry_out
from quartermaster.core.errors import Invalid
from quartermaster.inbox.actions import connect
from quartermaster.orders.actions import edit, release_hold
from quartermaster.orders.queries import document
from quartermaster.shipping.actions import ask_addresses, set_address_policy, take_suggestion
from quartermaster.shipping.actions.check_address import NoSuggestion
from quartermaster.shipping.queries.address_policy import AddressPolicy
from quartermaster.shipping.queries.verdicts import verdict
from quartermaster.testing.simulators.accounts import settings_for
from quartermaster.testing.simulators.server import Simulator
from quartermaster.testing.simulators.shipengine import ShipEngine

from .conftest import NOW, Company
from .test_carriers import PARIS, work

NOWHERE, WRITTEN_OTHERWISE = replace(PARIS, postcode="99999"), replace(PARIS, postcode="99701")


@pytest.fixture
def engine() -> Iterator[Simulator]:
    with Simulator(ShipEngine()) as simulator:
        yield simulator


@pytest.fixture
def order(company: Company, engine: Simulator) -> str:
    """It waits, and carriers are asked about addresses."""
    connect("shipengine", "acme-ship", settings_for("shipengine", engine.url), at=NOW, by="user:1")
    company.site("BER")
    company.sku("LAMP", BER=5)
    company.tell(company.shop.sell(("LAMP", 1)))
    set_address_policy(AddressPolicy(is_on=True), because="too many came back", at=NOW, by="user:1")
    ((number,),) = sql.run("select 'SO-' || id from orders_order")
    return str(number)


def asked(order: str, ship_to: object = None) -> tuple[int, str, list[str]]:
    """Orders asked about, the verdict, and the holds, once it goes to that address."""
    if ship_to is not None:
        edit(order, ship_to=ship_to, because="she moved", at=NOW, by="user:1")  # type: ignore[arg-type]
    count = ask_addresses(at=NOW)
    work()
    found = verdict(order)
    return count, found.verdict if found else "", [hold.kind for hold in document(order).holds]


def test_an_address_where_nobody_can_deliver_holds_its_order_until_a_person_decides(
    company: Company, order: str
) -> None:
    assert asked(order) == (1, "good", [])
    assert asked(order) == (0, "good", [])  # each address once
    assert asked(order, NOWHERE) == (1, "bad", ["undeliverable"])
    (hold,) = document(order).holds
    assert hold.because == "acme-ship says nobody can deliver there: Address not found."
    release_hold(order, kind="undeliverable", because="she is there", at=NOW, by="user:1")
    assert asked(order) == (0, "bad", [])
    assert asked(order, PARIS) == (1, "good", [])
    assert asked(order, NOWHERE) == (1, "bad", ["undeliverable"])  # asked again: she moved meanwhile
    assert asked(order, PARIS) == (1, "good", [])  # corrected by hand
    company.examine()


def test_what_the_channel_corrects_is_let_go_before_anybody_answers(company: Company, order: str) -> None:
    assert asked(order, NOWHERE)[2] == ["undeliverable"]
    sql.run("update orders_order set ship_to = jsonb_set(ship_to, '{postcode}', '\"75002\"')")
    ask_addresses(at=NOW)
    assert document(order).holds == ()


def test_the_carrier_s_way_to_write_it_is_taken_in_one_step(company: Company, order: str) -> None:
    with pytest.raises(NoSuggestion):
        take_suggestion(order, at=NOW, by="user:1")
    assert asked(order, WRITTEN_OTHERWISE) == (1, "doubtful", [])
    suggested = verdict(order).suggested  # type: ignore[union-attr]
    assert suggested is not None
    assert suggested.postcode == "10101"
    take_suggestion(order, at=NOW, by="user:1")
    place = document(order).ship_to
    assert place is not None
    assert (place.postcode, place.name) == ("10101", PARIS.name)
    assert asked(order) == (1, "good", [])


def test_a_carrier_that_is_down_holds_nothing_and_is_asked_again(
    company: Company, engine: Simulator, order: str
) -> None:
    engine.misbehave("address", "down")
    edit(order, ship_to=NOWHERE, because="she moved", at=NOW, by="user:1")
    assert ask_addresses(at=NOW) == 1
    sql.run("update core_outbox set due_at = now()")
    carry_out()
    assert sql.run("select state, attempts from core_outbox where task = 'shipping.address'") == [
        ("queued", 1)
    ]
    assert (verdict(order), document(order).holds) == (None, ())
    assert asked(order) == (0, "bad", ["undeliverable"])


def test_nobody_is_asked_where_it_is_off_or_for_other_countries(company: Company, order: str) -> None:
    elsewhere = AddressPolicy(is_on=True, countries=("US",))
    set_address_policy(elsewhere, because="only there", at=NOW, by="user:1")
    assert ask_addresses(at=NOW) == 0
    set_address_policy(AddressPolicy(), because="too dear", at=NOW + timedelta(1), by="user:1")
    assert asked(order, NOWHERE) == (0, "", [])
    with pytest.raises(Invalid):
        set_address_policy(AddressPolicy(countries=("Germany",)), because="x", at=NOW, by="user:1")
