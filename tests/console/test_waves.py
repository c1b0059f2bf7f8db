"""What people see of a wave: a planned one waits, and on a cart each unit has its tote."""

from uuid import uuid4

from django.test import Client
from django.utils.timezone import now
from tests.console.conftest import Page, Shop
from tests.console.test_floor import site_of
from tests.console.test_orders import text

from quartermaster.core import sql
from quartermaster.warehouse.actions import plan_wave, plan_waves, release_wave, scan_tote
from quartermaster.warehouse.queries.waves import wave
from quartermaster.warehouse.rules.grouping import Mode
from quartermaster.warehouse.rules.wanted import WaveWanted


def test_a_planned_wave_waits_and_a_cart_s_pick_names_its_tote(shop: Shop, owner: Client):
    site = site_of(shop.sell(("LAMP-BK", 2)))
    wanted = WaveWanted(location=site, mode=Mode.CLUSTER)
    made = plan_wave(wanted, release=False, at=now(), by="user:1")
    assert made is not None
    assert f"waits: W-{made} is not released" in text(owner, f"/floor?site={site}")

    release_wave(made, at=now(), by="user:1")
    (list_id,) = wave(made).lists
    scan_tote(int(list_id), 1, "T-0042", at=now(), by="user:1")

    assert "Into tote 1 T-0042" in text(owner, f"/floor/pick/{list_id}")
    assert f"waits: W-{made}" not in text(owner, f"/floor?site={site}")


def test_a_lead_looks_what_a_wave_would_take_and_makes_it(shop: Shop, owner: Client):
    number = shop.sell(("LAMP-BK", 2))
    site = site_of(number)
    asked_for = {"site": site, "orders_max": "5", "lines": "single"}

    def look() -> str:
        path = owner.post("/floor/waves/preview", asked_for).headers["Location"]
        waiting = owner.get(path)
        assert "Looking what it would take" in waiting.content.decode()
        assert waiting.headers["Refresh"].startswith("2; url=?site=")
        plan_waves(at=now())
        assert "Refresh" not in owner.get(path).headers
        return text(owner, path)

    assert "No wave yet" in text(owner, f"/floor/waves?site={site}")

    seen = look()
    assert "It would take 1 order on 1 list" in seen
    assert number in seen
    assert sql.run("select count(*) from warehouse_wave") == [(0,)]

    form = {"site": site, "orders_max": "5", "lines": "single"}
    asked = owner.post("/floor/waves", form).headers["Location"]
    waiting = owner.get(asked)
    assert "It waits for a worker" in text(owner, asked)
    assert waiting.headers["Refresh"].startswith("2; url=?site=")
    assert "is being planned already" in owner.post("/floor/waves", form).content.decode()
    assert plan_waves(at=now()) == 1
    assert plan_waves(at=now()) == 0
    path = owner.get(asked).headers["Location"]
    seen = text(owner, path)
    for told in (
        "Planned",
        "1 of 1 picks left",
        "Release to the floor",
        "2 units from 1",
        "Orders at most 5",
        number,
    ):
        assert told in seen, told
    owner.post(f"{path}/release")
    assert "Being picked" in text(owner, path)
    assert "Nothing to take" in look()
    assert owner.post(f"{path}/close", {"because": " "}).status_code == 422
    owner.post(f"{path}/close", {"because": "the lorry left"})
    assert "the lorry left" in text(owner, path)
    assert "It would take 1 order" in look()
    assert owner.post("/floor/waves", {"site": site, "release": "1"}).status_code == 302
    plan_waves(at=now())
    again = owner.post(f"/floor/waves/{path.rpartition('/')[2]}/cancel", {"because": "anyway"})
    assert again.status_code == 302


def test_a_filter_that_cannot_be_read_is_named_on_the_page(shop: Shop, owner: Client):
    site = site_of(shop.sell(("LAMP-BK", 1)))
    wrong = {"site": site, "orders_max": "many", "ship_by": "soon"}
    answer = owner.post("/floor/waves/preview", wrong)
    assert answer.status_code == 422
    seen = Page(answer.content.decode()).text
    assert "orders_max must be a whole number" in seen
    assert "ship_by must be a day and a time" in seen
    many = owner.post("/floor/waves/preview", {"site": site, "orders_max": "999"})
    assert "orders_max must be 1 to 400" in Page(many.content.decode()).text


def test_totes_are_put_on_a_cart_and_one_says_what_belongs_into_it(shop: Shop, owner: Client):
    site = site_of(shop.sell(("LAMP-BK", 2)))
    made = plan_wave(WaveWanted(location=site, mode=Mode.CLUSTER), at=now(), by="user:1")
    assert made is not None
    (list_id,) = wave(made).lists
    cart = f"/floor/carts/{list_id}"
    assert "Put a tote into slot 1" in text(owner, cart)

    scan = {"id": str(uuid4()), "scan": "T-1"}
    for _ in range(2):  # the answer got lost
        assert "T-1 stands in slot 1" in owner.post(cart, scan).content.decode()
    assert "Cart is full" in text(owner, cart)
    full = owner.post(cart, {"id": str(uuid4()), "scan": "T-2"})
    assert (full.status_code, "has its tote" in full.content.decode()) == (409, True)
    owner.post(cart, {"id": str(uuid4()), "scan": "T-2", "slot": "1"})

    seen = text(owner, "/floor/totes?scan=*T-2")
    assert "0 of 2 in it" in seen
    assert owner.get("/floor/totes?scan=T-1").status_code == 409
    assert "scan a tote" in text(owner, "/floor/totes").lower()


def test_how_a_site_picks_is_set_with_a_reason_and_every_version_is_shown(shop: Shop, owner: Client):
    site = site_of(shop.sell(("LAMP-BK", 1)))
    path = f"/floor/policy?site={site}"
    form = {"site": site, "version": "0", "rotation": "fifo", "mode": "cluster", "routing": "s_shape"}
    form |= {"orders_each": "8", "skus": "LAMP-BK nearest", "because": "new carts"}
    wrong = owner.post("/floor/policy", {**form, "orders_each": "few", "skus": "LAMP-BK sideways"})
    assert wrong.status_code == 422
    assert "orders_each must be a whole number" in Page(wrong.content.decode()).text

    owner.post("/floor/policy", form)

    seen = text(owner, path)
    for told in ("Version 1", "fifo · cluster · s_shape · 8 a list · 1 SKU in another way", "new carts"):
        assert told in seen, told
    late = owner.post("/floor/policy", {**form, "mode": "batch"})
    assert (late.status_code, "is at version 1 now" in late.content.decode()) == (409, True)
