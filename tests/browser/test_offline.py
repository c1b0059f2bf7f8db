"""A picker or a packer with a phone walks through a dead spot: nothing is lost, nothing doubled."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect
from tests.browser.conftest import Walk
from tests.browser.test_axe import ALL, SERIOUS

from quartermaster.core import sql
from quartermaster.warehouse.queries.parcels import parcel

NEXT = """
select k.id, p.code, s.code, k.quantity from warehouse_pick k join catalog_sku s on s.id = k.sku_id
join stock_place p on p.id = k.place_id
where k.pick_list_id = %s and k.state = 'to_pick' and k.picked = 0 order by k.position limit 1
"""


def test_scans_without_a_network_wait_and_are_heard_once_in_their_order(walk: Walk):
    page = walk.page
    page.set_viewport_size({"width": 360, "height": 740})
    ((pick, place, sku, units),) = sql.run(NEXT, (walk.fill["list"],))
    walk.to("/floor/pick/{list}")
    field, waiting = page.locator("input[name=scan]"), page.locator("scan-queue > p").first

    def scan(text: str) -> None:
        expect(field).to_be_focused()
        page.keyboard.type(text)
        page.keyboard.press("Enter")

    scan(place)
    expect(page.get_by_text("is right. Scan")).to_be_visible()
    page.context.set_offline(True)
    scan("NOT-A-THING")
    expect(waiting).to_have_text("Offline: 1 scan waiting, all safe.")
    for _ in range(units):
        scan(sku)
    expect(waiting).to_contain_text(f"{1 + units} scans waiting")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    violations = Axe().run(page, options=ALL).response["violations"]
    assert [one["id"] for one in violations if one["impact"] in SERIOUS] == []

    lost = _back_with_one_answer_lost(walk.page, "**/scans")

    expect(page.get_by_text("While you were offline, NOT-A-THING")).to_be_visible()
    expect(waiting).to_have_text("")
    assert lost == ["409"]
    said = sql.run("select text, is_right from console_floor_scan order by heard_at")
    assert said == [(place, True), ("NOT-A-THING", False), *[(sku, True)] * units]
    assert sql.run("select picked, state from warehouse_pick where id = %s", (pick,)) == [(units, "picked")]

    before = parcel(int(walk.fill["parcel"]))
    walk.to("/floor/pack/{parcel}")
    page.context.set_offline(True)
    scan(before.waiting[0].sku)
    scan("NOT-A-THING")
    expect(waiting).to_have_text("Offline: 2 scans waiting, all safe.")
    lost = _back_with_one_answer_lost(page, "**/scan")
    expect(page.get_by_text("While you were offline, NOT-A-THING")).to_be_visible()
    expect(waiting).to_have_text("")
    assert lost == ["200"]
    packed = parcel(int(before.id))
    assert sum(one.quantity for one in packed.items) == 1 + sum(one.quantity for one in before.items)


def _back_with_one_answer_lost(page: Page, address: str) -> list[str]:
    """The network is there again; the first answer gets lost on its way, so that scan is sent again."""
    lost: list[str] = []

    def lose_one(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(str(route.fetch().status))
        route.abort()

    page.route(address, lose_one)
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    return lost
