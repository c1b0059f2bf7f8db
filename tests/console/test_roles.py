"""What each role gets to: one table for all pages, and the gate that keeps to it."""

import pytest
from django.test import Client
from django.utils.timezone import now
from tests.console.test_pages import OPEN, ROUTES

from quartermaster.console import urls
from quartermaster.console.people.actions import invite
from quartermaster.console.people.rights import AREA_OF, right_of
from quartermaster.console.people.roles import AREAS, KINDS, ROLES, allows, who_can
from quartermaster.core import sql
from quartermaster.testing.builders import a_location, a_sku, an_order
from quartermaster.warehouse.actions.run_timers import run_timers

# Decisions that others have to live with, and what only some roles do: who can.
MATRIX = {
    "count-approve": "Owner, Supervisor",
    "count-again": "Owner, Supervisor",
    "counts-policy": "Owner, Supervisor",
    "device-revoke": "Owner, Supervisor",
    "floor-arrival": "Owner, Supervisor, Picker, Packer",
    "floor-device": "Owner, Supervisor",
    "floor-move": "Owner, Supervisor, Picker, Packer",
    "floor-pack-close": "Owner, Supervisor, Picker, Packer",
    "floor-cart": "Owner, Supervisor, Picker, Packer",
    "floor-policy": "Owner, Supervisor",
    "floor-wave-cancel": "Owner, Supervisor",
    "floor-waves": "Owner, Supervisor",
    "holds": "Owner, Supervisor, Support",
    "manifest-close": "Owner, Supervisor, Packer",
    "message-replay": "Owner, Supervisor",
    "messages-replay": "Owner",
    "order-cancel": "Owner, Supervisor, Support",
    "outside-drift": "Owner, Supervisor",
    "parcel-label": "Owner, Supervisor, Packer",
    "people": "Owner",
    "person": "Owner",
    "person-badge": "Owner, Supervisor",
    "person-link": "Owner",
    "person-stop": "Owner",
    "recalls": "Owner, Supervisor",
    "refund-pay": "Owner, Finance",
    "refund-policy": "Owner, Finance",
    "recall-lift": "Owner, Supervisor",
    "ship-carrier": "Owner, Supervisor",
    "ship-claim": "Owner, Finance",
    "ship-customs": "Owner, Supervisor",
    "ship-resume": "Owner, Supervisor",
    "ship-tariff": "Owner, Supervisor",
    "ship-tariff-end": "Owner, Supervisor",
}
READ = {
    "floor": "Owner, Supervisor, Picker, Packer, Read-only",
    "floor-crew": "Owner, Supervisor",
    "floor-totes": "Owner, Supervisor, Picker, Packer, Read-only",
    "floor-wave": "Owner, Supervisor, Picker, Packer, Read-only",
    "floor-waves": "Owner, Supervisor",
    "home": "Owner, Supervisor, Support, Finance, Read-only",
    "kpi": "Owner, Supervisor, Support, Finance, Read-only",
    "messages": "Owner, Supervisor",
    "people": "Owner, Supervisor",
    "ship": "Owner, Supervisor, Packer, Support, Finance, Read-only",
    "ship-claims": "Owner, Supervisor, Finance, Read-only",
    "stock": "Owner, Supervisor, Support, Finance, Read-only",
}


def person(role: str, *sites: str, name: str = "") -> Client:
    """A browser in which somebody of this role is signed in."""
    _, token = invite(name or role, role, sites, at=now(), by="user:1")
    browser = Client()
    browser.post(f"/sign-in/{token}")
    return browser


@pytest.mark.parametrize(("route", "method"), [*((r, "POST") for r in MATRIX), *((r, "GET") for r in READ)])
def test_the_matrix_holds(route: str, method: str):
    wanted = (MATRIX if method == "POST" else READ)[route]
    assert ", ".join(who_can(right_of(route, method, ROUTES[route]))) == wanted


def test_every_page_has_its_area_and_a_new_one_is_the_owners_alone():
    unknown = {
        path for name, path in ROUTES.items() if name not in OPEN and path.split("/")[1] not in AREA_OF
    }
    assert unknown <= {"/sign-out", "/look", "/help"}, "name the first word of its address in people.rights"
    assert right_of("new", "GET", "/new/page") == "people:lead"
    assert set(AREA_OF.values()) <= set(AREAS)


def test_no_two_addresses_have_the_same_name():
    """What is asked of one by its name would be asked of the other."""
    names = [each.name for each in urls.urlpatterns if each.name]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_a_role_that_goes_further_goes_as_far_as_those_before():
    for role in ROLES:
        for area in AREAS:
            reached = [allows(role, f"{area}:{kind}") for kind in KINDS]
            assert reached == sorted(reached, reverse=True)
            assert allows("owner", f"{area}:lead")
    assert not allows("", "orders:read")


ASKED = {  # right -> a page or form that asks for it
    right_of(name, method, path): (method, path)
    for name, path in sorted(ROUTES.items())
    for method in ("GET", "POST")
    if name not in OPEN and name != "home"
}


@pytest.mark.parametrize("role", sorted(ROLES))
def test_the_gate_keeps_to_the_table(role: str, db: None):
    browser = person(role)
    for right, (method, path) in ASKED.items():
        if not allows(role, right):
            answer = browser.get(path) if method == "GET" else browser.post(path)
            assert answer.status_code == 403, (role, method, path)
    open_to_it = next(path for path in ("/orders", "/floor") if allows(role, right_of("", "GET", path)))
    assert browser.get(open_to_it).status_code == 200


