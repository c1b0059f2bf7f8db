"""One person with a phone and a scanner, from the dock to the carrier's cage: all is typed as a scanner types
it, and at four of the desks there is no network for a minute."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from tests.browser.conftest import Walk
from tests.browser.test_axe import ALL, SERIOUS
from tests.console import company

from quartermaster.core import sql
from quartermaster.core.actions.outbox import carry_out
from quartermaster.inbound.actions import NewArrival, expect_arrival
from quartermaster.testing.builders import SOLD_AT, a_sku, an_order

SHELL = "4006381333931"  # as a scanner reads it
NEXT = """
select p.code, s.code, k.quantity from warehouse_pick k join catalog_sku s on s.id = k.sku_id
join stock_place p on p.id = k.place_id
where k.pick_list_id = %s and k.state = 'to_pick' order by k.position limit 1
"""
ORDER = "select status from orders_order where 'SO-' || id = %s"


class Hands:
    """What a person does: look, scan, press."""

    def __init__(self, walk: Walk) -> None:
        self.walk, self.page = walk, walk.page
        self.page.context.set_default_timeout(20_000)
        expect.set_options(timeout=20_000)
        self.page.set_viewport_size({"width": 360, "height": 740})
        self.waiting = self.page.locator("scan-queue > p").first

    def go(self, path: str) -> Page:
        self.walk.to(path)
        self.looks()
        return self.page

    def looks(self) -> None:
        """It fits, and axe finds nothing serious."""
        assert self.page.evaluate("document.documentElement.scrollWidth") <= 360, self.page.url
        violations = Axe().run(self.page, options=ALL).response["violations"]
        assert [one["id"] for one in violations if one["impact"] in SERIOUS] == [], self.page.url

    def scan(self, text: str, *, field: str = "scan") -> None:
        into = self.page.locator(f"input[name={field}]")
        expect(into).to_be_focused()
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def reads(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()

    def loses_the_network(self) -> None:
        self.page.context.set_offline(True)

    def finds_it_again_after_a_minute(self) -> None:
        self.page.clock.fast_forward("01:00")
        self.page.context.set_offline(False)
        self.page.evaluate("dispatchEvent(new Event('online'))")
        expect(self.waiting).to_have_text("")


def calm() -> None:
    """The river and the outbox, until nothing is due."""
    company.flow()
    while carry_out():
        company.flow()


def test_goods_go_from_the_dock_to_the_carrier_by_typed_scans_with_minutes_offline(walk: Walk):
    sku = a_sku("SHELL")
    sql.run("insert into catalog_barcode (code, sku_id, pack_quantity) values (%s, %s, 1)", (SHELL, sku))
    number = an_order(("SHELL", 2), connection="northlight")
    walk.page.clock.install()
    hands = Hands(walk)

    receive(hands)
    put_away(hands)
    assert sql.run(ORDER, (number,)) == [("allocated",)]
    pick(hands)
    parcel = pack(hands, number)
    dispatch(hands, parcel)

    assert sql.run(ORDER, (number,)) == [("shipped",)]
    assert sql.run("select state from warehouse_parcel where id = %s", (parcel,)) == [("handed_over",)]
    assert sql.run("select count(*) from console_floor_scan where not is_right") == [(0,)]
    assert [said for said in walk.complaints if "ERR_INTERNET_DISCONNECTED" not in said] == []
    assert walk.elsewhere == []


def receive(hands: Hands) -> None:
    """Three shells, two of them scanned without a network."""
    wanted = NewArrival(site="BER", kind="asn", supplier="Acme", lines={"SHELL": 3})
    hands.go(f"/floor/receive/{expect_arrival(wanted, at=SOLD_AT, by='test')}")
    hands.scan(SHELL)
    hands.reads("1 × SHELL received. 2 to come.")
    hands.loses_the_network()
    hands.scan(SHELL)
    expect(hands.waiting).to_contain_text("1 scan waiting, all safe.")
    hands.scan(SHELL)
    hands.finds_it_again_after_a_minute()
    hands.reads("3 of 3")


def put_away(hands: Hands) -> None:
    page = hands.go("/floor/put-away?site=BER")
    hands.scan(SHELL)
    hands.reads("Scan the bin they lie in now")
    place = page.locator(".floor-bin").inner_text().strip()
    hands.scan("A-01" if place == "?" else place, field="place")
    hands.reads("3 × SHELL")
    calm()


def pick(hands: Hands) -> None:
    """All of a list; the shells of it without a network."""
    page = hands.go("/floor?site=BER")
    hands.press("Make a list")
    page.wait_for_url(re.compile("/floor/pick/"))
    pick_list = int(page.url.rpartition("/")[2])
    hands.go(f"/floor/pick/{pick_list}")
    ((count,),) = sql.run("select count(*) from warehouse_pick where pick_list_id = %s", (pick_list,))
    for done in range(1, count + 1):  # other orders are on the list, too
        ((place, code, units),) = sql.run(NEXT, (pick_list,))
        hands.scan(place)
        hands.reads("is right. Scan")
        if code == "SHELL":
            hands.loses_the_network()
        for _ in range(units):
            hands.scan(SHELL if code == "SHELL" else code)
        if code == "SHELL":
            expect(hands.waiting).to_contain_text("2 scans waiting, all safe.")
            hands.finds_it_again_after_a_minute()
        expect(page.get_by_text("is right. Scan")).to_have_count(0)
        if done < count:
            hands.reads(f"{done} of {count} picks")


def pack(hands: Hands, number: str) -> int:
    page = hands.go("/floor?site=BER")
    page.locator(f'form:has(input[value="{number}"]) button').first.click()
    page.wait_for_url(re.compile("/floor/pack/"))
    hands.go(page.url.removeprefix(hands.walk.address))
    hands.scan(SHELL)
    hands.reads("In this parcel")
    hands.loses_the_network()
    hands.scan(SHELL)
    expect(hands.waiting).to_contain_text("1 scan waiting, all safe.")
    hands.finds_it_again_after_a_minute()
    hands.reads("Everything that was picked is in a parcel.")
    hands.looks()
    page.locator("input[name=weight_g]").fill("640")
    hands.press("Close")
    expect(page.get_by_role("link", name="Its label")).to_be_visible()
    calm()
    return int(page.url.rpartition("/")[2])


def dispatch(hands: Hands, parcel: int) -> None:
    page = hands.go("/floor/dispatch?site=BER")
    hands.loses_the_network()
    hands.scan(f"P-{parcel}")
    expect(hands.waiting).to_contain_text("1 scan waiting, all safe.")
    hands.finds_it_again_after_a_minute()
    hands.reads("In the cages")
    hands.looks()
    page.get_by_role("button", name="and hand over").first.click()
    hands.reads("is handed over: 1 parcel gone.")
    calm()
