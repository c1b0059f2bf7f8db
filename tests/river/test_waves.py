"""Waves: released work chosen at once, put on lists as people pick it, released, given back."""

from collections.abc import Collection
from datetime import timedelta
from importlib import import_module
from typing import Any

import msgspec
import pytest

from quartermaster.core import sql
from quartermaster.core.actions.versions import VersionMoved
from quartermaster.core.errors import Invalid, NotFound
from quartermaster.core.river import signal
from quartermaster.stock.actions import Move, post
from quartermaster.stock.actions.lay_bins import lay_bins, plan_floor
from quartermaster.stock.rules.bins import BinWanted
from quartermaster.warehouse.actions import (
    cancel_wave,
    close_wave,
    confirm_lists,
    confirm_pick,
    plan_wave,
    propose_wave,
    release_wave,
    scan_tote,
    start,
    write_policy,
)
from quartermaster.warehouse.actions.propose_wave import Proposal
from quartermaster.warehouse.actions.wave_reasons import previewed
from quartermaster.warehouse.actions.waves import ToteTaken, WaveNotReleased, WaveOver
from quartermaster.warehouse.queries.lists import pick_list
from quartermaster.warehouse.queries.totes import cart, tote_contents
from quartermaster.warehouse.queries.wave_plans import Previewed
from quartermaster.warehouse.queries.waves import wave
from quartermaster.warehouse.rules.bins import Rotation
from quartermaster.warehouse.rules.grouping import Limits, Mode
from quartermaster.warehouse.rules.policy import PickPolicy
from quartermaster.warehouse.rules.routing import Strategy
from quartermaster.warehouse.rules.wanted import WaveWanted

from .conftest import NOW
from .floor import Floor, floor

__all__ = ["floor"]


def made(release: bool = True, **wanted: object) -> int:
    found = plan_wave(WaveWanted(location="BER", **wanted), release=release, at=NOW, by="user:1")  # type: ignore[arg-type]
    assert found is not None
    return found


def lists_of(wave_id: int) -> list[int]:
    return [int(one) for one in wave(wave_id).lists]


def test_a_batch_wave_walks_less_than_one_order_at_a_time_and_says_so(floor: Floor) -> None:
    floor.stow("MUG", A_1=9)
    floor.stow("POT", B_1=9)
    bins = [("A-1", 0), ("B-1", 30000)]
    laid = [BinWanted(code=code, aisle=code[0], aisle_x_mm=x, position_mm=5000) for code, x in bins]
    lay_bins("BER", laid, at=NOW, by="user:1")
    plan_floor("BER", cross_aisles_mm=[0, 10000], at=NOW, by="user:1")
    orders = [floor.sell((sku, 1)) for sku in ("MUG", "POT", "MUG", "POT")]

    one = wave(made(mode=Mode.BATCH, limits=Limits(orders=2)))

    batches = [{pick.order for pick in pick_list(int(id)).path} for id in one.lists]
    assert set(map(frozenset, batches)) == {
        frozenset({f"SO-{orders[n]}", f"SO-{orders[n + 2]}"}) for n in (0, 1)
    }
    assert (one.because.length_mm, one.because.one_by_one_mm) == (80_000, 160_000)
    assert one.because.lists[-1] == "80 m to walk, 160 m one order at a time"
    assert (one.state, one.orders, one.picks, one.left) == ("released", 4, 4, 4)


def test_two_waves_never_take_the_same_work_and_a_list_takes_none_of_theirs(floor: Floor) -> None:
    floor.stow("MUG", A_1=9)
    orders = [floor.sell(("MUG", 1)) for _ in range(3)]

    first, second = made(orders_max=2), made()

    taken = [
        {pick.order for id in wave(one).lists for pick in pick_list(int(id)).path} for one in (first, second)
    ]
    assert taken == [{f"SO-{orders[0]}", f"SO-{orders[1]}"}, {f"SO-{orders[2]}"}]
    assert plan_wave(WaveWanted(location="BER"), at=NOW, by="user:1") is None


