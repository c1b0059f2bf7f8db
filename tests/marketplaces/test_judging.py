"""Which rows are defects, and the sentence why."""

from datetime import UTC, date, datetime, timedelta

import pytest

from quartermaster.marketplaces.rules.defect_rows import defect
from quartermaster.marketplaces.rules.defects import Defect, DefectKind, Outcome, counts
from quartermaster.marketplaces.rules.initiative import Who, is_defect, wanted_by
from quartermaster.marketplaces.rules.judging import (
    Found,
    cancelled,
    defective,
    late_to_arrive,
    late_to_ship,
    untracked,
)
from quartermaster.marketplaces.rules.official import explained, official
from quartermaster.marketplaces.rules.published import PUBLISHED
from quartermaster.marketplaces.rules.rolling import Tally
from quartermaster.marketplaces.rules.sheets import rows_of
from quartermaster.marketplaces.rules.terms import Measure, Terms

AT = datetime(2026, 3, 20, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
TERMS = Terms((7,), 25_000, 18_000)


@pytest.mark.parametrize(
    ("because", "here", "asked", "who"),
    [
        ("Buyer: Found it cheaper", 0, False, Who.BUYER),
        ("Seller: NO_INVENTORY", 0, False, Who.SELLER),
        ("Seller: buyer_changed_mind", 0, False, Who.SELLER),  # who did it counts, not what it says
        ("Amazon: NOT_SHIPPED", 0, False, Who.MARKETPLACE),
        ("Cancelled at Flipkart: seller_cancellation, not_enough_inventory.", 0, False, Who.SELLER),
        ("Cancelled at Flipkart: customer_cancellation.", 0, False, Who.BUYER),
        ("The order is cancelled at Amazon.", 0, False, Who.UNKNOWN),
        ("", 0, False, Who.UNKNOWN),
        ("the customer called", 2, False, Who.SELLER),  # Amazon does not hear a call
        ("the customer called", 2, True, Who.BUYER),
    ],
)
def test_who_wanted_a_cancellation(because: str, here: int, asked: bool, who: Who):
    found, why = wanted_by(because=because, units_here=here, has_buyer_asked=asked)
    assert found is who
    assert why.endswith(".")


def test_only_the_sellers_own_cancellations_count_and_unknown_stays_unknown():
    assert [is_defect(who, counts_auto=False) for who in Who] == [True, False, False, None]
    assert is_defect(Who.MARKETPLACE, counts_auto=True) is True
    unsure = cancelled(Found(1, 1, because="The order is cancelled at Amazon."), TERMS, AT)
    assert unsure.is_defect is None


def test_of_several_parcels_the_last_one_decides():
    late = late_to_ship(Found(1, 1, due=AT, last_at=AT + 4 * HOUR, parcels=2), TERMS, AT + 9 * HOUR)
    assert (late.is_defect, late.because) == (True, "The last of 2 parcels was confirmed 4 h late.")
    here = late_to_ship(Found(1, 1, due=AT, last_at=AT - HOUR, parcels=1, left=1), TERMS, AT + 26 * HOUR)
    assert (here.is_defect, here.because) == (True, "1 unit not shipped, 1 d 2 h after it was due.")
    told = late_to_ship(Found(1, 1, due=AT, untold=1), TERMS, AT + HOUR)
    assert told.because == "1 parcel left, and not confirmed 1 h after it was due."
    assert late_to_ship(Found(1, 1, due=AT, left=1), TERMS, AT).is_defect is False
    assert late_to_ship(Found(1, 1), TERMS, AT).is_defect is None


def test_what_the_carrier_tried_counts_as_arrived():
    came = Found(1, 3, "P-1", due=AT, last_at=AT + 30 * HOUR)
    assert late_to_arrive(came, TERMS, AT).because == "P-1 came 1 d 6 h late."
    tried = Found(1, 3, "P-1", due=AT, last_at=AT + 30 * HOUR, tried_at=AT - HOUR)
    assert late_to_arrive(tried, TERMS, AT).is_defect is False
    assert late_to_arrive(Found(1, 3, "P-1", due=AT), TERMS, AT + HOUR).is_defect is None


def test_a_number_is_valid_when_somebody_scanned_it():
    assert untracked(Found(1, 1, "P-1"), TERMS, AT).because == "P-1 left without a tracking number."
    told = Found(1, 1, "P-1", tracking_number="Z9", left_at=AT - 50 * HOUR)
    assert untracked(told, TERMS, AT).because == "P-1: Z9 was never scanned in 2 d 2 h."


@pytest.mark.parametrize(
    ("kind", "outcome", "stars", "does"),
    [
        (DefectKind.CLAIM, Outcome.OPEN, None, True),
        (DefectKind.CLAIM, Outcome.GRANTED, None, True),
        (DefectKind.CLAIM, Outcome.DENIED, None, False),
        (DefectKind.CLAIM, Outcome.WITHDRAWN, None, False),
        (DefectKind.FEEDBACK, Outcome.OPEN, 2, True),
        (DefectKind.FEEDBACK, Outcome.OPEN, 3, False),
        (DefectKind.FEEDBACK, Outcome.OPEN, None, True),
        (DefectKind.FEEDBACK, Outcome.REMOVED, 1, False),
        (DefectKind.CHARGEBACK, Outcome.DENIED, None, True),  # it was received
        (DefectKind.CHARGEBACK, Outcome.WITHDRAWN, None, False),
    ],
)
def test_which_defects_count(kind: DefectKind, outcome: Outcome, stars: int | None, does: bool):
    assert counts(Defect(kind, outcome, AT, stars)) is does


def test_an_order_with_two_defects_is_one():
    claim, feedback = (
        Defect(DefectKind.CLAIM, Outcome.OPEN, AT),
        Defect(DefectKind.FEEDBACK, Outcome.OPEN, AT - HOUR, 1),
    )
    found = defective(Found(1, 1, defects=(claim, feedback)), TERMS, AT)
    assert found.because == "Feedback with 1 star of 20 Mar 2026; claim of 20 Mar 2026, open."
    denied = Defect(DefectKind.CLAIM, Outcome.DENIED, AT)
    assert defective(Found(1, 1, defects=(denied,)), TERMS, AT).is_defect is False


def test_a_table_is_read_row_by_row():
    rows, wrong = rows_of("\ufefforder;kind;happened_at;stars\nSO-1;claim;2026-03-01;\n;;x;nine\n", ["order"])
    assert wrong == ""
    assert [line for line, _ in rows] == [2, 3]
    sound, none = defect(rows[0][1])
    assert sound is not None
    assert not none
    assert (sound["happened_at"], sound["outcome"]) == (datetime(2026, 3, 1, tzinfo=UTC), "open")
    assert set(defect(rows[1][1])[1]) == {"order", "happened_at", "stars"}
    assert rows_of("kind\nclaim\n", ["order", "kind"])[1] == "the header lacks order"
    assert rows_of("", ["order"])[1] == "the header lacks order"


def test_an_official_figure_is_read_with_its_window():
    written = [one for one in PUBLISHED if one.marketplace == "amazon"]
    told = {"day": "2026-03-19", "measure": "VTR", "numerator": "190", "denominator": "200"}
    found, _ = official(told, written, "US")
    assert found is not None
    assert (found.first_on, found.last_on, found.bad) == (date(2026, 2, 18), date(2026, 3, 19), 10)
    assert official({**told, "numerator": "201"}, written, "US")[1].keys() == {"numerator"}
    assert official({**told, "measure": "luck", "day": ""}, written, "US")[1].keys() == {"measure", "day"}


def test_a_difference_is_explained_as_far_as_the_numbers_tell():
    def why(ours: Tally | None, n: int, bad: int, contested: int = 0) -> str:
        return " ".join(explained(Measure.ODR, ours, n, bad, missing=2, contested=contested))

    assert why(Tally(10, 1), 10, 1) == "The same as ours."
    assert "They count 3 that we do not know; 2 are missing here" in why(Tally(10, 1), 13, 1)
    assert "1 of their defects nobody told us of" in why(Tally(10, 1), 10, 2)
    assert "They count 1 fewer against us, 1 of ours are contested." in why(Tally(10, 1), 9, 0, contested=1)
    assert why(None, 5, 5) == "Our own count does not reach back to these days any more."
