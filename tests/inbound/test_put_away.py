import threading

import pytest
from django.db import connections

from quartermaster.core import sql
from quartermaster.core.actions.versions import VersionMoved
from quartermaster.core.errors import Invalid, Refused
from quartermaster.inbound.actions import put_away, write_rules
from quartermaster.inbound.actions.put_away import NotOnDock
from quartermaster.inbound.queries.candidates import on_dock
from quartermaster.inbound.queries.suggestions import suggestion
from quartermaster.inbound.rules.put_away import BinRefused, Chain, ReasonWanted, Rule
from quartermaster.stock.actions import KeyReused
from quartermaster.stock.actions.lay_bins import lay_bins
from quartermaster.stock.rules.bins import BinWanted
from quartermaster.testing.builders import a_location, a_sku, an_order, flow

from .conftest import AT, Dock, broken


def lay(*wanted):
    assert all(one.refused is None for one in lay_bins("BER", wanted, at=AT, by="test"))


def test_units_in_a_bin_can_be_sold(dock):
    dock.scan(dock.blind(), 4)
    done = dock.store(3, "A-1")
    assert done.place == "BER/A-1"
    assert dock.held() == {("BER/DOCK", "received"): 1, ("BER/A-1", "available"): 3}
    assert dock.level()[:2] == (4, 3)
    assert [(one.sku, one.units) for one in on_dock("BER")] == [("LAMP", 1)]


def test_the_same_put_away_again_does_nothing(dock):
    dock.scan(dock.blind(), 4)
    for _ in range(2):
        dock.store(3, "BER/A-1", key="k")
    with pytest.raises(KeyReused):
        dock.store(1, "A-1", key="k")
    assert dock.level()[:2] == (4, 3)


def test_more_than_lies_on_the_dock_is_refused(dock):
    dock.scan(dock.blind(), 1)
    with pytest.raises(NotOnDock):
        dock.store(2, "A-1")


def test_another_bin_than_suggested_wants_a_reason_that_is_kept(dock):
    lay(BinWanted(code="A-1", pick_sequence=1), BinWanted(code="A-2", pick_sequence=2))
    dock.scan(dock.blind(), 2)
    assert suggestion("BER", "LAMP", 2).place == "BER/A-1"
    with pytest.raises(ReasonWanted):
        dock.store(2, "A-2")
    dock.store(2, "A-2", because="A-1 is blocked")
    query = "select suggested, override_because, rule_version from inbound_put_away"
    assert sql.run(query) == [("BER/A-1", "A-1 is blocked", 0)]


def test_a_bin_takes_no_more_than_it_can_hold_and_no_second_lot(dock):
    lay(BinWanted(code="A-1", units_max=3), BinWanted(code="Q", kind="quarantine"))
    arrival = dock.blind()
    dock.scan(arrival, 5, lot="L1")
    dock.scan(arrival, 1, lot="L2")
    with pytest.raises(BinRefused):
        dock.store(4, "A-1", lot="L1")
    dock.store(2, "A-1", lot="L1")
    with pytest.raises(BinRefused):
        dock.store(1, "A-1", lot="L2", because="I want to")
    with pytest.raises(BinRefused):
        dock.store(1, "DOCK", lot="L2", because="I want to")
    dock.store(1, "Q", lot="L2", because="doubtful")
    assert dock.held()["BER/Q", "qc"] == 1


def test_another_skus_bin_and_another_site_are_refused(dock):
    a_sku("BULB")
    lay(BinWanted(code="A-1", sku="BULB"))
    dock.scan(dock.blind(), 1)
    with pytest.raises(BinRefused):
        dock.store(1, "A-1", because="I want to")
    with pytest.raises(Refused):
        dock.store(1, "MUC/A-1/B/C", because="I want to")


def test_who_waits_is_served_from_staging(dock):
    lay(BinWanted(code="S-1", kind="staging"), BinWanted(code="A-1"))
    number = an_order(("LAMP", 2))
    dock.scan(dock.blind(), 5)
    flow()
    assert sql.run("select allocated from orders_line") == [(0,)]  # the dock promises nothing
    told = suggestion("BER", "LAMP", 5)
    assert (told.place, told.units, told.because) == ("BER/S-1", 2, "orders wait for 2 of it")
    dock.store(2, "S-1")
    flow()
    assert sql.run("select allocated from orders_line") == [(2,)]
    assert suggestion("BER", "LAMP", 3).place == "BER/A-1"
    assert number


def test_the_chain_is_versioned_and_remembers_why(dock):
    chain = Chain(rules=(Rule(rule="nearest", zone="B"),))
    lay(BinWanted(code="A-1"), BinWanted(code="B-1"))
    assert write_rules(chain, basis=0, because="A is being rebuilt", at=AT, by="test") == 1
    dock.scan(dock.blind(), 1)
    assert suggestion("BER", "LAMP", 1).place == "BER/B-1"
    with pytest.raises(VersionMoved):
        write_rules(chain, basis=0, because="again", at=AT, by="test")
    wrong = Chain(rules=(Rule(rule="velocity"), Rule(rule="nearest", kinds=("cupboard",))))
    with pytest.raises(Invalid):
        write_rules(wrong, basis=1, because="", at=AT, by="test")
    dock.store(1, "B-1")
    assert sql.run("select rule_version from inbound_put_away") == [(1,)]


@pytest.mark.django_db(transaction=True)
def test_two_who_fill_one_bin_at_once_do_not_overfill_it():
    dock = Dock()
    a_location("MUC")
    a_sku("BULB")
    lay(BinWanted(code="A-1", units_max=5))
    arrival = dock.blind()
    dock.scan(arrival, 3)
    dock.scan(arrival, 3, code="BULB")
    refused = []

    def store(sku):
        try:
            put_away("BER", sku, 3, "A-1", key=sku, at=AT, by="test")
        except Refused as refusal:
            refused.append(refusal.code)
        finally:
            connections.close_all()

    crew = [threading.Thread(target=store, args=(sku,)) for sku in ("LAMP", "BULB")]
    for one in crew:
        one.start()
    for one in crew:
        one.join()
    assert refused == ["bin-refused"]
    assert broken() == []