def test_a_planned_wave_is_picked_once_it_is_released(floor: Floor) -> None:
    floor.stow("MUG", A_1=9)
    floor.sell(("MUG", 1))
    planned = made(release=False)
    (list_id,) = lists_of(planned)
    ((pick, *_),) = floor.picks(list_id)

    for too_early in (
        lambda: start(list_id, at=NOW, by="user:1"),
        lambda: confirm_pick(pick, 1, at=NOW, by="user:1"),
        lambda: confirm_lists([list_id], at=NOW, by="user:1"),
    ):
        with pytest.raises(WaveNotReleased):
            too_early()
    for _ in range(2):
        release_wave(planned, at=NOW, by="user:1")
    assert confirm_lists([list_id], at=NOW, by="user:1") == 1
    assert wave(planned).state == "done"


def test_a_cancelled_wave_gives_back_what_was_not_picked(floor: Floor) -> None:
    floor.stow("MUG", A_1=9)
    order, other = floor.sell(("MUG", 1)), floor.sell(("MUG", 1))
    given_up = made(mode=Mode.SINGLE)
    confirm_lists(lists_of(given_up)[:1], at=NOW, by="user:1")

    for _ in range(2):
        cancel_wave(given_up, because="the lorry left", at=NOW, by="user:1")

    assert (floor.states(order), floor.states(other)) == (["picking"], ["released"])
    assert wave(given_up).state == "cancelled"
    with pytest.raises(WaveOver):
        release_wave(given_up, at=NOW, by="user:1")
    assert wave(made()).orders == 1


def test_each_order_of_a_cluster_has_a_tote_and_a_tote_has_one_order(floor: Floor) -> None:
    floor.stow("MUG", A_1=9)
    for _ in range(3):
        floor.sell(("MUG", 1))
    first, second = lists_of(made(mode=Mode.CLUSTER, limits=Limits(orders=2)))
    assert sorted(str(pick.slot) for pick in pick_list(first).path) == ["1", "2"]

    for _ in range(2):
        scan_tote(first, 1, "T-7", at=NOW, by="user:1")
    with pytest.raises(ToteTaken):
        scan_tote(first, 2, "T-7", at=NOW, by="user:1")
    confirm_lists([first], at=NOW, by="user:1")
    with pytest.raises(ToteTaken):  # its units are in no parcel yet
        scan_tote(second, 1, "T-7", at=NOW, by="user:1")

    assert {pick.slot: pick.tote for pick in pick_list(first).path} == {1: "T-7", 2: ""}


def test_a_zone_wave_has_a_list_for_every_zone_of_an_order(floor: Floor) -> None:
    floor.stow("MUG", **{"COLD/A-1": 9})
    floor.stow("POT", **{"DRY/B-1": 9})
    order = floor.sell(("MUG", 1), ("POT", 1))

    lists = lists_of(made(mode=Mode.ZONE))

    assert [pick_list(one).zone for one in lists] == ["COLD", "DRY"]
    confirm_lists(lists[:1], at=NOW, by="user:1")
    assert floor.states(order) == ["picking"]
    confirm_lists(lists[1:], at=NOW, by="user:1")
    assert floor.units(order) == [{"picked": 1}, {"picked": 1}]


def test_only_what_was_asked_for_is_in_a_wave(floor: Floor) -> None:
    floor.stow("MUG", A_1=9)
    plain, urgent = floor.sell(("MUG", 1)), floor.sell(("MUG", 1))
    sql.run("update orders_order set priority = 5 where id = %s", (urgent,))

    made(priority=5)

    assert (floor.states(plain), floor.states(urgent)) == (["released"], ["picking"])
    assert plan_wave(WaveWanted(location="BER", method="no such"), at=NOW, by="user:1") is None


def test_where_the_hall_is_known_a_list_leads_along_the_shortest_walk(floor: Floor) -> None:
    floor.stow("MUG", A_1=1, A_2=1, B_1=1, B_2=1)
    lay_bins(
        "BER",
        [
            BinWanted(code=code, aisle=code[0], aisle_x_mm=x, position_mm=y)
            for code, x, y in [("A-1", 0, 2000), ("A-2", 0, 18000), ("B-1", 3000, 2000), ("B-2", 3000, 18000)]
        ],
        at=NOW,
        by="user:1",
    )
    plan_floor("BER", cross_aisles_mm=[0, 20000], at=NOW, by="user:1")
    floor.sell(("MUG", 4))

    path = [place for _, place, _ in floor.path(floor.make_list())]

    assert path in (["A-1", "A-2", "B-2", "B-1"], ["B-1", "B-2", "A-2", "A-1"])  # by code: B-1 before B-2


