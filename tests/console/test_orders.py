"""Orders as a person without JavaScript sees and changes them."""

import pytest
from django.test import Client
from tests.console import company
from tests.console.conftest import Page, Shop

from quartermaster.allocation.actions import write_rules
from quartermaster.allocation.rules import Rule
from quartermaster.console.orders.lists import Wanted
from quartermaster.console.orders.queries import neighbours
from quartermaster.core import sql
from quartermaster.orders.queries import document


def text(owner: Client, address: str) -> str:
    return " ".join(Page(owner.get(address).content.decode()).text.split())


def test_the_list_says_what_an_order_waits_for(shop: Shop, owner: Client):
    shop.sell(("LAMP-BK", 1), financial_status="pending")
    shop.sell(("MUG-SL", 5))
    shop.sell(("VASE-NEW", 1))

    seen = text(owner, "/orders")

    assert "On hold Wait for payment Payment: EUR 123.90 is not paid yet." in seen
    assert "Backordered Buy or re-route 3 × MUG-SL waits for stock" in seen
    assert "On hold Name the SKU Unknown SKU: VASE-NEW. It goes on by itself" in seen


def test_tabs_count_and_filter_by_status(shop: Shop, owner: Client):
    held, ready = shop.sell(("LAMP-BK", 1), financial_status="pending"), shop.sell(("MUG-ST", 1))

    seen = text(owner, "/orders?status=on_hold")

    assert "On hold 1" in seen
    assert "Ready to pick 1" in seen
    assert held in seen
    assert ready not in seen


def test_a_connection_nobody_knows_shows_nothing_and_says_why(shop: Shop, owner: Client):
    shop.sell(("MUG-ST", 1))
    assert "Others are hidden by this filter" in text(owner, "/orders?connection=elsewhere")
    assert owner.get("/orders", {"connection": "nul\0"}).status_code == 200


def test_pages_follow_each_other_without_a_gap(shop: Shop, owner: Client):
    for n in range(51):
        webhook = shop.channel.buy(n, ("HOOK-CA", 1))
        company.hear(shop.connection, webhook, shop.channel.now)
    company.flow()
    first = Page(owner.get("/orders").content.decode())
    (older,) = [link for link in first.values("a", "href") if "after=" in link]
    second = Page(owner.get(f"/orders{older}").content.decode())

    def rows(page: Page) -> list[str]:
        return [given["href"] for tag, given in page.elements if tag == "a" and "data-row" in given]

    assert (len(rows(first)), len(rows(second))) == (50, 1)
    assert not set(rows(first)) & set(rows(second))


def test_an_empty_list_says_what_it_is_for_and_what_to_do(owner: Client):
    assert "no shop is connected" in text(owner, "/orders")
    assert "./qm connect --list" in text(owner, "/orders")


def test_an_order_begins_with_a_sentence_and_explains_every_site(shop: Shop, owner: Client):
    number = shop.sell(("LAMP-BR", 2), ("MUG-ST", 2))

    seen = text(owner, f"/orders/{number}")

    assert "4 units reserved at BER; the floor may pick them." in seen
    assert "Why BER?" in seen
    for site in ("BER", "MUC", "FUL"):
        assert site in seen
    assert "Has everything, one parcel, EUR 4.90, 1 day. Cheapest of 2." in seen
    assert "costs EUR 1.30 more" in seen
    assert "FUL lacks 2 × LAMP-BR" in seen
    assert "rule set 2" in seen
    assert "€296.70 − €0.00 = €296.70" in seen


def test_asking_again_shows_the_difference_and_changes_nothing(shop: Shop, owner: Client):
    number = shop.sell(("LAMP-BR", 1))
    assert "The same answer." in text(owner, f"/orders/{number}?ask=today")
    write_rules((Rule("Only Munich", sites=("MUC",)),), because="x", at=shop.channel.now, by="system")

    seen = text(owner, f"/orders/{number}?ask=today")

    assert "Another answer." in seen
    assert "BER: 0 × LAMP-BR instead of 1. MUC: 1 × LAMP-BR instead of 0." in seen
    assert document(number).lines[0].allocated == 1
    assert "Why BER?" in text(owner, f"/orders/{number}")


