"""Dispatch on the floor, and whose a scan stays when somebody else is in by the time it is sent."""

import re
from uuid import uuid4

from django.test import Client
from tests.console.test_people import user_id
from tests.console.test_roles import person
from tests.shipping.conftest import parcel_state, work

from quartermaster.core import sql
from quartermaster.testing.builders import a_location, a_sku, an_order
from quartermaster.testing.parcels import a_packed_parcel


def labelled() -> str:
    a_location("BER")
    a_sku("LAMP", BER=100)
    made = a_packed_parcel(an_order(("LAMP", 2)))
    work()
    return f"P-{made}"


def scan(browser: Client, text: str, scan_id: str = "", **fields: str) -> str:
    form = {"id": scan_id or str(uuid4()), "site": "BER", "scan": text, **fields}
    return browser.post("/floor/dispatch", form).content.decode()


def test_parcels_are_scanned_out_once_and_handed_over(owner: Client):
    parcel = labelled()
    packer = person("packer")
    assert parcel in packer.get("/floor/dispatch?site=BER").content.decode()
    assert "There is no parcel P-999" in scan(packer, "P-999")

    once = str(uuid4())
    for _ in range(2):
        said = scan(packer, parcel, once)
        assert re.search(rf"{parcel} is on M-\d+\.", said)
        assert "Every labelled parcel is in a cage" in said
    ((manifest,),) = sql.run("select id from shipping_manifest")
    packer.post(f"/floor/dispatch/M-{manifest}/close", {"site": "BER"})
    assert parcel_state(int(parcel.removeprefix("P-"))) == "handed_over"
    assert person("picker").get("/floor/dispatch?site=BER").status_code == 403


def test_a_parcel_of_another_site_is_none_of_theirs(owner: Client):
    parcel = labelled()
    a_location("MUC")
    assert f"There is no parcel here {parcel}." in scan(person("packer", "MUC"), parcel, site="MUC")
    assert parcel_state(int(parcel.removeprefix("P-"))) == "labelled"
    assert sql.run("select count(*) from shipping_manifest") == [(0,)]


def test_a_scan_stays_that_of_who_made_it(owner: Client):
    parcel = labelled()
    sara, tom = person("packer", name="Sara"), person("packer", name="Tom")
    (signed,) = re.findall(r'data-who="([^"]+)"', sara.get("/floor/dispatch?site=BER").content.decode())

    scan(tom, parcel, who=signed)
    scan(tom, "P-1", who=signed[:-2])  # not ours: whoever is in made it
    owner.post(f"/people/{user_id('Sara')}/stop")
    scan(tom, "P-2", who=signed)

    names = sql.run(
        "select u.username from console_floor_scan f join auth_user u on f.by = 'user:' || u.id "
        "order by heard_at"
    )
    assert [row[0] for row in names] == ["Sara", "Tom", "Tom"]
