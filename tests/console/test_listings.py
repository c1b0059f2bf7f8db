"""The pages of what the shops sell."""

import pytest
from django.test import Client
from tests.channels.conftest import AT, Stand, a_stand
from tests.console.conftest import Page

from quartermaster.channels.actions import switch
from quartermaster.channels.ports import Taken
from quartermaster.testing.builders import a_sku


@pytest.fixture
def stand(db: None, monkeypatch: pytest.MonkeyPatch) -> Stand:
    made = a_stand(monkeypatch)
    a_sku("LAMP", BER=9)
    a_sku("BULB", BER=4)
    made.shelves.says = {"L-BULB": Taken("L-BULB", "refused", "It is archived.")}
    made.offer("LAMP", "BULB", "ODD", slugs=["east"])
    made.work()
    return made


def text(owner: Client, address: str) -> str:
    answer = owner.get(address)
    assert answer.status_code == 200, address
    return " ".join(Page(answer.content.decode()).text.split())


def test_a_shop_shows_what_it_is_to_have_and_what_it_has(stand: Stand, owner: Client) -> None:
    assert "3 listings, 1 not mapped, 1 different there, 1 refused." in text(owner, "/listings")
    page = text(owner, "/listings/east")
    assert "It is archived." in page
    assert "in step" in page
    assert "ODD" not in text(owner, "/listings/east?show=trouble")
    assert "Nothing is called that" in text(owner, "/listings/east?q=nothing")
    stock = text(owner, "/stock/LAMP")
    assert "In the shops" in stock
    assert "confirmed" in stock
    assert "9 / 9" in stock


def test_a_refused_number_waits_for_a_person(stand: Stand, owner: Client) -> None:
    page = text(owner, "/exceptions")
    assert "east does not take 1 number" in page
    assert "It is archived." in page


def test_a_listing_explains_itself_and_is_changed_by_plain_forms(stand: Stand, owner: Client) -> None:
    one = "/listings/east/one"
    policy = {"listing": "L-LAMP", "what": "policy", "share_percent": "50", "buffer": "1", "least": "0"}
    answer = owner.post(one, {**policy, "cap": "", "is_pushed": "1"})
    assert answer.headers["Location"] == "/listings/east/one?listing=L-LAMP"
    stand.work()
    page = text(owner, "/listings/east/one?listing=L-LAMP")
    assert "50 % of them are meant for this shop, rounded down 4 1 kept back as buffer 3 Is to have 3" in page
    assert stand.shelves.shops["east"]["LAMP"] == 3
    assert owner.post(one, {**policy, "cap": "many"}).status_code == 422

    owner.post(one, {"listing": "L-ODD", "what": "map", "sku": "LAMP"})
    stand.shelves.says = {}
    owner.post(one, {"listing": "L-BULB", "what": "push"})
    stand.work()
    assert stand.shelves.shops["east"] == {"LAMP": 3, "BULB": 4, "ODD": 9}
    owner.post("/listings/east", {"what": "pull"})
    owner.post("/listings/east", {"what": "push"})
    stand.work()
    assert stand.shelves.sent("east")[-3:] == [("L-BULB", 4), ("L-LAMP", 3), ("L-ODD", 9)]


def test_a_shop_that_is_only_read_says_what_would_be_sent(stand: Stand, owner: Client) -> None:
    switch("east", mode="observe", at=AT, by="user:1")
    stand.move("LAMP", -1)
    stand.work()
    page = text(owner, "/listings/east?show=differs")
    assert "would be sent" in page
    assert "It is told nothing" in page
    assert "Send all now" not in page
