"""How well carriers did, counted by hand beside."""

from datetime import timedelta

from quartermaster.core import sql
from quartermaster.shipping.actions import raise_claim
from quartermaster.tracking.queries.scorecard import scorecard

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

    post = {each.currency: each for each in scorecard(at=AT, days=30) if each.carrier == "post"}
    charged = post["EUR"]
    assert (charged.parcels, charged.delivered, charged.due, charged.on_time) == (2, 2, 2, 1)
    assert (charged.first_time, charged.owed_scan, charged.scanned) == (1, 2, 2)
    assert (charged.priced, charged.cost_minor) == (2, 1200)
    assert (charged.weight_g, charged.cost_of_weight_minor) == (1_000, 500)
    assert charged.transit_days == 3.1  # the middle of 30 and 120 hours

    free = post[""]
    assert (free.parcels, free.delivered, free.due, free.on_time) == (2, 0, 1, 0)
    assert (free.owed_scan, free.scanned, free.returned, free.lost) == (2, 0, 1, 1)
    assert free.transit_days is None

    lanes = {(each.carrier, each.site) for each in scorecard("lane", at=AT, days=30)}
    assert lanes == {("post", "BER"), ("express", "BER")}
    assert scorecard("service", at=AT, days=1) == []
