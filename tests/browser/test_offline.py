"""A picker with a phone walks through a dead spot: nothing is lost, nothing doubled."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Route, expect
from tests.browser.conftest import Walk
from tests.browser.test_axe import ALL, SERIOUS

from quartermaster.core import sql

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

    lost: list[str] = []  # the first answer after the dead spot gets lost on its way: that scan is sent again

    def lose_one(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(str(route.fetch().status))
        route.abort()

    page.route("**/scans", lose_one)
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")

    expect(page.get_by_text("While you were offline, NOT-A-THING")).to_be_visible()
    expect(waiting).to_have_text("")
    assert lost == ["409"]
    said = sql.run("select text, is_right from console_floor_scan order by heard_at")
    assert said == [(place, True), ("NOT-A-THING", False), *[(sku, True)] * units]
    assert sql.run("select picked, state from warehouse_pick where id = %s", (pick,)) == [(units, "picked")]
