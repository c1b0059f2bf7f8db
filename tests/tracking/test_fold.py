"""What scans add up to, whatever the order they are told in."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartermaster.tracking.rules import STATUSES, UNDOES_DELIVERY, UPU, Scan, Track, due, fold, meaning

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def scans(*told: tuple[int, str]) -> list[Scan]:
    """(minutes after noon, status), told in this sequence."""
    return [
        Scan(f"{minutes} {status}", NOON + timedelta(minutes=minutes), status, NOON + timedelta(hours=n))
        for n, (minutes, status) in enumerate(told)
    ]


TOLD = st.builds(
    Scan,
    key=st.integers(0, 30).map(str),
    at=st.integers(0, 20).map(lambda n: NOON + timedelta(minutes=n)),
    status=st.sampled_from(STATUSES),
    recorded_at=st.integers(0, 5).map(lambda n: NOON + timedelta(hours=n)),
)


@given(st.data(), st.lists(TOLD, max_size=12, unique_by=lambda scan: scan.key))
def test_no_sequence_and_no_repetition_changes_the_outcome(data: st.DataObject, told: list[Scan]):
    again = data.draw(st.lists(st.sampled_from(told), max_size=6)) if told else []
    shuffled = data.draw(st.permutations([*told, *again]))
    assert fold(shuffled) == fold(told)


@given(st.lists(TOLD, max_size=12, unique_by=lambda scan: scan.key))
def test_a_code_nobody_knows_never_changes_a_known_status(told: list[Scan]):
    known = [scan for scan in told if scan.status != "unknown"]
    if known:
        assert fold(told).status == fold(known).status
        assert fold(told).delivered_at == fold(known).delivered_at


@given(st.lists(TOLD, max_size=12, unique_by=lambda scan: scan.key))
def test_delivered_is_what_has_a_moment_of_delivery(told: list[Scan]):
    track = fold(told)
    assert (track.status == "delivered") is (track.delivered_at is not None)
    assert (track.delivered_at is None) is (track.delivered_recorded_at is None)
    assert (track.first_scan_at or NOON) <= (track.last_scan_at or NOON)


def test_the_scan_that_happened_last_decides_not_the_one_told_last():
    assert fold(scans((60, "out_for_delivery"), (0, "accepted"), (30, "in_transit"))).status == (
        "out_for_delivery"
    )


def test_what_is_delivered_behind_its_return_came_back_to_us():
    back = [(0, "in_transit"), (10, "return_to_sender"), (20, "in_transit"), (30, "delivered")]
    assert (fold(scans(*back)).status, fold(scans(*back)).delivered_at) == ("return_to_sender", None)
    assert fold(scans((0, "delivered"), *((at + 5, status) for at, status in back))).delivered_at is None
    anew = fold(scans(*back, (40, "accepted"), (50, "delivered")))
    assert (anew.status, anew.delivered_at) == ("delivered", NOON + timedelta(minutes=50))


def test_a_passing_scan_after_the_delivery_does_not_take_it_back():
    track = fold(scans((0, "delivered"), (5, "in_transit"), (9, "accepted")))
    assert (track.status, track.delivered_at) == ("delivered", NOON)
    assert track.last_scan_at == NOON + timedelta(minutes=9)


@pytest.mark.parametrize("status", sorted(UNDOES_DELIVERY))
def test_a_correction_later_in_time_takes_a_delivery_back(status: str):
    track = fold(scans((0, "delivered"), (5, status)))
    assert (track.status, track.delivered_at, track.delivered_recorded_at) == (status, None, None)


@pytest.mark.parametrize("status", sorted(UNDOES_DELIVERY - {"return_to_sender"}))
def test_a_correction_of_an_earlier_or_the_same_moment_does_not(status: str):
    assert fold(scans((0, status), (0, "delivered"), (-5, status))).status == "delivered"


def test_a_second_delivery_counts_from_its_own_moment():
    track = fold(scans((0, "delivered"), (5, "exception"), (90, "delivered"), (95, "delivered")))
    assert track.delivered_at == NOON + timedelta(minutes=90)
    assert track.delivered_recorded_at == NOON + timedelta(hours=2)


def test_moments_are_compared_across_time_zones():
    berlin = timezone(timedelta(hours=1))
    told = [
        Scan("a", datetime(2026, 11, 24, 13, 30, tzinfo=berlin), "delivered", NOON),
        Scan("b", datetime(2026, 11, 24, 12, 45, tzinfo=UTC), "out_for_delivery", NOON),
    ]
    assert fold(told).status == "out_for_delivery"  # 12:45 in UTC is later than 13:30 in Berlin


def test_without_a_scan_a_parcel_is_on_paper_only():
    assert fold([]) == Track()
    track = fold(scans((0, "pre_transit")))
    assert (track.status, track.first_scan_at) == ("pre_transit", None)


def test_what_is_not_understood_is_a_sign_of_life_all_the_same():
    track = fold(scans((0, "unknown")))
    assert (track.status, track.first_scan_at) == ("unknown", NOON)


@pytest.mark.parametrize(
    ("code", "carrier", "status"),
    [
        ("EMI", None, "delivered"),
        (" emh ", None, "exception"),
        ("Out for delivery", None, "out_for_delivery"),
        ("X9", None, "unknown"),
        ("", None, "unknown"),
        ("dl", {"DL": "delivered"}, "delivered"),
        ("EMI", {"DL": "delivered"}, "unknown"),  # a carrier with a table of its own speaks nothing else
        ("DL", {"DL": "arrived, perhaps"}, "unknown"),
    ],
)
def test_a_code_is_read_by_the_table_of_its_carrier(code: str, carrier: dict[str, str] | None, status: str):
    assert meaning(code, carrier) == status


def test_every_code_of_the_posts_means_one_of_our_statuses():
    assert set(UPU.values()) <= set(STATUSES)


def test_a_day_alone_is_over_when_it_is_so_everywhere():
    assert due(NOON.date(), None) == datetime(2026, 11, 25, 12, tzinfo=UTC)
    assert due(NOON.date(), NOON) == NOON
    assert due(None, None) is None