def test_of_those_equally_urgent_a_full_wave_takes_those_that_lie_together(floor: Floor) -> None:
    floor.stow("MUG", A_1=9)
    floor.stow("POT", B_1=9)
    floor.stow("CUP", C_1=9)
    orders = [floor.sell((sku, 1)) for sku in ("MUG", "POT", "CUP", "CUP")]
    sql.run("update orders_order set priority = 3 where id = %s", (orders[1],))

    one = wave(made(orders_max=3))

    taken = {order.number: order.because for order in one.because.orders}
    assert taken == {
        f"SO-{orders[1]}": "by turn",
        f"SO-{orders[2]}": "short walk",
        f"SO-{orders[3]}": "short walk",
    }
    assert [(each.number, each.because) for each in one.because.left_first] == [
        (f"SO-{orders[0]}", "next wave")
    ]
    assert (one.because.aisles, one.because.aisles_in_turn, one.because.considered) == (2, 3, 4)
    assert (one.because.rule, one.because.rule_version) == ("turn, then fewest aisles", 1)


def test_a_preview_shows_the_wave_that_would_be_made_and_changes_nothing(floor: Floor) -> None:
    floor.stow("MUG", A_1=9)
    order = floor.sell(("MUG", 2))
    wanted = WaveWanted(location="BER")

    proposal = propose_wave(wanted, at=NOW)

    assert proposal is not None
    shown = msgspec.json.decode(previewed(proposal), type=Previewed)
    assert shown.because.orders == wave(made()).because.orders
    assert (proposal.orders, floor.states(order)) == ([order], ["picking"])
    assert propose_wave(wanted, at=NOW) is None


