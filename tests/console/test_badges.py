"""A badge, a PIN and a shared device: together they sign in on the floor, and nothing else does."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now
from tests.console.test_people import told, user_id
from tests.console.test_roles import person

from quartermaster.console import gate
from quartermaster.console.people.actions import come_in, make_badge, revoke_badge, set_pin
from quartermaster.console.people.actions.badges import choose_pin
from quartermaster.console.people.actions.come_in import BadgeUnknown, NotHere, PinLocked, PinWrong, TooFast
from quartermaster.console.people.queries import devices
from quartermaster.core import sql
from quartermaster.core.errors import Invalid
from quartermaster.testing.builders import a_location, a_sku, an_order
from quartermaster.warehouse.actions import confirm_lists, make_pick_list, open_parcel, scan


@pytest.fixture
def handheld(db: None) -> Client:
    """Enrolled by a supervisor, who is signed out by that."""
    a_location("BER")
    browser = person("supervisor", name="Lea")
    answer = browser.post("/floor/device", {"name": "Handheld 3", "location": "BER"})
    assert answer.headers["Location"] == "/floor/in"
    return browser


def badge_of(name: str, role: str = "picker", *sites: str) -> tuple[str, str]:
    """Code and PIN."""
    person(role, *sites, name=name)
    return make_badge(user_id(name), at=now(), by="user:1", is_owner=True)


def test_a_badge_and_its_pin_sign_in_at_a_shared_device(handheld: Client):
    code, pin = badge_of("Sara")
    assert handheld.get("/floor").headers["Location"] == "/floor/in"
    assert "Your PIN" in handheld.post("/floor/in", {"badge": code}).content.decode()

    answer = handheld.post("/floor/in", {"badge": f" {code.lower()}\r", "pin": pin})

    assert answer.headers["Location"] == "/floor?site=BER"
    assert "Sara" in handheld.get("/floor?site=BER").content.decode()
    assert (
        told("PersonCameIn")[-1].endswith('"device": "Handheld 3"}')
        or "Handheld 3" in told("PersonCameIn")[-1]
    )
    assert handheld.get("/floor/move?site=BER").status_code == 200


def test_a_badge_reaches_the_floor_only_whoever_wears_it(handheld: Client):
    code, pin = badge_of("Olga", "owner")
    handheld.post("/floor/in", {"badge": code, "pin": pin})
    assert handheld.get("/").headers["Location"] == "/floor"
    for path in ("/orders", "/people", "/stock", "/counts", "/ship", "/messages", "/kpi"):
        assert handheld.get(path).status_code == 403, path
    assert handheld.get("/floor/crew?site=BER").status_code == 200


def test_the_next_person_takes_over_and_both_are_in_the_trail(handheld: Client, owner: Client):
    for name in ("Sara", "Tom"):
        code, pin = badge_of(name)
        handheld.post("/floor/in", {"badge": code, "pin": pin})
    seen = handheld.get("/floor?site=BER").content.decode()
    assert "Tom" in seen
    assert "Sara" not in seen
    handheld.post("/floor/out", {"because": "idle"})
    assert handheld.get("/floor").headers["Location"] == "/floor/in"

    trail = owner.get(f"/people/{user_id('Sara')}").content.decode()
    assert "somebody else came in at Handheld 3" in trail
    assert "Signed in by badge at Handheld 3" in trail
    assert "no scan for long" in owner.get(f"/people/{user_id('Tom')}").content.decode()


def test_a_device_nobody_scans_at_belongs_to_nobody(handheld: Client):
    code, pin = badge_of("Sara")
    handheld.post("/floor/in", {"badge": code, "pin": pin})
    session = handheld.session
    session[gate.SEEN] = (now() - gate.BADGE_IDLE - timedelta(seconds=1)).isoformat()
    session.save()
    assert handheld.get("/floor?site=BER").headers["Location"] == "/floor/in"


def test_a_badge_or_a_device_that_is_revoked_ends_the_session_it_began(handheld: Client, owner: Client):
    code, pin = badge_of("Sara")
    for path in (f"/people/{user_id('Sara')}/badge/revoke", f"/people/devices/{devices()[0].id}/revoke"):
        handheld.post("/floor/in", {"badge": code, "pin": pin})
        assert handheld.get("/floor?site=BER").status_code == 200
        owner.post(path)
        assert handheld.get("/floor?site=BER").status_code == 302
        code, _ = make_badge(user_id("Sara"), at=now(), by="user:1", is_owner=True)
    assert "lets nobody in by badge" in handheld.get("/floor/in").content.decode()
    assert handheld.post("/floor/in", {"badge": code, "pin": pin}).status_code == 403


def test_without_its_device_a_badge_opens_nothing(handheld: Client):
    code, pin = badge_of("Sara")
    stranger = Client()
    assert stranger.post("/floor/in", {"badge": code, "pin": pin}).status_code == 403
    assert stranger.get("/floor").headers["Location"] == "/sign-in"


def test_five_wrong_pins_lock_and_a_supervisor_unlocks(handheld: Client):
    code, pin = badge_of("Sara")
    (device,), at = devices(), now()
    wrong = "0000" if pin != "0000" else "1111"
    for n in range(4):
        with pytest.raises(PinWrong):
            come_in(code, wrong, device, at=at + timedelta(seconds=2 * n))
    with pytest.raises(TooFast):
        come_in(code, pin, device, at=at + timedelta(seconds=6.5))
    with pytest.raises(PinLocked):
        come_in(code, wrong, device, at=at + timedelta(seconds=9))
    with pytest.raises(PinLocked):
        come_in(code, pin, device, at=at + timedelta(hours=9))

    lea = person("supervisor", name="Lena")
    assert "Badge locked" in lea.get("/people").content.decode()
    lea.post(f"/people/{user_id('Sara')}/pin")
    with pytest.raises(PinWrong):  # another one, and tries are counted anew
        come_in(code, pin, device, at=at + timedelta(hours=10))
    assert len(sql.run("select from core_event where name = 'PinRefused'")) == 6


def test_one_chooses_a_pin_of_ones_own(handheld: Client):
    code, pin = badge_of("Sara")
    handheld.post("/floor/in", {"badge": code, "pin": pin})
    for easy in ("1234", "777777", "12", "4321", "abcd"):
        assert handheld.post("/floor/pin", {"old": pin, "new": easy}).status_code == 422
    with pytest.raises(Invalid):
        choose_pin(user_id("Sara"), "999", "8402", at=now())
    handheld.post("/floor/pin", {"old": pin, "new": "8402"})
    assert come_in(code, "8402", devices()[0], at=now()).user.username == "Sara"


def test_a_badge_of_another_site_and_one_that_was_replaced_do_not_open(handheld: Client):
    a_location("MUC")
    code, pin = badge_of("Sara", "picker", "MUC")
    with pytest.raises(NotHere):
        come_in(code, pin, devices()[0], at=now())
    make_badge(user_id("Sara"), at=now(), by="user:1", is_owner=True)
    with pytest.raises(BadgeUnknown):
        come_in(code, pin, devices()[0], at=now())


def test_neither_code_nor_pin_is_kept(handheld: Client):
    code, pin = badge_of("Sara")
    ((kept,),) = sql.run(
        "select string_agg(t::text, ' ') from (select b::text as t from console_badge b "
        "union all select p::text from console_person p union all select e.body::text from core_event e) x"
    )
    assert code not in kept
    assert code.encode().hex() not in kept
    assert f'"{pin}"' not in kept


def test_a_supervisor_makes_badges_of_the_floor_and_not_of_those_above(handheld: Client):
    lea = person("supervisor", name="Lena")
    badge_of("Sara"), badge_of("Olga", "owner")
    seen = lea.post(f"/people/{user_id('Sara')}/badge").content.decode()
    assert "Badge as PDF" in seen
    assert lea.post(f"/people/{user_id('Olga')}/badge").status_code == 403
    assert lea.post(f"/people/{user_id('Olga')}/pin").status_code == 403


def a_parcel_to_close() -> int:
    """Two lamps of 300 g, scanned into a parcel."""
    a_sku("LAMP", BER=5)
    sql.run("update catalog_sku set weight_g = 300")
    number = an_order(("LAMP", 2))
    made = make_pick_list("BER", at=now(), by="user:1")
    assert made is not None
    confirm_lists([made], at=now(), by="user:1")
    parcel = open_parcel(number, "BER", at=now(), by="user:1")
    for _ in range(2):
        scan(parcel, "LAMP", at=now(), by="user:1")
    return parcel


def test_a_supervisor_beside_a_packer_accepts_a_weight_that_is_off(handheld: Client):
    parcel, (code, pin) = a_parcel_to_close(), badge_of("Sara", "packer")
    lead, lead_pin = badge_of("Lena", "supervisor")
    handheld.post("/floor/in", {"badge": code, "pin": pin})
    form = {"carton": "BOX-201510", "weight_g": "392"}

    def close(**more: str) -> str:
        answer = handheld.post(f"/floor/pack/{parcel}/close", {**form, **more}, follow=True)
        return answer.content.decode()

    assert "it should weigh 690 g" in close()
    assert "A supervisor accepts this." in close(weight_because="the scale is broken")
    more = {"weight_because": "the scale is broken", "lead_badge": code, "lead_pin": pin}
    assert "Sara may not accept this either." in close(**more)
    assert "is packed" in close(**more | {"lead_badge": lead, "lead_pin": lead_pin})
    ((by, because),) = sql.run("select actor, body->>'because' from core_event where name = 'WeightAccepted'")
    assert (by, because) == (f"user:{user_id('Sara')}", "the scale is broken (accepted by Lena)")
    assert f"the weight of P-{parcel}" in told("PersonVouched")[0]


def test_a_badge_is_printed_once_it_was_made_and_never_later(owner: Client):
    person("picker", name="Sara")
    sara = user_id("Sara")
    code, _ = make_badge(sara, at=now(), by="user:1", is_owner=True)
    assert owner.post(f"/people/{sara}/badge/paper", {"code": code, "as": "pdf"}).content[:5] == b"%PDF-"
    zpl = owner.post(f"/people/{sara}/badge/paper", {"code": code, "as": "zpl"}).content.decode()
    assert f"^FD{code}^FS" in zpl
    revoke_badge(sara, at=now(), by="user:1")
    assert owner.post(f"/people/{sara}/badge/paper", {"code": code, "as": "pdf"}).status_code == 409
    assert set_pin(sara, at=now(), by="user:1", is_owner=True).isdecimal()
