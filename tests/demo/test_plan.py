from collections import Counter, defaultdict
from datetime import UTC, datetime

import pytest

from quartermaster.demo.company.goods import KIT_COUNT, SKUS, assortment
from quartermaster.demo.past.ledger import days
from quartermaster.demo.past.plan import Past

NOW = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def past() -> Past:
    return Past(assortment(), orders=2_000, seed=7, now=NOW)


def test_the_assortment_is_600_skus_with_names_of_their_own():
    goods = assortment()
    assert (len(goods.things), len(goods.kits)) == (SKUS, KIT_COUNT)
    assert len({thing.code for thing in goods.sold}) == SKUS + KIT_COUNT
    assert len({thing.barcode for thing in goods.things}) == SKUS
    assert all(set(kit.parts) <= {thing.code for thing in goods.things} for kit in goods.kits)


def test_the_same_seed_and_moment_give_the_same_past(past: Past):
    again = Past(assortment(), orders=2_000, seed=7, now=NOW)
    assert (again.stories, again.sales) == (past.stories, past.sales)


def test_every_order_is_either_history_or_still_to_be_told(past: Past):
    numbers = [story.sale.number for story in past.stories] + [sale.number for sale in past.sales]
    assert sorted(numbers) == list(range(1, 2_001))


def test_nothing_of_the_past_happens_later_than_now_or_before_it_can(past: Past):
    for story in past.stories:
        for parcel in story.sent:
            moments = [story.sale.placed_at, parcel.packed_at, parcel.handed_over_at]
            moments += [one.at for one in parcel.told]
            assert moments == sorted(moments)
            assert moments[-1] <= NOW


def test_promises_are_kept_by_about_95_percent_and_one_lane_is_bad(past: Past):
    kept: dict[bool, Counter[bool]] = defaultdict(Counter)
    for story in past.stories:
        if story.sent and story.promised_by and story.promised_by < NOW:
            is_bad = (
                len(story.sent) == 1 and story.sent[0].site == "BER" and story.sale.address.country == "FR"
            )
            is_recent = (NOW - story.sent[0].handed_over_at).days <= 20
            delivered = story.delivered_at
            kept[is_bad and is_recent][bool(delivered and delivered <= story.promised_by)] += 1
    ordinary, bad = (kept[lane][True] / kept[lane].total() for lane in (False, True))
    assert 0.92 < ordinary < 0.98
    assert bad < 0.75


def test_no_bin_is_ever_asked_for_more_than_lies_in_it(past: Past):
    lying: Counter[tuple[str, str]] = Counter()
    for day in days(past):
        for move in day.moves:
            for place, change in ((move.source, -move.units), (move.target, move.units)):
                if not place.startswith("world:"):
                    lying[place, move.code] += change
                    assert lying[place, move.code] >= 0, move


def test_no_movement_of_the_past_is_told_twice(past: Past):
    keys = [move.key for day in days(past) for move in day.moves]
    assert len(keys) == len(set(keys))
