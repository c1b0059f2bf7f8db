"""The pure half: which movements can be asked for, what a batch does, how a chain is proved."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartermaster.core.errors import Invalid
from quartermaster.stock.rules import chain, fold, moves
from quartermaster.stock.rules.chain import Linked, Written
from quartermaster.stock.rules.fold import Count, Spot
from quartermaster.stock.rules.moves import Move
from quartermaster.stock.rules.picking import Need, Shelf, pick
from quartermaster.stock.rules.posting import (
    LevelState,
    NotEnoughStock,
    SerialElsewhere,
    Step,
    StockIsPromised,
    plan,
)

AT = datetime(2026, 11, 23, 9, 30, 0, 123456, tzinfo=UTC)
BER, MUC, BIN = 1, 2, 3  # place ids; the bin lies in BER


def written(
    key: str = "a", quantity: int = 1, source: int = -1, target: int = BER, **different: str
) -> Written:
    lot = different.get("lot", "")
    return Written(
        key, 7, quantity, source, target, "available", "available", lot, "", "test", "", "me", AT, AT
    )


def a_chain(*movements: Written) -> list[Linked]:
    links, last = [], chain.START
    for number, movement in enumerate(movements, 1):
        last = chain.link(last, movement)
        links.append(Linked(number, last, movement))
    return links


def broken(links: list[Linked], of: list[Linked]) -> str | None:
    return chain.first_broken(links, head=of[-1].hash, length=len(of))


def test_a_chain_that_was_not_touched_holds():
    links = a_chain(written("a"), written("b"), written("c"))
    assert broken(links, links) is None
    assert chain.first_broken([], head=chain.START, length=0) is None


def test_the_first_changed_link_is_named():
    links = a_chain(written("a"), written("b", 5), written("c"), written("d"))
    forged = [links[0], links[1]._replace(movement=written("b", 6)), links[2], links[3]]
    assert broken(forged, links) == "link 2 (movement b) was changed"


@pytest.mark.parametrize("lost", [0, 1, 2])
def test_a_missing_link_is_named_wherever_it_was(lost: int):
    links = a_chain(written("a"), written("b"), written("c"))
    assert broken(links[:lost] + links[lost + 1 :], links) == f"link {lost + 1} is missing"


def test_a_link_too_many_and_a_movement_that_is_gone_are_named():
    links = a_chain(written("a"), written("b"), written("c"))
    assert broken(links, links[:2]) == "link 3 is one too many"
    gone = [links[0], links[1]._replace(movement=None), links[2]]
    assert broken(gone, links) == "link 2 points to a movement that is gone"


def test_no_two_movements_have_the_same_bytes():
    assert chain.canonical(written("a", 11)) != chain.canonical(written("a1", 1))
    assert chain.canonical(written(lot='x", "y')) != chain.canonical(written(lot="x"))


@given(
    st.lists(
        st.tuples(st.sampled_from([-1, BER, MUC, BIN]), st.sampled_from([-2, BER, MUC]), st.integers(1, 9))
    )
)
def test_units_are_moved_never_made(played: list[tuple[int, int, int]]):
    there = fold.balances(written(str(n), q, source, target) for n, (source, target, q) in enumerate(played))
    assert sum(there.values()) == 0
    levels = fold.levels(there, {BER: 10, BIN: 10, MUC: 20})
    assert sum(count.on_hand for count in levels.values()) == -sum(
        units for spot, units in there.items() if spot.place_id < 0
    )


def test_a_level_counts_all_places_of_a_site_and_sells_what_is_available():
    there = {
        Spot(7, BER, "available", "", ""): 2,
        Spot(7, BIN, "damaged", "", ""): 3,
        Spot(7, -1, "available", "", ""): -5,
    }
    assert fold.levels(there, {BER: 10, BIN: 10}) == {(7, 10): Count(on_hand=5, sellable=2)}


def a_step(
    key: str, quantity: int, source: str, target: str, *, serial: str = "", state: str = "available"
) -> Step:
    ids = {
        "BER": (BER, 10),
        "BER/A": (BIN, 10),
        "MUC": (MUC, 20),
        "world:supplier": (-1, 0),
        "world:scrap": (-3, 0),
    }
    move = Move(key, 7, quantity, source, target, "test", serial=serial, target_state=state)
    return Step(move, "LAMP", *ids[source], *ids[target])


def play(
    *steps: Step,
    held: int = 0,
    reserved: int = 0,
    breaks: bool = False,
    serials: dict[tuple[int, str], str] | None = None,
):
    levels = {(7, 10): LevelState(held, held, reserved, 0, 0, b""), (7, 20): LevelState(0, 0, 0, 0, 0, b"")}
    return plan(
        steps,
        by="me",
        at=AT,
        recorded_at=AT,
        balances={Spot(7, BER, "available", "", ""): held},
        levels=levels,
        serials=serials or {},
        breaks_reservations=breaks,
    )


def test_moves_are_played_in_order_and_each_must_be_possible_in_its_turn():
    made = play(a_step("in", 3, "world:supplier", "BER"), a_step("off", 2, "BER", "MUC"))
    assert (made.levels[7, 10].on_hand, made.levels[7, 20].on_hand) == (1, 2)
    assert [(link.location_id, link.number) for link in made.links] == [(10, 1), (10, 2), (20, 1)]
    with pytest.raises(NotEnoughStock, match=r"BER does not hold 2 × LAMP: 0 there \(off\)"):
        play(a_step("off", 2, "BER", "MUC"), a_step("in", 3, "world:supplier", "BER"))


def test_what_is_promised_leaves_only_when_promises_may_break():
    with pytest.raises(StockIsPromised, match="3 × LAMP cannot leave BER: 4 are there and 2 promised"):
        play(a_step("off", 3, "BER", "MUC"), held=4, reserved=2)
    assert play(a_step("off", 3, "BER", "MUC"), held=4, reserved=2, breaks=True).levels[7, 10].sellable == 1
    assert play(a_step("in", 3, "BER", "BER/A"), held=4, reserved=4).levels[7, 10].sellable == 4


def test_changing_the_state_of_promised_units_breaks_promises_too():
    with pytest.raises(StockIsPromised):
        play(a_step("bad", 3, "BER", "BER/A", state="damaged"), held=4, reserved=2)


def test_a_serial_number_is_in_one_place():
    first, second = (
        a_step("a", 1, "world:supplier", "BER", serial="S1"),
        a_step("b", 1, "world:supplier", "MUC", serial="S1"),
    )
    play(first)
    with pytest.raises(SerialElsewhere, match="S1 of LAMP is already in stock: at BER"):
        play(first, second)
    with pytest.raises(SerialElsewhere, match="at MUC"):
        play(first, serials={(7, "S1"): "MUC"})


@pytest.mark.parametrize(
    ("different", "field"),
    [
        ({"quantity": 0}, "quantity"),
        ({"quantity": -1}, "quantity"),
        ({"quantity": 10**12 + 1}, "quantity"),
        ({"quantity": 2, "serial": "S1"}, "quantity"),
        ({"key": " "}, "key"),
        ({"key": "x" * 256}, "key"),
        ({"because": ""}, "because"),
        ({"lot": "a\0b"}, "lot"),
        ({"serial": "\ud800"}, "serial"),
        ({"source_state": "lost"}, "source_state"),
        ({"source": ""}, "source"),
        ({"source": "BER/"}, "source"),
        ({"source": "BER/ A"}, "source"),
        ({"source": "BER/A/B/C"}, "source"),
        ({"source": "world:moon"}, "source"),
        ({"source": "MUC"}, "target"),
        ({"source": "world:supplier", "target": "world:customer"}, "target"),
    ],
)
def test_a_movement_that_makes_no_sense_is_refused_by_field(different: dict[str, object], field: str):
    wanted = {"key": "a", "sku_id": 7, "quantity": 1, "source": "BER", "target": "MUC", "because": "test"}
    with pytest.raises(Invalid) as refused:
        moves.check([Move("fine", 7, 1, "BER", "MUC", "test"), Move(**wanted | different)])
    assert list(refused.value.errors) == [f"moves[1].{field}"]


def test_shelves_are_emptied_in_their_order():
    shelves = [Shelf(7, 10, "LAMP", place, "", "", 2) for place in ("BER", "BER/A", "BER/B")]
    picks = pick([Need(7, 10, 3)], shelves)
    assert [(one.shelf.place, one.quantity) for one in picks] == [("BER", 2), ("BER/A", 1)]
    with pytest.raises(NotEnoughStock):
        pick([Need(7, 10, 7)], shelves)
