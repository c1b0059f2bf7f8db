"""The pages of the dock, without JavaScript: receive, put away, move."""

from io import BytesIO
from uuid import uuid4

import pytest
from django.test import Client
from tests.console.test_orders import text

from quartermaster.core import sql
from quartermaster.inbound.actions import NewArrival, expect_arrival
from quartermaster.inbound.queries.arrivals import arrival_shown
from quartermaster.stock.actions.lay_bins import lay_bins
from quartermaster.stock.rules.bins import BinWanted
from quartermaster.testing.builders import SOLD_AT, a_location, a_sku


@pytest.fixture
def arrival(db: None) -> int:
    a_location("BER")
    a_sku("LAMP")
    lay_bins("BER", [BinWanted(code="A-1"), BinWanted(code="A-2")], at=SOLD_AT, by="test")
    wanted = NewArrival(site="BER", kind="asn", supplier="Acme", reference="ASN-7", lines={"LAMP": 5})
    return expect_arrival(wanted, at=SOLD_AT, by="test")


def sent(owner: Client, path: str, fields: dict[str, str]) -> str:
    """A scan under an id of its own."""
    return owner.post(path, {"id": str(uuid4()), **fields}).text


def held() -> dict[str, int]:
    query = (
        "select p.code, sum(b.quantity)::int from stock_balance b join stock_place p on p.id = b.place_id "
        "where b.place_id > 0 and b.quantity > 0 group by 1"
    )
    return dict(sql.run(query))


def test_goods_are_received_put_away_and_moved(arrival: int, owner: Client):
    assert "Acme · ASN-7 0 of 5 units" in text(owner, "/floor/receive?site=BER")
    path = f"/floor/receive/{arrival}"
    photo = BytesIO(b"\xff\xd8\xff a dent")
    photo.name = "dent.jpg"
    scan = {"id": str(uuid4()), "scan": "LAMP", "quantity": "4", "damaged": "1", "because": "dented"}
    assert "4 × LAMP received. 1 to come. 1 damaged" in owner.post(path, {**scan, "photo": photo}).text
    assert owner.post(path, scan).status_code == 200  # the same form again
    assert held() == {"BER/DOCK": 4}
    (shown,) = arrival_shown(arrival).receipts
    assert owner.get(f"/floor/photos/{shown.photos[0]}").content == b"\xff\xd8\xff a dent"
    assert owner.post(f"{path}/close", {}).status_code == 409
    assert owner.post(f"{path}/close", {"because": "one short"}).status_code == 302

    assert "3 × LAMP" in text(owner, "/floor/put-away?site=BER")
    seen = text(owner, "/floor/put-away?site=BER&scan=LAMP")
    assert "Go to A-1" in seen
    form = {"site": "BER", "sku": "LAMP", "units": "3", "place": "A-2"}
    assert "say why it goes elsewhere" in sent(owner, "/floor/put-away", form)
    right = {**form, "id": str(uuid4()), "place": "A-1"}
    for _ in range(2):
        assert "3 × LAMP lie in A-1." in owner.post("/floor/put-away", right).text
    assert "Nothing lies on the dock" in text(owner, "/floor/put-away?site=BER")

    move = {"site": "BER", "source": "A-1", "target": "A-2"}
    assert "BULB does not lie in A-1" in sent(owner, "/floor/move", {**move, "sku": "BULB"})
    carried = {**move, "id": str(uuid4()), "sku": "LAMP", "units": "2"}
    for _ in range(2):
        assert "2 × LAMP lie in A-2." in owner.post("/floor/move", carried).text
    assert held() == {"BER/DOCK": 1, "BER/A-1": 1, "BER/A-2": 2}


def test_wrong_scans_are_answered_in_words_and_keep_what_was_typed(arrival: int, owner: Client):
    path = f"/floor/receive/{arrival}"
    answer = owner.post(path, {"id": str(uuid4()), "scan": "400638", "quantity": "2", "lot": "L-9"})
    assert answer.status_code == 409
    assert "Nothing in the catalog has the barcode 400638" in answer.text
    assert "L-9" in answer.text
    assert "a whole number" in sent(owner, path, {"scan": "LAMP", "quantity": "many"})
    assert "does not lie on the dock" in owner.get("/floor/put-away?site=BER&scan=LAMP").text
    nowhere = {"site": "BER", "source": "Z-9", "sku": "LAMP", "target": "A-1"}
    assert "LAMP does not lie in Z-9" in sent(owner, "/floor/move", nowhere)


def test_what_came_without_a_word_is_received_and_a_sample_looked_at(arrival: int, owner: Client):
    made = owner.post("/floor/receive", {"site": "BER", "supplier": "Zed"}).headers["Location"]
    sql.run("update inbound_arrival set qc_percent = 50")
    sent(owner, made, {"scan": "LAMP", "quantity": "2"})
    blind = int(made.rpartition("/")[2])
    (receipt,) = arrival_shown(blind).receipts
    assert receipt.to_check == 1
    assert owner.post(f"{made}/receipts/{receipt.id}", {"good": "1"}).status_code == 200
    assert arrival_shown(blind).to_store == 2
    assert owner.post(f"{made}/close", {}).status_code == 302
