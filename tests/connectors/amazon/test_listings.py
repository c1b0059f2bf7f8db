import pytest

from quartermaster.channels.ports import Content, Count, Listing, Price
from quartermaster.connectors.amazon.listings import AmazonListings
from quartermaster.connectors.amazon.translate import offers
from quartermaster.core.outside import Account, NotDone
from quartermaster.testing.simulators.amazon import Amazon
from quartermaster.testing.simulators.server import Simulator

LISTINGS = AmazonListings()


def names(account: Account) -> list[str]:
    found: list[str] = []
    cursor = ""
    while True:
        page = LISTINGS.listings(account=account, cursor=cursor)
        found += [one.name for one in page.listings]
        if not (cursor := page.cursor):
            return found


def test_a_listing_says_what_it_is(shop: Amazon, account: Account):
    shop.listings.offer("LAMP", 5, "19.90", title="Lamp  with\nfeet")
    shop.listings.items["LAMP"]["attributes"] = {
        "externally_assigned_product_identifier": [{"type": "ean", "value": "4006381333931"}],
        "item_package_weight": [{"unit": "kilograms", "value": 1.25}],
    }

    assert LISTINGS.listed(account=account, names=["LAMP"]) == (
        Listing("LAMP", "LAMP", "Lamp with feet", 5, 1990, "EUR", "4006381333931", 1250),
    )


def test_what_lies_with_amazon_is_not_counted_by_us(shop: Amazon, account: Account):
    shop.listings.offer("LAMP", 70, "19.90", channel="AMAZON_EU")

    (found,) = LISTINGS.listed(account=account, names=["LAMP"])
    (taken,) = LISTINGS.set_stock(account=account, counts=[Count("LAMP", 3)], key="S-1")

    assert found.quantity is None
    assert (taken.state, taken.because) == ("refused", offers.AMAZONS)
    assert shop.listings.count("LAMP")["quantity"] == 70
    (priced,) = LISTINGS.set_prices(account=account, prices=[Price("LAMP", 990, "EUR")], key="S-1")
    assert priced.state == "accepted"


def test_a_reduction_is_taken_away_by_an_offer_without_it_and_the_one_for_businesses_stays(
    running: Simulator, shop: Amazon, account: Account
):
    shop.listings.offer("LAMP", 5, "19.90")
    price = {"our_price": [{"schedule": [{"value_with_tax": 19.9}]}]}
    until = {"start_at": "2026-01-01", "end_at": "2099-01-01", "value_with_tax": 15}
    ours = {"audience": "ALL", **price, "discounted_price": [{"schedule": [until]}]}
    theirs = {"audience": "B2B", **price}
    shop.listings.items["LAMP"]["attributes"] = {"purchasable_offer": [ours, theirs]}
    (found,) = LISTINGS.listed(account=account, names=["LAMP"])

    LISTINGS.set_prices(account=account, prices=[Price("LAMP", 1800, "EUR")], key="S-1")

    assert (found.price_minor, found.was_minor) == (1500, 1990)
    (asked,) = [one.body for one in running.requests if one.operation == "patch"]
    (patch,) = asked["patches"]
    assert (patch["op"], patch["value"][1]) == ("replace", theirs)
    assert patch["value"][0]["our_price"] == [{"schedule": [{"value_with_tax": 18}]}]
    assert "discounted_price" not in patch["value"][0]


def test_a_count_and_a_price_are_merged_and_leave_the_rest(
    running: Simulator, shop: Amazon, account: Account
):
    shop.listings.offer("LAMP", 5, "19.90")

    LISTINGS.set_stock(account=account, counts=[Count("LAMP", 7)], key="S-1")
    LISTINGS.set_prices(account=account, prices=[Price("LAMP", 123456789, "EUR")], key="S-1")

    stock, price = [one.body for one in running.requests if one.operation == "patch"]
    assert stock == {
        "productType": "LAMP",
        "patches": [
            {
                "op": "merge",
                "path": "/attributes/fulfillment_availability",
                "value": [{"fulfillment_channel_code": "DEFAULT", "quantity": 7}],
            }
        ],
    }
    assert price == {
        "productType": "LAMP",
        "patches": [
            {
                "op": "merge",
                "path": "/attributes/purchasable_offer",
                "value": [
                    {
                        "marketplace_id": "A1PA6795UKMFR9",
                        "currency": "EUR",
                        "audience": "ALL",
                        "our_price": [{"schedule": [{"value_with_tax": 1234567.89}]}],
                    }
                ],
            }
        ],
    }


