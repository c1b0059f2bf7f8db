"""The page of timers, and Today."""

from datetime import timedelta

from django.test import Client
from django.utils.timezone import now
from tests.console.conftest import Page

from quartermaster.core import sql
from quartermaster.testing.builders import a_location, a_sku, an_order
from quartermaster.warehouse.actions.run_timers import run_timers


def test_what_is_too_late_stands_on_its_page_and_today_leads_to_exactly_it(owner: Client, db: None):
    a_location("BER")
    a_sku("LAMP", BER=9)
    number, other = an_order(("LAMP", 1)), an_order(("LAMP", 1))
    sql.run("update allocation_allocation set at = now(), released_at = now(), ship_by = null")
    run_timers(at=now(), by="test")
    late = "update warehouse_timer set next_due_at = %s, pick_due_at = %s where order_id = %s"
    sql.run(late, (now() - timedelta(minutes=65), now() - timedelta(minutes=65), int(number[3:])))
    today = Page(owner.get("/").content.decode())
    address = "/timers?kind=breached&site=BER&stage=pick"
    assert "1 order of BER should be picked by now" in " ".join(today.text.split())
    assert address in today.values("a", "href")
    told = " ".join(Page(owner.get(address).content.decode()).text.split())
    assert number in told
    assert other not in told
    assert "1 h 5 min" in told
    following = " ".join(Page(owner.get("/timers?kind=next").content.decode()).text.split())
    assert other in following
    assert "nobody is at it" in following
    assert "picked within 240 min" in following