def test_who_may_not_is_told_who_may(db: None):
    browser = person("picker")
    assert browser.get("/").headers["Location"] == "/floor"
    answer = browser.post("/counts/1/approve")
    assert "not among what the role Picker may do" in answer.content.decode()
    assert "Owner or Supervisor can do it" in answer.content.decode()
    rail = browser.get("/floor").content.decode()
    assert 'href="/floor"' in rail
    assert 'href="/orders"' not in rail


def test_people_of_a_site_find_nothing_of_another(db: None):
    a_location("BER")
    a_location("MUC")
    browser = person("picker", "MUC")
    assert browser.get("/floor").headers["Location"] == "/floor?site=MUC"
    assert browser.get("/floor?site=BER").status_code == 404
    assert browser.post("/floor/receive", {"site": "BER"}).status_code == 404
    for site in ("BER", "MUC"):
        person("owner", name=f"owner {site}").post("/floor/receive", {"site": site, "supplier": "Acme"})
    arrivals = dict(
        sql.run("select l.code, a.id from inbound_arrival a join stock_location l on l.id = a.location_id")
    )
    assert browser.get(f"/floor/receive/{arrivals['MUC']}").status_code == 200
    assert browser.get(f"/floor/receive/{arrivals['BER']}").status_code == 404
    seen = browser.get("/floor?site=MUC").content.decode()
    assert "BER" not in seen


COUNTED = """
insert into warehouse_count_task (location_id, place_id, sku_id, kind, because, at, state, over)
select l.id, p.id, s.id, 'doubt', 'somebody asked', now(), 'approval', 1
from stock_location l join stock_place p on p.code = l.code, catalog_sku s where l.code = %s and s.code = %s
"""


@pytest.fixture
def two_sites(db: None) -> dict[str, str]:
    """An order of each of two sites, late, over its time, and with a count that waits: site -> number."""
    numbers = {}
    for site in ("BER", "MUC"):
        a_location(site)
        a_sku(f"LAMP-{site}", **{site: 9})
        numbers[site] = an_order((f"LAMP-{site}", 1))
        sql.run(COUNTED, (site, f"LAMP-{site}"))
    sql.run(
        "update allocation_allocation set at = now(), released_at = now(), "
        "ship_by = now() - interval '2 hours', promised_by = now() - interval '1 hour'"
    )
    run_timers(at=now(), by="test")
    sql.run(
        "update warehouse_timer set next_due_at = now() - interval '1 hour', pick_due_at = now() - "
        "interval '1 hour'"
    )
    return numbers


@pytest.mark.parametrize(
    "path",
    [
        "/late",
        "/late?kind=will_be_late",
        "/timers",
        "/counts",
        "/floor/crew",
        "/floor/waves?look=1",
        "/floor",
        "/",
        "/ship",
        "/exceptions/late?of=missed",
    ],
)
def test_a_list_of_the_company_is_cut_by_a_persons_sites(two_sites: dict[str, str], path: str):
    mine, everywhere = person("supervisor", "MUC", name="m"), person("supervisor", name="all")

    def told(browser: Client, at: str) -> str:
        answer = browser.get(at, follow=True)
        assert answer.status_code == 200
        page = answer.content.decode()
        return page[page.index("<main") :]

    seen = told(mine, path)
    assert "BER" not in seen
    assert two_sites["BER"] not in seen
    if path in ("/late", "/late?kind=will_be_late", "/timers", "/exceptions/late?of=missed"):
        assert two_sites["MUC"] in seen
        assert two_sites["BER"] in told(everywhere, path)
    elif path == "/counts":
        assert "LAMP-MUC" in seen
        assert "LAMP-BER" in told(everywhere, path)


def test_what_is_packed_and_what_is_planned_is_that_of_a_persons_sites(two_sites: dict[str, str]):
    mine = person("supervisor", "MUC", name="m")
    sql.run(
        "insert into warehouse_parcel (order_id, allocation_id, location_id, state, made_at, packed_at) "
        "select order_id, id, location_id, 'packed', now(), now() from allocation_allocation"
    )
    seen, all_of_it = (
        browser.get("/ship").content.decode() for browser in (mine, person("supervisor", name="a"))
    )
    assert two_sites["BER"] in all_of_it
    assert (two_sites["MUC"] in seen, two_sites["BER"] in seen) == (True, False)
    assert "1 order missed the cut-off" in mine.get("/").content.decode()
    assert "How counting is done" not in mine.get("/counts").content.decode()
    assert mine.post("/counts/policy", {"by": "value"}).status_code == 403
    sql.run("delete from warehouse_count_task")
    mine.post("/counts/schedule")
    planned = sql.run(
        "select distinct l.code from warehouse_count_task t join stock_location l on l.id = t.location_id"
    )
    assert ("BER",) not in planned


def test_the_rail_counts_what_waits_at_a_persons_sites(two_sites: dict[str, str]):
    for browser, number in ((person("supervisor", "MUC", name="m"), 1), (person("supervisor", name="a"), 2)):
        groups = browser.get("/timers").context["rail"]
        waiting = {shown.entry.section: shown.waiting for _, group in groups for shown in group}
        assert (waiting["timers"], waiting["counts"], waiting["floor"]) == (number,) * 3