def test_more_listings_than_amazon_pages_through_are_all_read(
    shop: Amazon, account: Account, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(offers, "WINDOW", 40)
    shop.listings.window = 40
    for n in range(38):
        shop.listings.offer(f"LAMP-{n:03}", 1, "9.90")
    for n in range(38, 100):
        shop.listings.offer(f"LAMP-{n:03}", 1, "9.90", created=f"2026-02-01T00:00:{n // 3:02}Z")

    assert names(account) == [f"LAMP-{n:03}" for n in range(100)]


def test_listings_that_cannot_all_be_seen_are_not_passed_over(
    shop: Amazon, account: Account, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(offers, "WINDOW", 40)
    shop.listings.window = 40
    for n in range(50):
        shop.listings.offer(f"LAMP-{n}", 1, "9.90", created="2026-02-01T00:00:00Z")

    with pytest.raises(NotDone, match="made at one moment"):
        names(account)


def test_rows_behind_a_throttle_are_for_later(running: Simulator, shop: Amazon, account: Account):
    counts = [Count(shop.listings.offer(f"LAMP-{n}", 1, "9.90"), 7) for n in range(4)]
    running.misbehave("patch", "slow", "slow", "429")

    taken = LISTINGS.set_stock(account=account, counts=counts, key="S-1")

    assert [row.state for row in taken] == ["accepted", "accepted", "later", "later"]
    assert taken[-1].because
    assert shop.listings.writes == 2


def test_a_row_without_a_clear_answer_keeps_none_of_the_others(
    running: Simulator, shop: Amazon, account: Account
):
    for sku in "ABCD":
        shop.listings.offer(sku, 5, "19.90")
    counts = [Count(sku, 7) for sku in "ABCD"]

    running.misbehave("patch", "500", "slow", "500 late")
    once = LISTINGS.set_stock(account=account, counts=counts, key="S-1")
    assert [(one.listing, one.state) for one in once] == [("B", "accepted"), ("D", "accepted")]
    assert [shop.listings.count(sku)["quantity"] for sku in "ABCD"] == [5, 7, 7, 7]

    running.misbehave("patch", "500 late", "500")
    again = LISTINGS.set_stock(account=account, counts=counts, key="S-2")
    assert [(one.listing, one.state) for one in again] == [("C", "later"), ("D", "later")]


def test_a_token_that_ends_half_way_writes_no_row_twice(running: Simulator, shop: Amazon, account: Account):
    counts = [Count(shop.listings.offer(f"LAMP-{n}", 1, "9.90"), 7) for n in range(4)]
    running.misbehave("patch", "slow", "401")

    taken = LISTINGS.set_stock(account=account, counts=counts, key="S-1")

    assert [row.state for row in taken] == ["accepted"] * 4
    assert shop.listings.writes == 4


def test_what_amazon_says_against_a_row_is_repeated():
    issues = [
        {"severity": "WARNING", "message": "Add a picture."},
        {"severity": "ERROR", "message": "The price is too high."},
    ]

    taken = offers.taken("LAMP", {"status": "INVALID", "issues": issues})

    assert (taken.state, taken.because) == ("refused", "The price is too high.")


def test_titles_in_other_languages_are_written_as_they_stand(
    running: Simulator, shop: Amazon, account: Account
):
    shop.listings.offer("LAMP", 5, "19.90", title="Lampe")
    german, french = (
        {"value": value, "language_tag": tag, "marketplace_id": "A1PA6795UKMFR9"}
        for value, tag in (("Lampe", "de_DE"), ("La lampe", "fr_FR"))
    )
    shop.listings.items["LAMP"]["attributes"] = {"item_name": [german, french]}
    shop.listings.offer("BULB", 5, "9.90")
    shop.listings.items["BULB"]["attributes"] = {}

    rows = [Content(name, "title", "Messinglampe") for name in ("LAMP", "BULB")]
    lamp, bulb = LISTINGS.set_content(account=account, contents=rows, key="C-1")

    (sent,) = [one.body for one in running.requests if one.operation == "patch"]
    assert lamp.state == "accepted"
    assert sent == {
        "productType": "LAMP",
        "patches": [
            {
                "op": "replace",
                "path": "/attributes/item_name",
                "value": [{**german, "value": "Messinglampe"}, french],
            }
        ],
    }
    assert (bulb.state, bulb.because) == ("refused", offers.NO_TITLE)


def test_what_amazon_s_attributes_do_not_allow_is_told_back(shop: Amazon, account: Account):
    shop.listings.offer("LAMP", 5, "19.90")
    row = Content("LAMP", "title", "x" * 201)

    (taken,) = LISTINGS.set_content(account=account, contents=[row], key="C-1")

    assert (taken.state, "maximum of 200" in taken.because) == ("refused", True)