def test_a_hold_is_placed_shown_undone_and_told(shop: Shop, owner: Client):
    number = shop.sell(("MUG-ST", 1))

    answer = owner.post(
        f"/orders/{number}/holds", {"kind": "fraud", "because": "Third card tried."}, follow=True
    )

    page = Page(answer.content.decode())
    seen = " ".join(page.text.split())
    assert "Held: fraud. Undo" in seen
    assert "On hold: fraud." in seen
    assert "Third card tried." in seen
    assert "by owner" in seen
    (undo,) = {link for link in page.values("form", "action") if link.endswith("/holds/fraud/release")}
    seen = " ".join(Page(owner.post(undo, {"because": "x"}, follow=True).content.decode()).text.split())
    assert "Hold released: fraud." in seen
    assert document(number).status == "allocated"


def test_a_hold_without_a_reason_is_refused_in_words(shop: Shop, owner: Client):
    number = shop.sell(("MUG-ST", 1))

    answer = owner.post(f"/orders/{number}/holds", {"kind": "nonsense", "because": " ", "until": ""})

    assert answer.status_code == 422
    seen = " ".join(Page(answer.content.decode()).text.split())
    assert "kind one of:" in seen
    assert "because say why" in seen
    assert "Nothing was changed." in seen
    assert (
        owner.post(f"/orders/{number}/holds", {"kind": "date", "because": "x", "until": "soon"}).status_code
        == 422
    )


def test_an_order_is_cancelled_whole_or_in_part_behind_its_consequences(shop: Shop, owner: Client):
    number = shop.sell(("MUG-ST", 3), ("CANDLE-3", 1))
    seen = text(owner, f"/orders/{number}")
    assert "This sets off: " in seen
    assert "Reserved units go back to stock." in seen
    assert "northlight is not told" in seen
    line = document(number).lines[0].id

    owner.post(f"/orders/{number}/cancel", {f"units-{line}": "2", "some": "1", "because": "Two too many."})
    assert "being worked through" in text(owner, f"/orders/{number}")
    company.flow()
    assert [each.cancelled for each in document(number).lines] == [2, 0]
    assert "being worked through" not in text(owner, f"/orders/{number}")

    owner.post(f"/orders/{number}/cancel", {"because": "Not wanted any more."})
    company.flow()
    assert document(number).status == "cancelled"
    assert "Cancelled: Not wanted any more." in text(owner, f"/orders/{number}")


def test_units_that_are_no_number_are_refused_and_nothing_happens(shop: Shop, owner: Client):
    number = shop.sell(("MUG-ST", 3))
    line = document(number).lines[0].id
    for units in ("-1", "1e3", "many", "", "0", "9" * 40):
        answer = owner.post(f"/orders/{number}/cancel", {f"units-{line}": units, "some": "1", "because": "x"})
        assert answer.status_code in (409, 422), units
    assert document(number).lines[0].cancelled == 0


def test_whoever_is_faster_wins_and_the_other_is_told(shop: Shop, owner: Client):
    number = shop.sell(("MUG-ST", 3))
    version = document(number).version
    owner.post(f"/orders/{number}/holds", {"kind": "manual", "because": "A colleague was here."})

    answer = owner.post(f"/orders/{number}/cancel", {"because": "x", "version": version})

    assert answer.status_code == 409
    assert "was changed meanwhile" in answer.content.decode()
    assert document(number).status == "on_hold"


def test_an_address_is_corrected_and_its_hold_goes(shop: Shop, owner: Client):
    nowhere = {"first_name": "Oskar", "city": "Hamburg", "country_code": "DE", "zip": "20259"}
    number = shop.sell(("BOWL-L", 1), shipping_address=nowhere)
    assert document(number).status == "on_hold"

    given = {"name": "Oskar Brandt", "line1": "Lange Reihe 2", "city": "Hamburg", "postcode": "20099"}
    owner.post(f"/orders/{number}/address", {**given, "country": "de", "because": "Asked the customer."})

    order = document(number)
    assert order.ship_to is not None
    assert (order.ship_to.line1, order.ship_to.country) == ("Lange Reihe 2", "DE")
    assert "Lange Reihe 2" in text(owner, f"/orders/{number}")


