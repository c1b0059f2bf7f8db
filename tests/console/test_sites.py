"""Sites and their calendars, as people see them."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils.timezone import now
from tests.console.conftest import Page

from quartermaster.core import sql
from quartermaster.stock.queries.calendars import versions
from quartermaster.testing.builders import a_location

FORM = {
    "week": ["1", "2", "3", "4", "5", "6"],
    "handling_days": "1",
    "because": "Saturday shift",
    "version": "0",
}


def text(answer: HttpResponse) -> str:
    return " ".join(Page(answer.content.decode()).text.split())


@pytest.fixture
def form(db: None) -> dict[str, object]:
    a_location("BER")
    return {**FORM, "from_on": now().date().isoformat(), "cutoffs": "12:00 6\n11:00 acme/express"}


def test_a_calendar_is_looked_at_before_it_is_kept(owner: Client, form: dict[str, object]):
    tomorrow = now().date() + timedelta(days=1)
    form["closed"] = f"{tomorrow} Inventory"
    looked = owner.post("/sites/BER/calendar", {**form, "do": "look"})
    assert "as they would be" in text(looked)
    assert "Inventory" in text(looked)
    assert "acme/express 11:00" in text(looked)
    assert versions("BER") == []

    kept = owner.post("/sites/BER/calendar", {**form, "do": "keep"}, follow=True)
    (one,) = versions("BER")
    assert (one.week, one.handling_days, one.closed[0].on) == ("123456", 1, tomorrow)
    assert "Saturday shift" in text(kept)
    assert f"{tomorrow} Inventory" in kept.content.decode()  # in the form, to go on from
    listed = text(owner.get("/sites"))
    assert "Mon–Sat" in listed
    assert "Inventory" in listed


def test_what_cannot_be_read_is_named_and_nothing_typed_is_lost(owner: Client, form: dict[str, object]):
    wrong = {**form, "closed": "Christmas", "because": "for the <season>", "do": "keep"}
    refused = owner.post("/sites/BER/calendar", wrong)
    assert refused.status_code == 422
    assert '"Christmas" is not like 2026-12-24 Inventory' in text(refused)
    assert "for the &lt;season&gt;" in refused.content.decode()
    assert sql.run("select 1 from stock_calendar") == []
    assert owner.get("/sites/NOWHERE/calendar").status_code == 404
