"""The floor's pages, without JavaScript: a list made, picked scan by scan, packed; tasks done."""

from django.test import Client
from tests.console.conftest import Shop
from tests.console.test_orders import text

from quartermaster.console.floor.scans import Scan, meaning
from quartermaster.core import sql
from quartermaster.orders.actions import cancel
from quartermaster.testing.builders import SOLD_AT, flow
from quartermaster.warehouse.queries.lists import PickShown


def made(owner: Client, site: str = "BER") -> str:
    return owner.post("/floor/lists", {"site": site, "orders": "20"}).headers["Location"]


def first_pick(path: str) -> int:
    list_id = path.rpartition("/")[2]
    query = "select id from warehouse_pick where pick_list_id = %s and state = 'to_pick' order by position"
    return int(sql.run(query, (list_id,))[0][0])


def site_of(number: str) -> str:
    query = (
        "select l.code from allocation_allocation a join stock_location l on l.id = a.location_id "
        "where a.order_id = %s and a.state <> 'cancelled'"
    )
    return str(sql.run(query, (number.removeprefix("SO-"),))[0][0])


def test_the_board_says_what_waits_and_makes_a_list(shop: Shop, owner: Client):
    site = site_of(shop.sell(("LAMP-BK", 2)))
    seen = text(owner, f"/floor?site={site}")
    assert "Pick 1 order to pick" in seen

    path = made(owner, site)

    seen = text(owner, path)
    assert "Go to" in seen
    assert "LAMP- BK" in seen or "LAMP-BK" in seen
    assert "×2" in seen
    assert path.removeprefix("/floor/pick/") in text(owner, f"/floor?site={site}")


def test_a_unit_is_picked_by_its_barcode_and_a_wrong_one_is_named(shop: Shop, owner: Client):
    number = shop.sell(("LAMP-BK", 2))
    path = made(owner, site_of(number))
    pick = first_pick(path)

    wrong = owner.post(f"{path}/{pick}", {"scan": "MUG-ST", "so_far": "0"})
    assert wrong.status_code == 409
    assert "This is MUG-ST, you need LAMP-BK." in wrong.content.decode()
    for _ in range(2):  # the same form twice is one pick
        owner.post(f"{path}/{pick}", {"scan": "4012345000001", "so_far": "0"})
    assert "×1" in text(owner, path)
    owner.post(f"{path}/{pick}", {"all": "1"})

    assert "Done" in text(owner, path)
    assert sql.run("select picked from orders_line") == [(2,)]


def test_fewer_units_than_expected_are_noted(shop: Shop, owner: Client):
    number = shop.sell(("LAMP-BK", 2))
    path = made(owner, site_of(number))
    answer = owner.post(f"{path}/{first_pick(path)}/short", {"found": "1"})
    assert "Short, noted: 1 allocated anew." in answer.content.decode()
    seen = text(owner, "/floor/counts")
    assert "LAMP-BK" in seen
    ((task,),) = sql.run("select id from warehouse_count_task")
    owner.post(f"/floor/counts/{task}", {"counted": "9"})
    assert "Nothing to count" in text(owner, "/floor/counts")


def test_a_list_is_given_back(shop: Shop, owner: Client):
    number = shop.sell(("LAMP-BK", 1))
    path = made(owner, site_of(number))
    owner.post(f"{path}/cancel", {"because": "break"})
    assert "Given back" in text(owner, path)


def test_an_order_is_packed_at_the_bench(shop: Shop, owner: Client):
    number = shop.sell(("LAMP-BK", 2))
    site = site_of(number)
    path = made(owner, site)
    owner.post(f"{path}/{first_pick(path)}", {"all": "1"})
    assert number in text(owner, f"/floor?site={site}")

    bench = owner.post("/floor/pack", {"order": number, "site": site}).headers["Location"]
    wrong = owner.post(f"{bench}/scan", {"scan": "MUG-ST"})
    assert "This is MUG-ST, the order needs 2 × LAMP-BK." in wrong.content.decode()
    assert "1 to go" in owner.post(f"{bench}/scan", {"scan": "LAMP-BK"}).content.decode()
    early = owner.post(f"{bench}/close", {})
    assert early.status_code == 409
    owner.post(f"{bench}/scan", {"scan": "4012345000001"})
    ((item,),) = sql.run("select id from warehouse_parcel_item")
    owner.post(f"{bench}/items/{item}/out", {})
    owner.post(f"{bench}/scan", {"scan": "LAMP-BK"})
    owner.post(f"{bench}/close", {"carton": "M", "weight_g": "740"})

    assert sql.run("select state, carton, weight_g from warehouse_parcel") == [("packed", "M", 740)]
    owner.post(f"{bench}/open", {"because": "a card goes in"})
    assert sql.run("select state from warehouse_parcel") == [("packing",)]


def test_units_of_a_cancelled_order_are_put_back(shop: Shop, owner: Client):
    number = shop.sell(("LAMP-BK", 1))
    path = made(owner, site := site_of(number))
    owner.post(f"{path}/{first_pick(path)}", {"all": "1"})
    cancel(number, because="no", at=SOLD_AT, by="user:1")
    flow()
    assert "1 × LAMP-BK" in text(owner, "/floor/put-backs")
    ((task,),) = sql.run("select id from warehouse_put_back")
    owner.post(f"/floor/put-backs/{task}", {"place": f"{site}/A-1"})
    assert "Nothing to put back" in text(owner, "/floor/put-backs")


def test_a_scan_may_be_the_bin_with_or_without_its_site(shop: Shop, owner: Client):
    pick = PickShown("1", "SO-1", "LAMP-BK", "", (), "BER/A-1", "", None, "", 2, 0, "to_pick", "")
    assert meaning(pick, "BER/A-1") == meaning(pick, "A-1") == Scan(is_bin=True)
    assert meaning(pick, "nothing").wrong == "nothing is neither BER/A-1 nor LAMP-BK."
