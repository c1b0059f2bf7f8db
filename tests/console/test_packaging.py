"""The packaging's page: change a carton, bring a file, see how they do."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.timezone import now
from tests.console.conftest import Shop
from tests.console.test_floor import first_pick, into, made, site_of
from tests.console.test_orders import text

from quartermaster.core import sql
from quartermaster.shipping.queries.cartons import CARTONS_LATELY
from quartermaster.warehouse.queries.packaging import packaging_in_force, table_of
from quartermaster.warehouse.rules.carton_rows import row_of


def carton(code: str = "BOX-201510", **different: object) -> dict[str, object]:
    found = packaging_in_force().packaging.carton(code)
    assert found is not None
    return {**row_of(found), "because": "measured", "version": "1", **different}


def test_a_carton_is_changed_and_an_older_page_does_not_overwrite_it(shop: Shop, owner: Client):
    assert "BOX-201510" in text(owner, "/packaging")
    assert owner.post("/packaging", carton(title="Small box", site=["BER"], is_on="1")).status_code == 302
    assert packaging_in_force().packaging.version == 2
    assert (carton()["title"], carton()["sites"]) == ("Small box", "BER")
    assert owner.post("/packaging", carton(title="Old")).status_code == 409
    wrong = owner.post("/packaging", carton(tare_g="x", version="2"))
    assert wrong.status_code == 422
    assert "tare_g is a whole number" in wrong.content.decode()


def test_a_file_is_taken_whole_or_not_at_all(shop: Shop, owner: Client):
    table = owner.get("/packaging/cartons.csv").content.decode()
    assert table == table_of(packaging_in_force().packaging.cartons)

    def bring(said: str) -> str:
        sent = {"file": SimpleUploadedFile("cartons.csv", said.encode()), "because": "new prices"}
        return owner.post("/packaging/cartons.csv", sent, follow=True).content.decode()

    assert "row 2" in bring(table.replace("MAIL-S,", ",", 1))
    assert "no site is called NOWHERE" in bring(table.replace(",,yes", ",NOWHERE,yes", 1))
    assert packaging_in_force().packaging.version == 1
    assert "in force with version 2" in bring(table.replace("Mailer S", "Mailer small"))


def test_what_was_packed_is_compared_with_what_was_suggested(shop: Shop, owner: Client):
    sql.run("update catalog_sku set (weight_g, length_mm, width_mm, height_mm) = (500, 100, 90, 80)")
    number = shop.sell(("LAMP-BK", 1))
    path = made(owner, site := site_of(number))
    owner.post(f"{path}/{first_pick(path)}", {"all": "1"})
    bench = owner.post("/floor/pack", {"order": number, "site": site}).headers["Location"]
    seen = text(owner, bench)
    assert "Suggested carton" in seen
    assert "1 × LAMP-BK" in seen
    into(owner, bench, "LAMP-BK")
    ((code,),) = sql.run("select plan->'boxes'->0->>'carton' from warehouse_packing_plan")
    refused = owner.post(f"{bench}/close", {"carton": "BOX-806060"})
    assert "say why another one is taken" in refused.content.decode()
    owner.post(f"{bench}/close", {"carton": code, "weight_g": "600"})

    assert "1 of 1 as suggested weighed 600 g, expected 590 g" in " ".join(text(owner, "/packaging").split())
    sql.run(
        "insert into shipping_claim (carrier, parcel_id, tracking_number, kind, state, amount_minor, "
        "currency, because, at, raised_by) select 'post', id, 'T1', 'damaged', 'open', 900, 'EUR', "
        "'A dent.', now(), 'user:1' from warehouse_parcel"
    )
    assert [(row.parcels, row.damaged) for row in CARTONS_LATELY.count(now())] == [(1, 1)]


def test_an_insert_is_added_shown_at_the_bench_and_taken_out(shop: Shop, owner: Client):
    card = {
        "code": "CARD",
        "title": "A card",
        "skus": "LAMP-BK, MUG-ST",
        "weight_g": "5",
        "because": "spring",
    }
    assert "no SKU is called X" in owner.post("/packaging/inserts", {**card, "sku": "X"}).content.decode()
    assert "from_on" in owner.post("/packaging/inserts", {**card, "from_on": "soon"}).content.decode()
    owner.post("/packaging/inserts", card)
    number = shop.sell(("LAMP-BK", 1))
    path = made(owner, site := site_of(number))
    owner.post(f"{path}/{first_pick(path)}", {"all": "1"})
    bench = owner.post("/floor/pack", {"order": number, "site": site}).headers["Location"]
    assert "A card with LAMP-BK" in " ".join(text(owner, bench).split())
    owner.post("/packaging/inserts", {**card, "is_gone": "1"})
    assert packaging_in_force().packaging.inserts == ()


def test_return_labels_are_switched_on_for_sites_and_countries(shop: Shop, owner: Client):
    on = {"site": ["BER"], "countries": "de, at", "because": "easy returns", "version": "1"}
    assert "no country" in owner.post("/packaging/returns", {**on, "countries": "Germany"}).content.decode()
    owner.post("/packaging/returns", on)
    assert "BER to DE, AT" in text(owner, "/packaging")
    owner.post("/packaging/returns", {"off": "0", "because": "too dear", "version": "2"})
    assert "Off everywhere" in text(owner, "/packaging")


def test_a_lead_vouches_for_what_cannot_be_scanned(shop: Shop, owner: Client):
    number = shop.sell(("LAMP-BK", 2))
    path = made(owner, site := site_of(number))
    owner.post(f"{path}/{first_pick(path)}", {"all": "1"})
    bench = owner.post("/floor/pack", {"order": number, "site": site}).headers["Location"]
    assert "cannot be read" in owner.post(f"{bench}/unscanned", {"because": " "}).content.decode()
    assert "2 units in, unscanned" in owner.post(f"{bench}/unscanned", {"because": "wet"}).content.decode()
    told = "select actor, body->>'units', body->>'because' from core_event where name = 'PackedUnscanned'"
    assert [row[1:] for row in sql.run(told)] == [("2", "wet")]
    owner.post(f"{bench}/close", {})
    assert sql.run("select state from warehouse_parcel") == [("packed",)]


def test_a_photo_is_asked_for_taken_and_shown(shop: Shop, owner: Client):
    asked = {"worth": "1,00", "currency": "EUR", "because": "claims", "version": "1"}
    assert "currency" in owner.post("/packaging/photos", {**asked, "currency": "X"}).content.decode()
    owner.post("/packaging/photos", asked)
    assert "Orders of" in text(owner, "/packaging")
    number = shop.sell(("LAMP-BK", 1))
    path = made(owner, site := site_of(number))
    owner.post(f"{path}/{first_pick(path)}", {"all": "1"})
    bench = owner.post("/floor/pack", {"order": number, "site": site}).headers["Location"]
    into(owner, bench, "LAMP-BK")
    refused = owner.post(f"{bench}/close", {}).content.decode()
    assert "wants a photo before it is closed: its order is worth" in refused
    none = SimpleUploadedFile("x.gif", b"GIF89a")
    assert "a JPEG, PNG or WebP" in owner.post(f"{bench}/photos", {"photo": none}).content.decode()
    jpegs = [SimpleUploadedFile("x.jpg", b"\xff\xd8\xff" + bytes([n])) for n in (1, 2)]
    assert "2 photos kept." in owner.post(f"{bench}/photos", {"photo": jpegs}).content.decode()
    owner.post(f"{bench}/close", {})

    seen = text(owner, f"/orders/{number}")
    assert "Photo 2" in seen
    assert "Photo of P-" in seen
    ((parcel, photo),) = sql.run("select parcel_id, min(id) from warehouse_parcel_photo group by 1")
    shown = owner.get(f"/parcels/P-{parcel}/photos/{photo}")
    assert (shown.content, shown.headers["Content-Type"]) == (b"\xff\xd8\xff\x01", "image/jpeg")
    assert f"/parcels/P-{parcel}/photos/{photo}" in owner.get(f"/parcels/P-{parcel}").content.decode()
    assert owner.get(f"/parcels/P-{parcel + 1}/photos/{photo}").status_code == 404
    owner.post("/packaging/photos", {"off": "0", "because": "enough", "version": "2"})
    assert packaging_in_force().packaging.photos == ()