def test_nobody_waits_while_a_wave_is_searched_and_what_others_took_is_left_out(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    floor.stow("MUG", A_1=9)
    orders = [floor.sell(("MUG", 1)) for _ in range(3)]

    def meanwhile(wanted: WaveWanted, *, but: Collection[int] = (), **given: Any) -> Proposal | None:
        found = propose_wave(wanted, but=but, **given)
        if not but:
            with signal.dedicated("test other") as other, other.transaction():  # nobody holds a lock of ours
                other.execute("select from orders_order where id = any(%s) for update nowait", (orders,))
            floor.make_list(only=orders[:1])
        return found

    planning = import_module("quartermaster.warehouse.actions.plan_wave")
    monkeypatch.setattr(planning, "propose_wave", meanwhile)
    one = wave(made())

    assert {order.number for order in one.because.orders} == {f"SO-{order}" for order in orders[1:]}
    assert one.because.chosen[-1] == "taken or changed by others meanwhile: 1"


def test_only_single_line_orders_of_a_zone_and_of_a_carrier(floor: Floor) -> None:
    floor.stow("MUG", **{"COLD/A-1": 9})
    floor.stow("POT", **{"DRY/B-1": 9})
    cold, mixed = floor.sell(("MUG", 1)), floor.sell(("MUG", 1), ("POT", 1))

    def taken(**wanted: object) -> list[int]:
        found = propose_wave(WaveWanted(location="BER", **wanted), at=NOW)  # type: ignore[arg-type]
        return [] if found is None else found.orders

    assert taken(zone="COLD") == taken(lines="single") == [cold]
    assert taken(lines="multi") == [mixed]
    assert taken(units_max=1) == [cold]
    assert taken(zone="DRY") == []
    sql.run(
        "insert into warehouse_parcel (order_id, location_id, state, carrier, service, made_at) "
        "select %s, id, 'labelled', 'dhl', 'express', now() from stock_location where code = 'BER'",
        (cold,),
    )
    assert taken(carrier="dhl") == taken(carrier="dhl/express") == [cold, mixed]
    sql.run("delete from warehouse_parcel")


def test_a_filter_that_makes_no_sense_is_named(floor: Floor) -> None:
    floor.stow("MUG", **{"COLD/A-1": 9})
    wrong: dict[str, tuple[object, str]] = {
        "orders_max": (401, "must be 1 to 400"),
        "units_max": (0, "must be at least 1, or left out"),
        "lines": ("many", "must be single or multi, or left out"),
        "priority": (99_999, "must be -32768 to 32767"),
        "ship_by": (NOW.replace(tzinfo=None), "must say its time zone"),
        "limits": (Limits(orders=0), "must be at least 1"),
        "zone": ("MOON", "the site has no zone MOON; there is COLD"),
        "carrier": ("owl", "no parcel of this site went with owl lately; none is known"),
    }
    asked = {field: value for field, (value, _) in wrong.items()}
    with pytest.raises(Invalid) as refused:
        propose_wave(WaveWanted(location="BER", **asked), at=NOW)  # type: ignore[arg-type]
    assert refused.value.errors == {field: told for field, (_, told) in wrong.items()}


def test_a_closed_wave_is_picked_to_the_end_by_those_who_began(floor: Floor) -> None:
    floor.stow("MUG", A_1=9)
    orders = [floor.sell(("MUG", 1)) for _ in range(2)]
    one = made(mode=Mode.SINGLE)
    first, second = lists_of(one)
    start(first, at=NOW, by="user:1")

    for _ in range(2):
        close_wave(one, because="end of the shift", at=NOW, by="user:1")

    assert sorted(state for order in orders for state in floor.states(order)) == ["picking", "released"]
    assert (pick_list(second).state, wave(one).left) == ("cancelled", 1)
    confirm_lists([first], at=NOW, by="user:1")
    assert (wave(one).state, wave(one).ended_because) == ("done", "end of the shift")


def test_the_oldest_units_leave_first_where_the_site_wants_it_and_the_way_is_its_own(floor: Floor) -> None:
    floor.stow("MUG", A_1=2)
    ((sku_id,),) = sql.run("select id from catalog_sku")
    came = Move("older", sku_id, 2, "world:supplier", "BER/B-1", "received")
    post([came], by="test", at=NOW - timedelta(days=1))
    floor.company.flow()
    policy = PickPolicy(skus={"MUG": Rotation.FIFO}, mode=Mode.SINGLE, routing=Strategy.S_SHAPE)
    assert write_policy("BER", policy, because="age matters", at=NOW, by="user:1").version == 1
    floor.sell(("MUG", 3))

    one = wave(made())

    assert (one.mode, one.routing, one.because.policy) == ("single", "s_shape", 1)
    assert sorted(floor.path(int(one.lists[0]))) == [("MUG", "A-1", 1), ("MUG", "B-1", 2)]
    assert write_policy("BER", policy, because="again", at=NOW, by="user:1").version == 1
    with pytest.raises(VersionMoved):
        write_policy("BER", PickPolicy(), because="late", version=0, at=NOW, by="user:2")
    unknown = PickPolicy(orders_each=0, skus={"YETI": Rotation.NEAREST})
    with pytest.raises(Invalid) as refused:
        write_policy("BER", unknown, because=" ", at=NOW, by="user:2")
    assert set(refused.value.errors) == {"orders_each", "skus", "because"}


def test_a_scanned_tote_says_whose_it_is_and_what_belongs_into_it(floor: Floor) -> None:
    floor.stow("MUG", A_1=9)
    order = floor.sell(("MUG", 2))
    (list_id,) = lists_of(made(mode=Mode.CLUSTER))
    assert [(slot.slot, slot.order, slot.code, slot.units) for slot in cart(list_id)] == [
        (1, f"SO-{order}", "", 2)
    ]
    scan_tote(list_id, 1, "T-9", at=NOW, by="user:1")
    confirm_lists([list_id], at=NOW, by="user:1")

    tote = tote_contents("T-9")

    assert (tote.order, tote.slot) == (f"SO-{order}", 1)
    assert [(each.sku, each.quantity, each.picked) for each in tote.units] == [("MUG", 2, 2)]
    with pytest.raises(NotFound):
        tote_contents("T-10")
