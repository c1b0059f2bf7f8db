"""Account health on the screen: how it stands, which orders count, and what people write down."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.timezone import now
from tests.console.test_orders import text

from quartermaster.core import sql
from quartermaster.marketplaces.actions import count
from quartermaster.testing.history import a_parcel, a_sold_order

DAY = timedelta(days=1)


@pytest.fixture
def seller(db: None) -> list[int]:
    """`acme` sells on Amazon in Germany: three orders of five days ago, the last of them shipped late."""
    sql.run("insert into inbox_connection (slug, kind) values ('acme', 'amazon')")
    ((connection_id,),) = sql.run("select id from inbox_connection where slug = 'acme'")
    placed, orders = now() - 5 * DAY, []
    for n in range(3):
        detail = {"marketplace": "Amazon.de", "ship_by": (placed + DAY).isoformat()}
        order_id = a_sold_order(
            placed,
            gone=1,
            connection_id=connection_id,
            external_id=f"302-{n}",
            external_name=f"302-{n}",
            detail=detail,
        )
        a_parcel(order_id, placed + (n // 2 + 1) * DAY, tracking_number="Z1")
        orders.append(order_id)
    count(at=now())
    return orders


def test_every_measure_says_how_it_stands_and_how_much_room_there_is(owner: Client, seller: list[int]):
    seen = text(owner, "/marketplaces")
    assert "Late shipment rate 30 days 33.33 % broken – under 4 % 1 of 3 orders 23 orders more" in seen
    assert "Order defect rate 60 days 0 % good – under 1 % 0 of 3 orders none" in seen
    assert "acme in DE: 2 measures of account health broken or close" in text(owner, "/")


def test_the_orders_that_count_are_listed_and_contested(owner: Client, seller: list[int]):
    address = "/marketplaces/acme/lsr?country=DE&days=30"
    seen = text(owner, address)
    assert f"SO-{seller[2]} 302-2" in seen
    assert "Confirmed 1 d late." in seen
    assert f"SO-{seller[0]} 302-0" not in seen
    ((row,),) = sql.run("select id from marketplaces_counted where measure = 'lsr'")
    answer = owner.post(
        f"/marketplaces/acme/lsr/counted/{row}", {"because": "Storm", "country": "DE", "days": "30"}
    )
    assert answer.headers["Location"] == address
    assert "Contested: Storm" in text(owner, address)
    assert "Contested: LSR" in text(owner, f"/orders/SO-{seller[2]}")


def test_a_page_says_when_its_report_was_brought_last_and_why_not(owner: Client, seller: list[int]):
    assert "It is asked for once a day; that was never done yet." in text(owner, "/marketplaces/acme/defects")
    sql.run(
        "insert into marketplaces_report "
        "(connection_id, what, next_at, answered_at, note, failures, because) "
        "select id, k.what, now(), now(), '4 of them', k.n, k.because from inbox_connection, "
        "(values ('figures', 2, 'Amazon was asked too often'), ('feedback', 0, '')) as k(what, n, because) "
        "where slug = 'acme'"
    )
    seen = text(owner, "/marketplaces/acme/lsr?country=DE&days=30")
    assert "The last 2 tries failed : Amazon was asked too often." in seen.replace("failed:", "failed :")
    seen = text(owner, "/marketplaces/acme/defects")
    assert "4 of them. Only feedback is told to programs." in seen
    assert "failed" not in seen


def test_defects_are_written_down_and_brought_row_by_row(owner: Client, seller: list[int]):
    given = {"order": "302-0", "kind": "claim", "happened_at": now().date().isoformat(), "outcome": "open"}
    assert owner.post("/marketplaces/acme/defects", given).status_code == 302
    wrong = owner.post("/marketplaces/acme/defects", {**given, "order": "302-9", "stars": "x"})
    assert (wrong.status_code, b"not a whole number" in wrong.content) == (422, True)
    table = "order,kind,happened_at,outcome\n302-0,claim,2026-01-01,denied\nSO-0,claim,2026-01-01,open\n"
    sent = SimpleUploadedFile("defects.csv", table.encode())
    answer = owner.post("/marketplaces/acme/defects.csv", {"file": sent})
    seen = answer.content.decode()
    assert "0 new, 1 changed, 0 known already, 1 refused." in seen
    assert "there is no order SO-0" in seen
    assert "denied, does not count" in text(owner, "/marketplaces/acme/defects")


def test_what_they_say_stands_beside_ours(owner: Client, seller: list[int]):
    first, last = ((now() - days * DAY).date().isoformat() for days in (30, 1))
    given = {"measure": "lsr", "country": "DE", "from": first, "day": last, "numerator": "1"}
    answer = owner.post("/marketplaces/acme/official", {**given, "denominator": "4"})
    assert answer.status_code == 302
    assert "25 % 1 of 4 33.33 % 1 of 3 They count 1 that we do not know." in text(
        owner, "/marketplaces/acme/lsr?country=DE"
    )
    assert owner.post("/marketplaces/acme/official", {**given, "denominator": "0"}).status_code == 422


def test_terms_are_written_from_a_day_on_with_the_reason(owner: Client, seller: list[int]):
    given = {
        "marketplace": "amazon", "country": "DE", "measure": "vtr", "from_on": "",
        "windows": "30", "target": "97,5", "warn": "98", "dated_by": "left", "counts": "parcel",
        "ends_days_ago": "4", "least_n": "0", "because": "Their mail of today",
    }  # fmt: skip
    assert owner.post("/marketplaces/terms", given).status_code == 302
    seen = text(owner, "/marketplaces/terms")
    assert "At least 97.5 % of parcels over 30 days that ended 4 days ago" in seen
    assert "Their mail of today" in seen
    wrong = owner.post(
        "/marketplaces/terms", {**given, "target": "much", "windows": "x", "from_on": "2020-01-01"}
    )
    assert wrong.status_code == 422
    wrong = owner.post("/marketplaces/terms", {**given, "from_on": "2020-01-01", "because": ""})
    assert "past days keep what held then" in wrong.content.decode()
