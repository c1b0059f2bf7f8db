"""A phone at the dock loses the network, is reloaded and has two tabs: every scan is received once."""

from playwright.sync_api import expect
from tests.browser.conftest import Walk

from quartermaster.core import sql
from quartermaster.inbound.actions import NewArrival, expect_arrival
from quartermaster.testing.builders import SOLD_AT


def test_what_is_scanned_at_the_dock_without_a_network_is_received_once(walk: Walk):
    page = walk.page
    page.set_viewport_size({"width": 360, "height": 740})
    wanted = NewArrival(site="BER", kind="asn", supplier="Acme", lines={"LAMP-BK": 20})
    path = f"/floor/receive/{expect_arrival(wanted, at=SOLD_AT, by='test')}"
    walk.to(path)
    field, waiting = page.locator("input[name=scan]"), page.locator("scan-queue > p").first

    def scan(units: int, text: str = "LAMP-BK") -> None:
        expect(field).to_be_focused()
        page.locator("input[name=quantity]").fill(str(units))
        field.fill(text)
        field.press("Enter")

    scan(2)
    expect(page.get_by_text("2 × LAMP-BK received. 18 to come.")).to_be_visible()
    other = page.context.new_page()
    other.goto(walk.address + path)
    page.context.set_offline(True)
    scan(3)
    scan(4)
    other.locator("input[name=scan]").fill("LAMP-BK")
    other.locator("input[name=scan]").press("Enter")
    expect(waiting).to_contain_text("scans waiting, all safe.")
    expect(page.locator("input[name=quantity]")).to_have_value("1")  # nothing of a scan sticks to the next
    assert page.evaluate("document.documentElement.scrollWidth") <= 360

    page.context.set_offline(False)
    page.reload()  # what was kept is sent by whichever tab comes first

    expect(page.get_by_text("10 of 20").first).to_be_visible()
    expect(waiting).to_have_text("")
    received = sql.run("select quantity from inbound_receipt order by at, id")
    assert sorted(row[0] for row in received) == [1, 2, 3, 4]
    assert sql.run("select count(*), count(distinct id) from console_floor_scan") == [(4, 4)]
    assert walk.elsewhere == []
