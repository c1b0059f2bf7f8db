"""The walk of docs/tutorial/five-minutes.md, as somebody who has just started the demo takes it.

With QM_PICTURES_TO the pictures of the tutorial are taken on the way:
QM_PICTURES_TO=docs/pictures ./qm test tests/browser/test_five_minutes.py
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.timezone import now
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import Walk
from tests.browser.story import session

from quartermaster.console.actions import login_link
from quartermaster.core import doctor, sql
from quartermaster.demo import seed
from quartermaster.demo.clock import flow
from quartermaster.demo.problems.told import RENAMED
from quartermaster.warehouse.queries import parcels

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
TO = os.environ.get("QM_PICTURES_TO", "")


@pytest.fixture
def walk(transactional_db: None, live_server: object, chromium: Browser) -> Iterator[Walk]:
    seed.seed(lambda done, words: None, orders=10_000 if TO else 600, skus=570 if TO else 120)
    login_link()  # makes the owner
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, color_scheme="light")
    context.set_default_timeout(15_000)
    address = str(live_server)
    context.add_cookies([{"name": "qm_session", "value": session(), "url": address}])
    yield Walk(context.new_page(), address, {})
    context.close()


def shoot(page: Page, name: str) -> None:
    if TO:
        page.wait_for_load_state("networkidle")
        page.screenshot(path=Path(TO) / f"demo-{name}.png")


def one(query: str) -> str:
    return str(sql.run(query)[0][0])


def pick_and_pack(walk: Walk) -> None:
    """A list of one order by typed scans and the button, a parcel, its label on the shipping page."""
    page = walk.to("/floor?site=BER")
    page.get_by_label("Orders on the list").fill("1")
    page.get_by_role("button", name="Make a list").click()
    page.wait_for_url(re.compile("/floor/pick/"))
    shoot(page, "pick")
    order = one("select 'SO-' || order_id from warehouse_pick order by id desc limit 1")
    page.get_by_label("Scan the bin or the unit, or type").fill(page.locator("h1").inner_text())
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("is right")
    page.get_by_label("Scan the bin or the unit, or type").fill("BER/NOWHERE")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("BER/NOWHERE is neither")
    while page.locator("h1").inner_text() != "Done":
        with page.expect_navigation():
            page.get_by_role("button", name=re.compile("^Picked ")).click()

    page.get_by_role("link", name="To the floor").click()
    page.get_by_role("button", name=f"Pack {order}", exact=True).click()
    page.wait_for_url(re.compile("/floor/pack/"))
    bench = parcels.parcel(int(page.url.rpartition("/")[2]))
    units = [one.sku for one in bench.waiting for _ in range(one.quantity)]
    for left, sku in zip(reversed(range(len(units))), units, strict=True):
        page.get_by_label("Scan a unit: barcode, SKU or serial number").fill(sku)
        page.keyboard.press("Enter")
        expect(page.locator(".floor-said")).to_contain_text(f"{left} to go." if left else "That is all.")
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.locator("h1 + .tag")).to_contain_text("Packed")
    flow(now())
    parcel = one(f"select 'P-' || id from warehouse_parcel where order_id = {order.removeprefix('SO-')}")
    walk.to("/ship")
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=parcel, exact=True))
    expect(row).to_contain_text(order)
    row.get_by_role("link", name=parcel, exact=True).click()
    expect(page.get_by_text("Print label")).to_be_visible()
    expect(page.get_by_text("It waits to be scanned out to the carrier.")).to_be_visible()
    shoot(page, "label")


def test_the_five_minutes(walk: Walk):
    page = walk.to("/")
    expect(page.get_by_text("Demo company")).to_be_visible()
    expect(page.get_by_text("27 orders cannot be delivered as addressed").first).to_be_visible()
    shoot(page, "today")

    berlin = one(
        "select 'SO-' || a.order_id from allocation_allocation a "
        "join stock_location l on l.id = a.location_id where l.code = 'BER' "
        "and a.state <> 'cancelled' order by a.id desc limit 1"
    )
    walk.to(f"/orders/{berlin}")
    expect(page.get_by_role("heading", name=re.compile("Why"))).to_be_visible()
    shoot(page, "why")

    walk.to("/")
    page.get_by_role("link", name="Name the SKU").click()
    page.get_by_label("Which SKU of ours is it?").fill("MUG-ALDER-SAN")
    page.get_by_role("button", name=re.compile("Name it for all")).click()
    page.wait_for_load_state()
    flow(now())
    assert one(f"select count(*) from orders_line where code = '{RENAMED}' and sku_id is null") == "0"

    walk.to("/exceptions/holds?of=address")
    shoot(page, "addresses")
    page.get_by_label("Why they may go on").fill("The shop has asked all buyers; streets follow by mail.")
    page.get_by_role("button", name=re.compile("Release what is chosen")).click()
    expect(page.get_by_text("27 done")).to_be_visible()

    pick_and_pack(walk)

    walk.to("/exceptions/messages?of=unreadable")
    page.get_by_role("button", name=re.compile("Read what is chosen again")).click()
    page.wait_for_load_state()
    flow(now())
    assert one("select count(*) from inbox_message where state = 'unreadable'") == "1", "cut in half it stays"

    walk.to("/kpi")
    expect(page.get_by_text("Delivered on time")).to_be_visible()
    shoot(page, "kpi")
    # A wrong scan is itself such a complaint of the browser's.
    assert [text for text in walk.complaints if "status of 409" not in text] == []
    assert walk.elsewhere == []
    assert [finding for finding in doctor.examine() if finding.rows] == []
