"""Stock and prices: what the suite of all shops does not ask."""

from time import monotonic

import pytest

from quartermaster.channels.ports import Count, Price, Taken
from quartermaster.connectors.shopify import listings
from quartermaster.connectors.shopify.listings import ShopifyListings
from quartermaster.connectors.shopify.translate import goods
from quartermaster.core.outside import Account, NotDone, Unclear

from .conftest import Shop

LISTINGS = ShopifyListings()


def set_stock(shop: Shop, *counts: Count, key: str = "S-1") -> tuple[Taken, ...]:
    return LISTINGS.set_stock(account=shop.account, counts=counts, key=key)


def asked(shop: Shop, operation: str) -> list[dict[str, object]]:
    return [one.body["variables"] for one in shop.simulator.requests if one.operation == operation]  # type: ignore[index,call-overload]


def test_a_stale_count_says_which_number_the_shop_has(shop: Shop):
    one, other = shop.has.offer("LAMP", 4, "19.90"), shop.has.offer("BULB", 4, "9.90")

    stale, taken = set_stock(shop, Count(one, 9, expected=5), Count(other, 8, expected=4))

    assert (stale.state, stale.quantity) == ("stale", 4)
    assert taken.state == "taken"


def test_rows_that_are_refused_are_left_out_and_the_others_written_under_another_key(shop: Shop):
    one = shop.has.offer("LAMP", 4, "19.90")

    set_stock(shop, Count(one, 9), Count("1/2/3", 1), Count("no listing", 1))

    first, second = asked(shop, "SetQuantities")
    assert first["key"] != second["key"]
    assert [len(write["input"]["quantities"]) for write in (first, second)] == [2, 1]  # type: ignore[index,call-overload]


def test_the_same_write_has_the_same_key_and_another_has_not(shop: Shop):
    name = shop.has.offer("LAMP", 4, "19.90")
    for count, key in ((9, "S-1"), (9, "S-1"), (8, "S-1"), (9, "S-2")):
        set_stock(shop, Count(name, count), key=key)

    first, same, *others = [write["key"] for write in asked(shop, "SetQuantities")]
    assert first == same
    assert len({first, *others}) == 3
    assert shop.has.writes == 3


def test_an_item_that_is_not_stocked_there_is_refused_with_the_reason(shop: Shop):
    name = shop.has.offer("LAMP", 4, "19.90")
    elsewhere = shop.account.settings | {"location": "2"}  # type: ignore[operator]

    (row,) = LISTINGS.set_stock(account=Account("acme", elsewhere), counts=[Count(name, 1)], key="S-1")

    assert (row.state, row.because) == ("refused", "Shopify: Item not stocked at location")


def test_where_its_stock_lies_is_not_asked_before_each_write(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    name = shop.has.offer("LAMP", 1, "9.90")
    for quantity in (2, 3):
        set_stock(shop, Count(name, quantity), key=f"S-{quantity}")
    assert (len(asked(shop, "Shop")), len(asked(shop, "SetQuantities"))) == (1, 2)
    monkeypatch.setattr(listings, "monotonic", lambda: monotonic() + 61)
    set_stock(shop, Count(name, 4), key="S-4")
    assert len(asked(shop, "Shop")) == 2


def test_of_several_locations_nobody_guesses_one(shop: Shop):
    name = shop.has.offer("LAMP", 4, "19.90")
    shop.has.places["gid://shopify/Location/2"] = "Shop"

    with pytest.raises(NotDone, match=r"Warehouse \(1\), Shop \(2\)"):
        set_stock(shop, Count(name, 1))

    told = shop.account.settings | {"location": "https://admin.shopify.com/locations/1"}  # type: ignore[operator]
    (row,) = LISTINGS.set_stock(account=Account("acme", told), counts=[Count(name, 1)], key="S-1")
    assert row.state == "taken"


def test_what_shopify_does_not_count_has_no_quantity(shop: Shop):
    name = shop.has.offer("CARD", 4, "19.90")
    shop.has.untracked.add(name)

    (found,) = LISTINGS.listed(account=shop.account, names=[name])

    assert (found.quantity, found.weight_g, found.title) == (None, 500, "Card")


def test_prices_of_one_product_go_together_and_of_too_many_wait(shop: Shop):
    same = [shop.has.offer(f"LAMP-{n}", 1, "19.90", product=5) for n in range(3)]
    others = [shop.has.offer(f"BULB-{n}", 1, "9.90") for n in range(20)]
    prices = [Price(name, 500, "EUR") for name in (*same, *others)]

    taken = LISTINGS.set_prices(account=shop.account, prices=prices, key="S-1")

    assert [row.state for row in taken] == ["taken"] * 14 + ["later"] * 9
    assert len(asked(shop, "SetPrices")) == 12


def test_a_throttle_half_way_leaves_the_rest_for_later(shop: Shop):
    names = [shop.has.offer(f"BULB-{n}", 1, "9.90") for n in range(3)]
    prices = [Price(name, 500, "EUR") for name in names]
    shop.has.points = 45.0  # enough for the first look and one write

    taken = LISTINGS.set_prices(account=shop.account, prices=prices, key="S-1")

    assert [row.state for row in taken] == ["taken", "later", "later"]
    with pytest.raises(NotDone):
        LISTINGS.set_prices(account=shop.account, prices=prices[1:], key="S-1")


@pytest.mark.parametrize(
    ("code", "told"),
    [("IDEMPOTENCY_CONCURRENT_REQUEST", None), ("IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED", "taken")],
)
def test_a_key_that_is_busy_or_spent(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, code: str, told: str | None
):
    name = shop.has.offer("LAMP", 4, "19.90")
    answers = [{"userErrors": [{"code": code, "message": code}]}, {"userErrors": []}]
    keys: list[str] = []

    def say(_admin: object, _told: object, _document: str, _wanted: object, key: str) -> object:
        keys.append(key)
        return answers.pop(0)

    monkeypatch.setattr("quartermaster.connectors.shopify.listings._told", say)
    if told is None:
        with pytest.raises(Unclear):
            set_stock(shop, Count(name, 9))
        return
    (row,) = set_stock(shop, Count(name, 9))
    assert row.state == told
    assert len(set(keys)) == 2


def test_an_error_that_names_no_row_is_one_of_every_row():
    payload = {"userErrors": [{"code": "INVALID_LOCATION", "message": "no", "field": ["input"]}]}

    assert [row.state for row in goods.refusals(payload, ["a", "b"], "quantities").values()] == [
        "refused"
    ] * 2


def test_a_variant_is_named_by_what_its_writes_need():
    variant = {
        "id": "gid://shopify/ProductVariant/8",
        "title": "Brass",
        "price": "19.9",
        "product": {"id": "gid://shopify/Product/7", "title": "Lamp", "status": "DRAFT"},
        "inventoryItem": {"id": "gid://shopify/InventoryItem/9", "tracked": True},
    }

    found = goods.listing(variant, "EUR")

    assert (found.name, found.title, found.price_minor) == ("7/8/9", "Lamp – Brass", 1990)
    assert (found.quantity, found.is_live, found.weight_g) == (0, False, None)
    assert goods.name_of("7/8") is None
    assert goods.name_of("7/8/x") is None