def test_a_doubted_address_is_taken_as_the_carrier_writes_it_from_the_list(shop: Shop, owner: Client):
    number = shop.sell(("MUG-ST", 1))
    sql.run(
        "insert into shipping_address_verdict "
        "(order_id, address_sha256, verdict, account, because, suggested, at) "
        "select id, encode(sha256(convert_to(ship_to::text, 'UTF8')), 'hex'), 'doubtful', 'dhl', %s::jsonb, "
        "ship_to || %s::jsonb, now() from orders_order",
        ('["The postcode was corrected."]', '{"postcode": "10101"}'),
    )
    seen, listed = text(owner, f"/orders/{number}"), text(owner, "/orders")
    assert "dhl doubts this address: The postcode was corrected. It would write: " in seen
    assert "dhl would write " in listed
    assert ", 10101 " in listed

    answer = owner.post(f"/orders/{number}/address-suggestion", {"within": "?view=ready", "take": number})

    assert answer.headers["Location"] == "/orders?view=ready"
    assert document(number).ship_to.postcode == "10101"
    assert "would write" not in text(owner, "/orders")
    assert "doubts this address" not in text(owner, f"/orders/{number}")


def test_an_order_is_routed_by_hand(shop: Shop, owner: Client):
    number = shop.sell(("LAMP-BR", 1))

    owner.post(f"/orders/{number}/routing", {"location": "MUC", "because": "Berlin is flooded."})

    seen = text(owner, f"/orders/{number}")
    assert "Why MUC?" in seen
    assert "Berlin is flooded." in seen
    assert "Earlier decisions (1)" in seen


def test_the_neighbours_are_those_of_the_list_one_came_from(shop: Shop, owner: Client):
    first = shop.sell(("LAMP-BK", 1), financial_status="pending")
    shop.sell(("MUG-ST", 1))
    third = shop.sell(("LAMP-BK", 1), financial_status="pending")

    page = Page(owner.get(f"/orders/{third}?status=on_hold").content.decode())

    links = {given["rel"]: given["href"] for tag, given in page.elements if tag == "a" and "rel" in given}
    assert links == {"next": f"/orders/{first}?view=on_hold"}


@pytest.mark.parametrize("order_id", [1, 13_000, 32_767, 32_768, 2**31 - 1, 2**31])
def test_there_are_neighbours_of_whatever_number(db: None, order_id: int):
    assert neighbours(order_id, Wanted("", {}, {})) == (None, None)


def test_an_order_that_is_not_there_is_refused_in_words(owner: Client):
    for number in ("SO-99", "SO-0", "nonsense", "SO-" + "9" * 30, "%00"):
        answer = owner.get(f"/orders/{number}")
        assert answer.status_code == 404, number
        assert "There is no order" in answer.content.decode()


def test_a_refund_that_is_due_is_given_back_through_a_live_shop(shop: Shop, owner: Client):
    number = shop.sell(("MUG-ST", 3))
    owner.post(f"/orders/{number}/cancel", {"because": "Not wanted any more."})
    company.flow()
    ((refund,),) = sql.run("select 'R-' || id from money_refund")
    assert "Not through northlight: its shop is only read, or paused." in text(owner, f"/orders/{number}")

    sql.run("insert into channels_shop (connection_id, mode) select id, 'live' from inbox_connection")
    seen = text(owner, f"/orders/{number}")
    assert "Give it back through northlight" in seen
    owner.post(f"/orders/{number}/refunds/{refund}/pay", {"note": "sorry"})

    assert sql.run("select state, note from channels_payout") == [("queued", "sorry")]
    seen = text(owner, f"/orders/{number}")
    assert "Told to northlight" in seen
    assert "Give it back through northlight" not in seen
    assert owner.post(f"/orders/{number}/refunds/{refund}/pay").status_code == 409
