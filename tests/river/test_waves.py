"""Waves: released work chosen at once, put on lists as people pick it, released, given back."""

import pytest

from quartermaster.core import sql
from quartermaster.stock.actions.lay_bins import lay_bins, plan_floor
from quartermaster.stock.rules.bins import BinWanted
from quartermaster.warehouse.actions import (
    cancel_wave,
    confirm_lists,
    confirm_pick,
    plan_wave,
    release_wave,
    scan_tote,
    start,
)
from quartermaster.warehouse.actions.plan_wave import WaveWanted
from quartermaster.warehouse.actions.waves import ToteTaken, WaveNotReleased, WaveOver
from quartermaster.warehouse.queries.lists import pick_list
from quartermaster.warehouse.queries.waves import wave
from quartermaster.warehouse.rules.grouping import Limits, Mode

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
