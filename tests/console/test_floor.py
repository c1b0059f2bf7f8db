"""The floor's pages, without JavaScript: a list made, picked scan by scan, packed; tasks done."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.test import Client
from django.utils.timezone import now
from tests.console.conftest import Shop
from tests.console.test_orders import text

from quartermaster.console.floor.actions import forget_scans
from quartermaster.console.floor.scans import Scan, meaning
from quartermaster.core import sql
from quartermaster.orders.actions import cancel
from quartermaster.stock.actions import Move, post
from quartermaster.testing.builders import SOLD_AT, flow
from quartermaster.warehouse.actions import ask_for_count, count, set_face
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


def into(owner: Client, bench: str, text: str, scan: str = "") -> str:
    """Scan into a parcel; under an id of its own unless one is given."""
    return owner.post(f"{bench}/scan", {"id": scan or str(uuid4()), "scan": text}).content.decode()


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
    owner.post(f"/floor/counts/{task}", {"id": str(uuid4()), "counted": "9"})
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
    assert "This is MUG-ST, the order needs 2 × LAMP-BK." in into(owner, bench, "MUG-ST")
    once = str(uuid4())
    for _ in range(2):  # sent again, it is answered as before and counts once
        assert "1 to go" in into(owner, bench, "LAMP-BK", once)
    assert "was of something else before" in into(owner, bench, "VASE", once)
    assert owner.post(f"{bench}/scan", {"scan": "LAMP-BK"}).status_code == 422
    early = owner.post(f"{bench}/close", {})
    assert early.status_code == 409
    into(owner, bench, "4012345000001")
    ((item,),) = sql.run("select id from warehouse_parcel_item")
    owner.post(f"{bench}/items/{item}/out", {})
    into(owner, bench, "LAMP-BK")
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


def test_a_bin_is_scanned_counted_and_the_next_one_shown(shop: Shop, owner: Client):
    places = sql.run(
        "select p.code, s.code from stock_balance b join stock_place p on p.id = b.place_id "
        "join catalog_sku s on s.id = b.sku_id where p.id > 0 and b.quantity > 1 order by 1, 2 limit 2"
    )
    for place, sku in places:
        ask_for_count(place, sku, because="looks odd", at=now(), by="user:9")
    first, second = [row[0] for row in sql.run("select id from warehouse_count_task order by id")]
    path = f"/floor/counts/{first}"

    def say(to: str, **fields: str) -> str:
        return owner.post(to, {"id": str(uuid4()), **fields}).content.decode()

    assert "you need" in say(f"{path}/scan", scan="elsewhere")
    assert "is right." in say(f"{path}/scan", scan=places[0][0])
    assert "a whole number" in say(path, counted="some")
    same = str(uuid4())
    for _ in range(2):  # sent again, it is answered as before, and the next bin is shown
        went = say(path, id=same, counted="1")
        assert "noted" in went
        assert f"/floor/counts/{second}/scan" in went
    assert "Your count of this bin is noted" in text(owner, path)


def test_the_lead_sees_what_differs_and_decides(shop: Shop, owner: Client):
    place, sku, units = sql.run(
        "select p.code, s.code, b.quantity from stock_balance b join stock_place p on p.id = b.place_id "
        "join catalog_sku s on s.id = b.sku_id where p.id > 0 and b.quantity > 9 order by 1, 2 limit 1"
    )[0]
    ask_for_count(place, sku, because="looks odd", at=now(), by="token:crew")
    ((task,),) = sql.run("select id from warehouse_count_task")
    count(task, units - 2, at=now(), by="token:crew")

    seen = text(owner, "/counts")
    assert "Another person counts" in seen
    assert f"token:crew: {units - 2}" in seen
    owner.post(f"/counts/{task}/again", {})
    count(task, units - 1, at=now(), by="token:crew")
    owner.post(f"/counts/{task}/approve")
    seen = text(owner, "/counts")
    assert "No count waits for a decision" in seen
    assert "0 of 1 right" in seen
    owner.post("/counts/schedule")
    owner.post("/counts/policy", {"by": "velocity", "a_days": "10"})
    assert sql.run("select value->>'a_days' from core_setting where key = 'warehouse.counts'") == [("10",)]


def test_a_pick_face_is_filled_by_three_scans(shop: Shop, owner: Client):
    ((sku_id, sku),) = sql.run("select id, code from catalog_sku where not is_kit order by code limit 1")
    post([Move("kept", sku_id, 9, "world:supplier", "BER/Z-1", "received")], by="token:crew", at=now())
    post([Move("face", sku_id, 1, "world:supplier", "BER/A-1", "received")], by="token:crew", at=now())
    set_face("BER/A-1", sku, units_min=2, units_max=4, at=now(), by="token:crew")
    owner.post("/floor/refills", {"site": "BER"})
    seen = text(owner, "/floor/refills?site=BER")
    assert "BER/Z-1 → BER/A-1" in seen or "BER → BER/A-1" in seen

    ((task, source),) = sql.run(
        "select r.id, p.code from warehouse_refill r join stock_place p on p.id = r.source_id limit 1"
    )

    def carry(**fields: str) -> str:
        carried = {"id": str(uuid4()), "moved": "3", "source": source, "target": "A-1", **fields}
        return owner.post(f"/floor/refills/{task}", carried).content.decode()

    assert "This is elsewhere" in carry(target="elsewhere")
    assert "a whole number" in carry(moved="x")
    same = str(uuid4())
    for _ in range(2):
        assert "3 lie in A-1." in carry(id=same)
    assert "Every pick face has enough" in text(owner, "/floor/refills")


def heard(owner: Client, path: str, text: str, scan: str, at: datetime | None = None) -> str:
    told = {"id": scan, "scan": text, "at": (at or now()).isoformat()}
    return owner.post(f"{path}/scans", told).content.decode()


def test_a_scan_is_forgotten_long_after_a_device_may_send_it_and_never_carried_out_again(
    shop: Shop, owner: Client
):
    path, scan = made(owner, site_of(shop.sell(("LAMP-BK", 3)))), str(uuid4())
    made_at = now()
    says = "2 more."
    assert says in heard(owner, path, "LAMP-BK", scan, made_at)
    sql.run("update console_floor_scan set heard_at = heard_at - interval '119 days'")
    assert forget_scans(at=now()) == 0
    assert says in heard(owner, path, "LAMP-BK", scan, made_at)
    assert forget_scans(at=now() + timedelta(days=2)) == 1
    for days in (-61, 31):  # as a device would send it then, its clock wrong by a month at most
        answer = heard(owner, path, "LAMP-BK", scan, now() + timedelta(days=days))
        assert "is not carried out" in answer
    assert sql.run("select count(*) from console_floor_scan") == [(0,)]


def test_a_scan_that_is_sent_twice_is_heard_once(shop: Shop, owner: Client):
    number = shop.sell(("LAMP-BK", 3))
    path = made(owner, site_of(number))
    first, second = (str(uuid4()) for _ in range(2))

    for _ in range(2):
        assert "LAMP-BK: 2 more." in heard(owner, path, "LAMP-BK", first)
    assert "LAMP-BK: 1 more." in heard(owner, path, "LAMP-BK", second)
    assert "LAMP-BK: 2 more." in heard(owner, path, "LAMP-BK", first)
    assert "was of something else before" in heard(owner, path, "VASE", first)
    assert sql.run("select picked from warehouse_pick") == [(2,)]


def test_a_scan_without_its_turn_is_a_sentence(shop: Shop, owner: Client):
    number = shop.sell(("LAMP-BK", 1))
    path = made(owner, site_of(number))
    assert "neither" in heard(owner, path, "NOTHING", str(uuid4()))
    assert "1 × LAMP-BK picked." in heard(owner, path, "LAMP-BK", str(uuid4()))
    assert "nothing is left to pick" in heard(owner, path, "LAMP-BK", str(uuid4()))
    assert owner.post(f"{path}/scans", {"id": "x", "scan": "y", "at": "z"}).status_code == 422


def test_the_lead_sees_who_works_on_what_and_what_leaves_when(shop: Shop, owner: Client):
    site = site_of(shop.sell(("LAMP-BK", 2)))
    assert "Nobody has worked here" in text(owner, f"/floor/crew?site={site}")
    path = made(owner, site)
    owner.post(f"{path}/{first_pick(path)}", {"all": "1"})
    shop.sell(("LAMP-BK", 1))

    seen = text(owner, f"/floor/crew?site={site}")
    assert "owner on no list 1 line, 2 units pick 1" in " ".join(seen.split())
    assert "picked in the last hour" in seen
