"""How well carriers did, counted by hand beside."""

from datetime import timedelta

from quartermaster.core import sql
from quartermaster.core.actions.report import keep_reports
from quartermaster.core.queries.reports import told
from quartermaster.shipping.actions import raise_claim
from quartermaster.tracking.queries.scorecard import SCORES, scorecard, scores

from .conftest import SENT, Road

AT = SENT + timedelta(days=10)
LABEL = """
insert into shipping_label (parcel_id, reference, carrier, state, tracking_number, cost_minor, currency,
  asked_at, bought_at)
values (%s, 'R' || %s, 'post', 'bought', 'T' || %s, %s, 'EUR', %s, %s)
"""


def sent(road: Road, *, cost_minor: int | None = None, weight_g: int | None = None, **known: object) -> int:
    order = road.order(("LAMP", 1))
    parcel = road.sent(order, ("LAMP", "LAMP", 1), number=f"T{order}", **known)  # type: ignore[arg-type]
    sql.run("update warehouse_parcel set weight_g = %s where id = %s", (weight_g, parcel))
    if cost_minor is not None:
        sql.run(LABEL, (parcel, parcel, parcel, cost_minor, SENT, SENT))
    return parcel


def test_every_share_is_a_count_beside_what_it_is_of(road: Road):
    soon = (SENT + timedelta(days=2)).date()
    good = sent(road, cost_minor=500, weight_g=1_000, promised_on=soon)
    late = sent(road, cost_minor=700, promised_on=soon)
    silent = sent(road, promised_on=soon)
    back = sent(road)
    other = sent(road, carrier="express")
    road.tell((good, 5, "accepted"), (good, 30, "delivered"), (back, 30, "return_to_sender"))
    road.tell(
        (late, 5, "accepted"), (late, 80, "exception"), (late, 120, "delivered"), (other, 20, "delivered")
    )
    raise_claim(f"P-{silent}", "lost", amount_minor=900, currency="EUR", because="gone", at=AT, by="user:1")

    (post,) = (each for each in scorecard(at=AT, days=30) if each.carrier == "post")
    assert (post.currency, post.parcels, post.delivered, post.due, post.on_time) == ("EUR", 4, 2, 3, 1)
    assert (post.first_time, post.owed_scan, post.scanned) == (1, 4, 2)
    assert (post.priced, post.cost_minor) == (2, 1200)  # two have no label of ours, as imported ones have not
    assert (post.weight_g, post.cost_of_weight_minor) == (1_000, 500)
    assert post.transit_days == 3.1  # the middle of 30 and 120 hours
    assert (post.returned, post.lost) == (1, 1)
    (express,) = (each for each in scorecard(at=AT, days=30) if each.carrier == "express")
    assert (express.currency, express.priced, express.transit_days) == ("", 0, 0.8)

    lanes = {(each.carrier, each.site) for each in scorecard("lane", at=AT, days=30)}
    assert lanes == {("post", "BER"), ("express", "BER")}
    assert scorecard("service", at=AT, days=1) == []

    keep_reports(SCORES, at=AT)
    sql.run("update core_report set took_ms = 900")
    by_lane = scorecard("lane", at=AT, days=30)
    sql.run("update warehouse_parcel set carrier = 'other'")
    assert told(scores("lane", 30), at=AT) == (by_lane, AT)
