"""A morning at the keyboard: nothing complains, nothing comes from elsewhere, the mouse is not needed."""

import re

from playwright.sync_api import expect
from tests.browser.conftest import Walk
from tests.browser.pictures import SHOTS
from tests.console import company

from quartermaster.console.actions import login_link
from quartermaster.orders.queries import document


def test_every_page_is_quiet_and_fits_on_a_phone(walk: Walk):
    walk.page.set_viewport_size({"width": 360, "height": 740})
    expected = {"/nowhere": 404, "/orders/SO-999999": 404}
    for path in SHOTS.values():
        if "{link}" in path:
            continue
        with walk.page.expect_response(lambda answer: answer.request.is_navigation_request()) as answered:
            walk.to(path)
        assert answered.value.status == expected.get(path, 200), path
        width = walk.page.evaluate("document.documentElement.scrollWidth")
        assert width <= 360, f"{path} is {width} pixels wide on a phone"

    # A page that is not there is itself such a complaint of the browser's.
    assert [text for text in walk.complaints if "status of 404" not in text] == []
    assert walk.elsewhere == []


def test_everything_to_press_is_large_enough(walk: Walk):
    for path in ("/orders", "/orders/{held}?status=on_hold", "/messages", "/stock", "/stock/MUG-ST"):
        walk.to(path)
        small = walk.page.evaluate(
            """() => [...document.querySelectorAll("main :is(button, summary, input, select, .button)")]
                 .filter((each) => each.checkVisibility())
                 .map((each) => [each.textContent.trim() || each.name, each.getBoundingClientRect().height])
                 .filter(([, height]) => height < 24)"""
        )
        assert small == [], path


def test_a_morning_at_the_keyboard(walk: Walk):
    page = walk.to("/orders")
    keys = page.keyboard

    keys.press("Tab")
    expect(page.get_by_text("Skip to the page")).to_be_focused()
    keys.press("Enter")

    keys.press("g")
    keys.press("s")
    expect(page).to_have_url(re.compile("/stock$"))
    keys.press("g")
    keys.press("j")
    expect(page).to_have_url(re.compile("/messages$"))
    keys.press("g")
    keys.press("o")
    expect(page).to_have_url(re.compile("/orders$"))

    for key in "jjk":
        keys.press(key)
    first = page.locator("a[data-row]").first
    expect(first).to_be_focused()
    keys.press("x")
    expect(page.get_by_role("button", name="Hold")).to_be_visible()
    keys.press("x")
    expect(page.get_by_role("button", name="Hold")).to_be_hidden()
    keys.press("Enter")
    expect(page.locator("h1")).to_have_text(company.newest())
    page.wait_for_load_state("load")  # keys are lost on a page that does not listen yet
    keys.press("]")
    expect(page.locator("h1")).to_have_text(company.number(20))
    page.wait_for_load_state("load")
    keys.press("[")
    expect(page.locator("h1")).to_have_text(company.newest())
    page.wait_for_load_state("load")

    keys.press("?")
    expect(page.locator("dialog dl")).to_contain_text("Hold this order")
    keys.press("g")  # inert while the dialog is open
    keys.press("s")
    keys.press("Escape")
    expect(page.locator("dialog")).to_be_hidden()
    expect(page.locator("h1")).to_have_text(company.newest())
    assert walk.complaints == []


def test_holding_and_undoing_by_key_stays_in_place(walk: Walk):
    number = walk.fill["order"]
    page = walk.to("/orders/{order}")
    page.evaluate("window.stayed = true")
    keys = page.keyboard

    keys.press("H")
    page.locator("[name=because]:visible").fill("gs: typing g and s goes nowhere")
    keys.press("Enter")
    expect(page.locator("#says")).to_contain_text("Held: by hand.")
    expect(page.locator("h1 + .tag")).to_contain_text("On hold")
    assert document(number).status == "on_hold"
    page.locator("body").click(position={"x": 5, "y": 300})
    keys.press("z")

    expect(page.locator("#says")).to_contain_text("Hold released: by hand.")
    assert document(number).status == "allocated"
    assert walk.complaints == []


def test_search_finds_while_typing(walk: Walk):
    page = walk.to("/stock")
    keys = page.keyboard

    keys.press("Control+k")
    expect(page.locator("#search")).to_be_focused()
    keys.type("lamp-b")
    expect(page.get_by_role("option")).to_have_count(2)
    keys.press("ArrowDown")
    expect(page.get_by_role("option").first).to_be_focused()
    keys.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)

    keys.press("Control+k")
    keys.press("Control+a")
    keys.type("go to exc")
    expect(page.get_by_role("option")).to_have_text(re.compile("Go to Exceptions"))
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(page).to_have_url(re.compile("/exceptions$"))
    page.wait_for_load_state("load")

    keys.press("/")
    keys.press("Control+a")
    keys.type(walk.fill["order"])
    expect(page.get_by_role("option")).to_have_count(1)
    page.wait_for_load_state("networkidle")  # a search under way is broken off by going, and complains
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(page.locator("h1")).to_have_text(walk.fill["order"])
    assert (walk.complaints, walk.elsewhere) == ([], [])


def test_keys_can_be_switched_off_and_colours_chosen(walk: Walk):
    page = walk.to("/help")
    page.locator("main").get_by_role("button", name="Off").click()
    page.keyboard.press("g")
    page.keyboard.press("s")
    page.wait_for_timeout(150)
    expect(page).to_have_url(re.compile("/help$"))

    page.locator("main").get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(18, 21, 23)"


def test_without_javascript_one_signs_in_holds_and_reads_again(walk: Walk):
    context = walk.page.context.browser.new_context(java_script_enabled=False)  # type: ignore[union-attr]
    page = context.new_page()
    page.goto(walk.address + login_link())
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("h1")).to_contain_text("orders are open")

    page.get_by_role("link", name="Orders", exact=False).first.click()
    page.get_by_role("link", name=walk.fill["order"], exact=True).click()
    page.locator("summary", has_text="Hold").click()
    page.locator("[name=because]:visible").fill("Called the customer.")
    page.get_by_role("button", name="Hold it").click()
    expect(page.locator("#says")).to_contain_text("Held: by hand.")
    page.locator("summary", has_text="Release").click()
    page.locator("[name=because]:visible").fill("All is well.")
    page.get_by_role("button", name="Release it").click()
    expect(page.locator("#says")).to_contain_text("Hold released: by hand.")

    page.goto(walk.address + "/messages")
    page.get_by_role("link", name=walk.fill["message"], exact=True).click()
    page.get_by_role("button", name="Read it again").click()
    expect(page.locator("#says")).to_contain_text("is read again")
    context.close()


def test_what_would_break_the_policy_is_blocked_and_told(walk: Walk):
    """That the quiet of the other walks means something: an inline script does complain."""
    page = walk.to("/orders")
    page.evaluate(
        """() => {
          const script = document.createElement("script")
          script.textContent = "window.broken = true"
          document.body.append(script)
        }"""
    )
    assert page.evaluate("window.broken") is None
    assert any("Content Security Policy" in text for text in walk.complaints)
