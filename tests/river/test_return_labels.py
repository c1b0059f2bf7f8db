"""Labels for the way back: bought once whatever happens, given back by the account that bought them."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from quartermaster.core import sql
from quartermaster.inbox.actions import connect, pause
from quartermaster.orders.actions import edit
from quartermaster.shipping.actions import buy_return, check_address, void_return, write_tables
from quartermaster.shipping.actions.check_address import NobodyChecks
from quartermaster.shipping.actions.returning import NoReturnLabel, NotToReturn
from quartermaster.shipping.queries.returning import return_label, return_paper
from quartermaster.shipping.queries.verdicts import verdict
from quartermaster.shipping.rules import FIRST
from quartermaster.shipping.rules.tables import ReturnInBox
from quartermaster.testing.parcels import a_packed_parcel
from quartermaster.testing.simulators.accounts import settings_for
from quartermaster.testing.simulators.server import Simulator
from quartermaster.testing.simulators.shipengine import ShipEngine

from .conftest import NOW, Company
from .test_carriers import PARIS, work


@pytest.fixture
def engine() -> Iterator[Simulator]:
    with Simulator(ShipEngine()) as simulator:
        yield simulator


@pytest.fixture
def parcel(company: Company, engine: Simulator) -> str:
    connect("shipengine", "acme-ship", settings_for("shipengine", engine.url), at=NOW, by="user:1")
    company.site("BER")
    company.sku("LAMP", BER=5)
    company.tell(company.shop.sell(("LAMP", 1)))
    ((number,),) = sql.run("select 'SO-' || id from orders_order")
    return f"P-{a_packed_parcel(number, weight_g=500)}"


def ask(parcel: str, *, is_paid_on_scan: bool = False) -> str:
    buy_return(parcel, is_paid_on_scan=is_paid_on_scan, because="broken", at=NOW, by="user:1")
    work()
    found = return_label(parcel)
    assert found is not None
    return found.state


@pytest.mark.parametrize("lost", ["late", "500 late", "lying late", "500"])
def test_a_return_label_is_paid_once_and_given_back_by_who_bought_it(
    company: Company, engine: Simulator, parcel: str, lost: str
) -> None:
    work()
    engine.misbehave("buy", lost)

    assert ask(parcel, is_paid_on_scan=True) == "bought"
    assert ask(parcel) == "bought"  # pressed again

    back = [each for each in engine.requests if isinstance(each.body, dict) and "charge_event" in each.body]
    assert {each.body["charge_event"] for each in back} == {"on_carrier_acceptance"}  # type: ignore[index]
    assert engine.vendor.paid == 2  # one to go, one to come back
    assert return_paper(parcel)[0].startswith(b"%PDF")
    pause("acme-ship", at=NOW, by="user:1")
    engine.misbehave("void", "late")
    void_return(parcel, because="he keeps it", at=NOW, by="user:1")
    work()
    assert return_label(parcel).state == "voided"  # type: ignore[union-attr]
    assert engine.vendor.paid == 1
    with pytest.raises(NoReturnLabel):
        void_return(parcel, because="again", at=NOW, by="user:1")
    company.examine()


def test_a_parcel_that_has_not_left_gets_none(company: Company, parcel: str) -> None:
    with pytest.raises(NotToReturn):
        buy_return(parcel, is_paid_on_scan=False, because="broken", at=NOW, by="user:1")


def test_where_nobody_sells_returns_it_is_refused_with_the_reason(
    company: Company, engine: Simulator, parcel: str
) -> None:
    work()
    pause("acme-ship", at=NOW, by="user:1")

    assert ask(parcel, is_paid_on_scan=True) == "refused"
    assert "sells no returns that are paid when scanned" in return_label(parcel).because  # type: ignore[union-attr]


def test_a_switch_puts_a_label_of_our_own_tables_into_every_box_of_a_site_and_country(company: Company):
    company.site("BER")
    company.sku("LAMP", BER=5)
    on = (ReturnInBox(sites=("MUC",)), ReturnInBox(sites=("BER",), countries=("DE",)))
    write_tables(replace(FIRST, returns=on), because="easy returns", at=NOW, by="user:1")
    company.tell(company.shop.sell(("LAMP", 1)))
    ((number,),) = sql.run("select 'SO-' || id from orders_order")
    parcel = f"P-{a_packed_parcel(number, weight_g=500)}"
    work()

    found = return_label(parcel)
    assert found is not None
    assert (found.state, found.account, found.because) == ("bought", "rate_table", "")
    assert return_paper(parcel)[0].startswith(b"%PDF")
    assert ask(parcel) == "bought"  # asked for by hand as well: it keeps the one it has
    assert sql.run("select count(*) from shipping_return_label") == [(1,)]
    void_return(parcel, because="not wanted", at=NOW, by="user:1")
    work()
    assert return_label(parcel).state == "voided"  # type: ignore[union-attr]
    company.examine()


def test_an_address_gets_a_verdict_that_blocks_nothing(
    company: Company, engine: Simulator, parcel: str
) -> None:
    ((order,),) = sql.run("select 'SO-' || id from orders_order")
    work()

    found = check_address(order, at=NOW, by="user:1")

    assert (found.account, found.checked.verdict) == ("acme-ship", "good")
    told = verdict(order)
    assert told is not None
    assert (told.verdict, told.holds) == ("good", True)
    edit(order, ship_to=PARIS, because="she moved", at=NOW, by="user:1")
    assert verdict(order).holds is False  # type: ignore[union-attr]
    engine.misbehave("address", "down")
    with pytest.raises(NobodyChecks, match="gave no verdict"):
        check_address(order, at=NOW, by="user:1")
