"""How we stand with marketplaces, over the API: read, told of, contested."""

from datetime import timedelta

from django.utils.timezone import now

from quartermaster.core import sql
from quartermaster.marketplaces.actions import count
from quartermaster.testing.history import a_sold_order
from quartermaster.testing.program import Program

DAY = timedelta(days=1)


def test_a_program_tells_of_defects_and_reads_what_they_come_to(db: None):
    sql.run("insert into inbox_connection (slug, kind) values ('acme', 'amazon')")
    ((connection_id,),) = sql.run("select id from inbox_connection where slug = 'acme'")
    detail = {"marketplace": "Amazon.de"}
    for n in range(2):
        a_sold_order(now() - 5 * DAY, connection_id=connection_id, external_id=f"302-{n}", detail=detail)
    erp = Program("kpi:read", "orders:write")
    claim = {"order": "302-0", "kind": "claim", "happened_at": "2026-01-05T10:00:00Z"}
    claims = {"defects": [claim, {**claim, "order": "302-9"}]}
    told = erp.send("POST", "/api/marketplaces/acme/defects", claims)
    assert [(one["became"], list(one["errors"])) for one in told.json()] == [
        ("new", []),
        ("refused", ["order"]),
    ]
    count(at=now())

    (stands,) = [one for one in erp.get("/api/marketplaces").json() if one["measure"] == "odr"]
    assert (stands["n"], stands["bad"], stands["state"], stands["needs_good"]) == (2, 1, "red", 99)
    assert stands["terms"]["limit_ppm"] == 10_000
    (row,) = erp.get("/api/marketplaces/acme/odr/orders?country=DE").json()["items"]
    assert row["because"] == "Claim of 5 Jan 2026, open."
    assert len(erp.get("/api/marketplaces/acme/odr/forecast?country=DE").json()) == 14
    contested = f"/api/marketplaces/counted/{row['id']}/contest"
    assert erp.send("POST", contested, {"because": "paid"}).status_code == 204

    first, last = ((now() - days * DAY).date().isoformat() for days in (60, 1))
    figure = {"measure": "odr", "country": "DE", "first_on": first, "last_on": last}
    said = {**figure, "numerator": 1, "denominator": 2}
    assert erp.send("POST", "/api/marketplaces/acme/official", said).status_code == 204
    (compared,) = erp.get("/api/marketplaces/acme/odr/official?country=DE").json()
    assert (compared["theirs"]["n"], compared["ours_n"], compared["because"]) == (2, 2, ["The same as ours."])


def test_terms_are_written_by_an_admin_from_today_on(db: None):
    sql.run("insert into inbox_connection (slug, kind) values ('acme', 'flipkart')")
    wanted = {
        "marketplace": "flipkart", "measure": "rtd", "windows": [90], "limit_ppm": 10_000,
        "warn_ppm": 5_000, "because": "Gold is what we want",
    }  # fmt: skip
    boss = Program("admin", "kpi:read")
    answer = boss.send("POST", "/api/marketplaces/terms", wanted)
    assert (answer.status_code, answer.json()[0]["actor"][:6]) == (201, "token:")
    odd = {**wanted, "from_on": "2020-01-01", "dated_by": "left"}
    fields = [one["field"] for one in boss.send("POST", "/api/marketplaces/terms", odd).json()["errors"]]
    assert fields == ["dated_by", "from_on"]
    assert {one["actor"] for one in boss.get("/api/marketplaces/terms?marketplace=flipkart").json()} == {
        answer.json()[0]["actor"],
        "",
    }
