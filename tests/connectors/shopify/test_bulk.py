"""Many orders that Shopify gathers by itself, and the file it leaves."""

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from quartermaster.channels.ports import Changes, Listed
from quartermaster.connectors.shopify import bulk, gathering
from quartermaster.connectors.shopify.channel import ShopifyChannel
from quartermaster.connectors.shopify.documents import goods as goods_documents
from quartermaster.connectors.shopify.documents import orders as documents
from quartermaster.connectors.shopify.listings import ShopifyListings
from quartermaster.connectors.shopify.translate import bulk as file
from quartermaster.core.outside import Account, NotDone, Unclear
from quartermaster.testing.conformance.channels import CHECKS, Stand, everything
from quartermaster.testing.conformance.deliveries import recorded

from . import sdl
from .conftest import Shop
from .stands import channel_stand

CHANNEL = ShopifyChannel()
OPERATIONS = {"RunBulk", "BulkState", "BulkUnderWay", "CancelBulk"}


@pytest.fixture
def stand(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Stand:
    """One whose orders are always gathered, however few they are, and read in small slices."""
    monkeypatch.setattr(bulk, "WIDE", timedelta(days=-9999))
    monkeypatch.setattr(gathering, "SLICE", 9_000)
    return channel_stand(shop)._replace(account=eager(shop))


def eager(shop: Shop) -> Account:
    return replace(shop.account, settings={**shop.account.settings, "bulk_from": "1"})


def asked(shop: Shop) -> list[str]:
    return [one.operation for one in shop.simulator.requests]


def go_on(shop: Shop, since: datetime, cursor: str = "") -> Changes:
    return CHANNEL.changes(account=eager(shop), since=since, cursor=cursor)


def finish(shop: Shop) -> None:
    """What is gathered is done."""
    for one in shop.has.operations.values():
        shop.has._end(one)


def in_pages(shop: Shop, stand: Stand) -> list[bytes]:
    return sorted(one.body for one in everything(stand._replace(account=shop.account)))


@pytest.mark.parametrize("check", CHECKS[:3], ids=lambda check: check.__name__)
def test_what_is_gathered_passes_the_suite(stand: Stand, shop: Shop, check):
    shop.has.bulk_polls = 2

    check(stand)

    assert "RunBulk" in asked(shop) or check is CHECKS[2]


def test_an_order_that_was_gathered_is_the_one_a_page_shows_to_the_last_byte(stand: Stand, shop: Shop):
    for one in recorded("shopify"):
        body = sdl.json_of(one.body)
        if isinstance(body, dict) and "line_items" in body and "total_price_set" in body:
            shop.has.take(body)
    left, _ = shop.has.sell(2, 1)
    shop.has.ship(left)
    parts, (line, _) = shop.has.sell(2, 1)
    for _ in range(2):  # two parcels: which had what, the file does not tell
        shop.has._sent(
            shop.has.orders[parts],
            {str(row["id"]): row for row in shop.has.orders[parts]["line_items"]},  # type: ignore[attr-defined]
            {line: 1},
            {},
        )
    long, _ = shop.has.sell(1)
    first = shop.has.orders[long]["line_items"][0]  # type: ignore[index]
    shop.has.take({**shop.has.orders[long], "line_items": [{**first, "id": n} for n in range(1, 61)]})

    gathered = {one.body for one in everything(stand)}

    assert "ChangedOrders" not in asked(shop)
    assert sorted(gathered) == in_pages(shop, stand)
    assert sdl.misfits(shop.has.said) == []


def test_only_what_the_file_cannot_tell_is_asked_for_by_itself(stand: Stand, shop: Shop):
    for _ in range(12):
        order, _ = shop.has.sell(2, 1)
        shop.has.ship(order)

    assert len(everything(stand)) == 12
    assert set(asked(shop)) - OPERATIONS - {f"/bulk/{n}.jsonl" for n in range(2000)} == {"OrdersCount"}


def test_the_operation_asks_for_what_shopify_gathers_and_no_list_inside_a_list():
    document = documents.gathered("updated_at:>='2026-11-23T12:00:00Z'")

    assert sdl.faults(document) == []
    assert sdl.not_for_bulk(document) == []
    assert "..." not in document.replace("... on", "")
    assert sdl.not_for_bulk(
        "{ orders { edges { node { refunds { refundLineItems { nodes { quantity } } } } } } }"
    )


def test_a_file_in_any_order_loses_nothing(stand: Stand, shop: Shop):
    """Lists behind all orders: they do not come together in a slice, so their orders are asked for."""
    for _ in range(30):
        shop.has.sell(2, 1)
    shop.has.is_scattered = True

    assert sorted({one.body for one in everything(stand)}) == in_pages(shop, stand)


def test_where_ranges_are_not_known_the_file_is_read_all_the_same(stand: Stand, shop: Shop):
    for _ in range(30):
        shop.has.sell(2, 1)
    shop.has.ranges = False

    assert len(everything(stand)) == 30


def test_an_operation_whose_number_nobody_kept_is_found_again(stand: Stand, shop: Shop):
    shop.has.sell(2, 1)
    shop.simulator.misbehave("RunBulk", "late")
    with pytest.raises(Unclear):
        go_on(shop, stand.began)

    assert len(everything(stand)) == 1
    assert len(shop.has.operations) == 1


def test_whoever_comes_next_goes_on_where_the_last_one_stopped(stand: Stand, shop: Shop):
    for _ in range(30):
        shop.has.sell(2, 1)
    cursors, told, page = [""], list[bytes](), go_on(shop, stand.began)
    while page.up_to is None:
        told += [one.body for one in page.orders]
        cursors.append(page.cursor)
        shop.simulator.misbehave("BulkState", "down")  # a worker that dies on its way
        with pytest.raises(NotDone):
            go_on(shop, stand.began, page.cursor)
        page = go_on(shop, stand.began, page.cursor)
    told += [one.body for one in page.orders]

    assert len(told) == len(set(told)) == 30
    assert len(shop.has.operations) == 1
    assert page.up_to < shop.has.clock + timedelta(seconds=1)


def test_while_it_is_gathered_nobody_asks_at_once_again(stand: Stand, shop: Shop):
    shop.has.sell(2, 1)
    shop.has.bulk_polls = 30
    page, waits = go_on(shop, stand.began), []
    for _ in range(12):
        assert page.again_at is not None
        waits.append(round((page.again_at - datetime.now(page.again_at.tzinfo)).total_seconds()))
        page = go_on(shop, stand.began, page.cursor)

    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (2, 60)
    assert page.note == "Shopify gathers them, 1 so far"


@pytest.mark.parametrize("end", ["FAILED", "CANCELED", "EXPIRED", "busy", "refused", "gone", "elsewhere"])
def test_whatever_becomes_of_it_the_pages_remain(stand: Stand, shop: Shop, end: str):
    orders = {shop.has.sell(2, 1)[0] for _ in range(30)}
    match end:
        case "busy":
            shop.has.is_bulk_busy = True
        case "FAILED":
            shop.has.bulk_ends, shop.has.bulk_cut = end, 30_000
        case "refused" | "gone" | "elsewhere":
            pass
        case _:
            shop.has.bulk_ends = end
    page = go_on(shop, stand.began)
    if end == "gone":
        finish(shop)
        shop.has.files.clear()
    if end == "elsewhere":
        for one in shop.has.operations.values():
            one |= {"status": "COMPLETED", "url": "https://elsewhere.example/file.jsonl"}
    if end == "refused":
        shop.has.operations.clear()
    told = list(page.orders)
    while page.up_to is None:
        page = go_on(shop, stand.began, page.cursor)
        told += page.orders

    bodies = {one.body for one in told}
    assert len(bodies) == len(orders)  # what a part of the file had told is the same once more
    assert "ChangedOrders" in asked(shop)


def test_one_that_takes_too_long_is_called_off(stand: Stand, shop: Shop, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(gathering, "ASKED_MAX", 3)
    shop.has.sell(2, 1)
    shop.has.bulk_polls = 99

    assert len(everything(stand)) == 1

    assert [one["status"] for one in shop.has.operations.values()] == ["CANCELING"]
    assert sdl.misfits(shop.has.said) == []


def test_a_file_that_was_cut_off_on_its_way_is_not_the_end_of_it(stand: Stand, shop: Shop):
    shop.has.sell(2, 1)
    page = go_on(shop, stand.began)
    finish(shop)
    for path, content in shop.has.files.items():
        shop.has.files[path] = content[:-40]

    with pytest.raises(NotDone, match="cut off"):
        go_on(shop, stand.began, page.cursor)


@pytest.mark.parametrize(("bulk_from", "is_gathered"), [("", False), ("2", False), ("1", True), ("0", False)])
def test_few_orders_are_read_in_pages(stand: Stand, shop: Shop, bulk_from: str, is_gathered: bool):
    shop.has.sell(2, 1)
    account = replace(shop.account, settings={**shop.account.settings, "bulk_from": bulk_from})

    page = CHANNEL.changes(account=account, since=stand.began, cursor="")

    assert (page.again_at is not None) == is_gathered


def test_what_changed_just_now_is_not_even_counted(shop: Shop):
    page = go_on(shop, datetime.now(shop.has.clock.tzinfo) - timedelta(minutes=15))

    assert page.up_to is not None
    assert asked(shop) == ["ChangedOrders"]


def offers(shop: Shop, account: Account) -> list[Listed]:
    """All pages of what is for sale."""
    found, cursor = list[Listed](), ""
    while not found or cursor:
        page = ShopifyListings().listings(account=account, cursor=cursor)
        found.append(page)
        cursor = page.cursor
    return found


def test_what_is_for_sale_is_gathered_too_and_is_the_same(stand: Stand, shop: Shop):
    for n in range(60):
        shop.has.offer(f"LAMP-{n}", n, "9.90")
    before = datetime.now(shop.has.clock.tzinfo)

    gathered = offers(shop, eager(shop))

    told = [one for page in gathered for one in page.listings]
    assert told == [one for page in offers(shop, shop.account) for one in page.listings]
    assert len(told) == 60
    assert gathered[0].again_at is not None
    assert len(gathered) > 3
    assert all(page.as_of and before <= page.as_of <= before + timedelta(seconds=5) for page in gathered[2:])
    assert sdl.misfits(shop.has.said) == []
    document = goods_documents.gathered("gid://shopify/Location/1")
    assert sdl.faults(document) + sdl.not_for_bulk(document) == []


@pytest.mark.parametrize("end", ["FAILED", "CANCELED", "busy", "gone"])
def test_whatever_becomes_of_it_what_is_for_sale_is_read_in_pages(stand: Stand, shop: Shop, end: str):
    names = {shop.has.offer(f"LAMP-{n}", n, "9.90") for n in range(60)}
    shop.has.is_bulk_busy = end == "busy"
    shop.has.bulk_ends, shop.has.bulk_cut = end if end.isupper() else "COMPLETED", 9_000
    first = ShopifyListings().listings(account=eager(shop), cursor="")
    if end == "gone":
        finish(shop)
        shop.has.files.clear()
    told, cursor = [*first.listings], first.cursor
    while cursor:
        page = ShopifyListings().listings(account=eager(shop), cursor=cursor)
        told += page.listings
        cursor = page.cursor

    assert {one.name for one in told} == names
    assert "Variants" in asked(shop)


@pytest.mark.parametrize(
    "wrong",
    [
        {"fulfillments": [{"id": "f", "status": "SUCCESS", "totalQuantity": 2}]},
        {"fulfillments": [{"id": "f", "status": "CANCELLED", "totalQuantity": 1}]},
        {"refunds": [{"id": "r"}]},
        {"subtotalLineItemsQuantity": 4},
    ],
)
def test_what_does_not_come_to_the_same_is_not_guessed(wrong: dict[str, object]):
    order = {"id": "gid://shopify/Order/1", "fulfillments": [], "refunds": [], "subtotalLineItemsQuantity": 3}
    line = {
        "__typename": "LineItem",
        "id": "l",
        "quantity": 3,
        "currentQuantity": 3,
        "unfulfilledQuantity": 2,
    }

    assert file.whole(order, [line]) is not None
    assert file.whole({**order, **wrong}, [line]) is None
    assert file.whole(order, [{**line, "__typename": "Colour"}]) is None
