"""How long a carrier may be silent, by carrier and country: the lists and the rule agree, and say which."""

from datetime import timedelta

import pytest

from quartermaster.core import sql
from quartermaster.core.errors import Invalid
from quartermaster.tracking.actions.write_silence import write_silence
from quartermaster.tracking.queries import late
from quartermaster.tracking.rules.silence import Lane, Silence, errors_in, lane_for

from .conftest import SENT, Road

LANES = (
    Lane("Post inland", ("post",), ("DE",), no_scan_hours=12, stuck_hours=48),
    Lane("Post", ("post", "atlas"), no_scan_hours=30, stuck_hours=72),
    Lane("Overseas", (), ("US", "AU"), no_scan_hours=96, stuck_hours=240),
    Lane("Everything"),
)


@pytest.mark.parametrize(
    ("carrier", "country", "lane"),
    [
        ("post", "DE", "Post inland"),
        ("POST", "DE", "Post inland"),
        ("post", "FR", "Post"),
        ("atlas", "US", "Post"),
        ("comet", "AU", "Overseas"),
        ("comet", "DE", "Everything"),
        ("", "", "Everything"),
    ],
)
def test_the_first_lane_that_matches_holds_and_the_lists_name_it(
    road: Road, carrier: str, country: str, lane: str
):
    write_silence(Silence(1, LANES), because="they scan daily", at=SENT, by="user:1")
    known = lane_for(LANES, carrier=carrier, country=country)
    assert known.name == lane
    order = road.order(("LAMP", 1))
    parcel = road.sent(order, ("LAMP", "LAMP", 1), carrier=carrier)
    sql.run(
        "update orders_order set ship_to = ship_to || jsonb_build_object('country', %s::text)", (country,)
    )
    over = SENT + timedelta(hours=known.no_scan_hours)
    assert late("no_scan", at=over - timedelta(minutes=1)).items == []
    (row,) = late("no_scan", at=over + timedelta(minutes=5)).items
    assert row.minutes_late == 5
    assert row.because == (
        f'Silent for {known.no_scan_hours} h; "{lane}" of version 2 allows {known.no_scan_hours} h'
    )
    road.tell((parcel, 1, "in_transit"))
    over = SENT + timedelta(hours=1 + known.stuck_hours)
    assert late("stuck", at=over - timedelta(minutes=1)).items == []
    assert [one.id for one in late("stuck", at=over).items] == [parcel]


@pytest.mark.parametrize(
    "wrong",
    [
        (),
        (Lane("Post", ("post",)),),
        (Lane("Post", ("Post",)), Lane("Everything")),
        (Lane("Far", (), ("us",)), Lane("Everything")),
        (Lane("Everything", stuck_hours=0),),
        (Lane("Everything", no_scan_hours=1441),),
        (Lane("Twice", ("post",)), Lane("Twice")),
        (Lane(" "),),
    ],
)
def test_lanes_that_do_not_hold_are_refused(db: None, wrong: tuple[Lane, ...]):
    assert errors_in(Silence(1, wrong))
    with pytest.raises(Invalid):
        write_silence(Silence(1, wrong), because="x", at=SENT, by="user:1")
