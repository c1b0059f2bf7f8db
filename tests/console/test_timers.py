"""The page of timers, and Today."""

from datetime import timedelta

from django.test import Client
from django.utils.timezone import now
from tests.console.conftest import Page

from quartermaster.core import sql
from quartermaster.core.queries.versions import in_force
from quartermaster.testing.builders import a_location, a_sku, an_order
from quartermaster.warehouse.actions.run_timers import run_timers
from quartermaster.warehouse.queries.timers import TARGETS, timers
from quartermaster.warehouse.rules.timers import Target


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
    assert "picked within 4 h," in following
    first = timers("next", at=now() - timedelta(days=1), limit=1)
    rest = timers("next", at=now() - timedelta(days=1), limit=1, after=first.next or "")
    assert [one.order for page in (first, rest) for one in page.items] == [number, other]
    assert rest.next is None


FIELDS = ("place", "name", "sites", "channels", "priority_min", "pick_minutes", "pack_minutes")


def sent(*rows: tuple[str, ...], because: str = "season", version: int = 1) -> dict[str, object]:
    columns = {name: [row[n] for row in rows] for n, name in enumerate(FIELDS)}
    return {**columns, "dispatch_minutes": [""] * len(rows), "because": because, "version": version}


def test_targets_are_set_on_their_page_with_who_and_why(owner: Client, db: None):
    a_location("BER")
    everything = ("2", "Everything", "", "", "", "240", "360")
    express = ("1", "Express", "BER", "", "5", "60", "90")
    blank = ("",) * len(FIELDS)
    page = Page(owner.get("/timers/targets").content.decode())
    assert "Nobody wrote one yet" in page.text
    assert owner.post("/timers/targets", sent(everything, express, blank)).status_code == 302
    kept = in_force(TARGETS)
    assert kept.content.targets == (
        Target("Express", ("BER",), (), 5, 60, 90),
        Target("Everything", pick_minutes=240, pack_minutes=360),
    )
    assert (kept.version, kept.because, kept.actor.partition(":")[0]) == (2, "season", "user")
    told = Page(owner.get("/timers/targets").content.decode())
    assert "season" in told.text
    for wrong, says in (
        (sent(everything, version=1), "version 2 now"),
        (sent(("1", "All", "MOON", "", "", "60", ""), version=2), "no 'MOON' among the sites"),
        (sent(("1", "All", "", "", "", "soon", ""), version=2), "whole minutes"),
        (sent(("1", "All", "", "", "", "90", "60"), version=2), "picked before packed"),
        (sent(blank, version=2), "1 to 100"),
        (sent(everything, because="", version=2), "say why"),
    ):
        answer = owner.post("/timers/targets", wrong)
        assert (answer.status_code, in_force(TARGETS).version) == (422, 2)
        assert says in " ".join(Page(answer.content.decode()).text.split())
