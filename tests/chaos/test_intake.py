"""F10, F13, F14: nobody gets in without the secret, and what comes twice has one effect."""

import base64
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connections
from django.utils.timezone import now

from quartermaster.api import intake
from quartermaster.core import sql
from quartermaster.inbox.actions import connect, pause, resume
from quartermaster.inbox.queries import webhook_secrets
from quartermaster.testing.builders import a_location, a_sku
from quartermaster.testing.shop import Shop

from .conftest import size
from .door import Door, at_the_door, examine, forget, messages, signature, work_off
from .stand import AT

pytestmark = [pytest.mark.chaos]
MUTATIONS = size(1_000, 20_000)
AT_ONCE = size(100, 500)


@pytest.fixture
def shop(transactional_db: None) -> Iterator[Shop]:
    """Its webhooks go to the door `acme`; there are three lamps in Berlin."""
    with at_the_door():
        a_location("BER")
        a_sku("LAMP", BER=3)
        yield Shop()
        examine()


type Request = tuple[bytes, dict[str, str]]
type Mutate = Callable[[bytes, dict[str, str], Door, random.Random], Request]


def a_bit_of_the_body(body: bytes, headers: dict[str, str], door: Door, chance: random.Random) -> Request:
    at = chance.randrange(len(body))
    return body[:at] + bytes([body[at] ^ (1 << chance.randrange(8))]) + body[at + 1 :], headers


def the_body_cut_off(body: bytes, headers: dict[str, str], door: Door, chance: random.Random) -> Request:
    return body[: chance.randrange(len(body))], headers


def something_slipped_into_the_body(
    body: bytes, headers: dict[str, str], door: Door, chance: random.Random
) -> Request:
    at = chance.randrange(len(body) + 1)
    return body[:at] + chance.choice([b" ", b"\n", b"\x00", b"0", b",", b"\xef\xbb\xbf"]) + body[at:], headers


def a_letter_of_the_signature(
    body: bytes, headers: dict[str, str], door: Door, chance: random.Random
) -> Request:
    told = headers[door.names[2]]
    at = chance.randrange(len(told))
    letter = chance.choice(
        [
            c
            for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_ \xe9"
            if c != told[at]
        ]
    )
    return body, {**headers, door.names[2]: told[:at] + letter + told[at + 1 :]}


def the_signature_cut_off(body: bytes, headers: dict[str, str], door: Door, chance: random.Random) -> Request:
    return body, {**headers, door.names[2]: headers[door.names[2]][: chance.randrange(44)]}


def no_signature(body: bytes, headers: dict[str, str], door: Door, chance: random.Random) -> Request:
    return body, {name: value for name, value in headers.items() if name != door.names[2]}


def the_signature_otherwise(
    body: bytes, headers: dict[str, str], door: Door, chance: random.Random
) -> Request:
    told = headers[door.names[2]]
    others = [
        told.lower(),
        told.upper(),
        told[::-1],
        f"sha256={told}",
        told + told,
        base64.b64decode(told).hex(),
        "",
        "null",
        "A" * 43 + "=",
        told + "\x00",
        told.replace("=", "%3D"),
        chr(0x2028) + told,
    ]
    return body, {**headers, door.names[2]: chance.choice([other for other in others if other != told])}


def another_secret(body: bytes, headers: dict[str, str], door: Door, chance: random.Random) -> Request:
    others = [
        "",
        " ",
        "sesame ",
        "Sesame",
        "sesam",
        "sesamee",
        "null",
        "None",
        "other-tenant",
        "\x00",
        "sesame\n",
    ]
    return body, {**headers, door.names[2]: signature(body, chance.choice(others))}


def the_signature_of_other_bytes(
    body: bytes, headers: dict[str, str], door: Door, chance: random.Random
) -> Request:
    return body, {**headers, door.names[2]: signature(body + b" ", door.secret)}


FORGERIES: tuple[Mutate, ...] = (
    a_bit_of_the_body,
    the_body_cut_off,
    something_slipped_into_the_body,
    a_letter_of_the_signature,
    the_signature_cut_off,
    no_signature,
    the_signature_otherwise,
    another_secret,
    the_signature_of_other_bytes,
)


@pytest.mark.parametrize("kind", ["shopify", "woocommerce"])
def test_of_a_thousand_mutations_of_a_genuine_request_not_one_is_accepted(
    shop: Shop, chance: random.Random, kind: str
) -> None:
    door = Door(kind)
    body = shop.sell(("LAMP", 1)).body
    refused: Counter[tuple[str, int]] = Counter()
    for n in range(MUTATIONS // 2):
        mutate = FORGERIES[n % len(FORGERIES)]
        refused[mutate.__name__, door.knock(*mutate(body, door.headers(body), door, chance))] += 1

    assert {status for _, status in refused} == {401}, refused
    assert messages() == []
    assert door.tell(body) == 200  # and the genuine one still is


def test_a_genuine_message_of_one_tenant_is_forged_at_the_door_of_another(shop: Shop) -> None:
    ours, theirs = Door(), Door(slug="globex", secret="another secret")
    body = shop.sell(("LAMP", 1)).body
    assert ours.knock(body, theirs.headers(body)) == 401
    assert theirs.knock(body, ours.headers(body)) == 401
    assert messages() == []


def test_while_a_secret_is_replaced_both_open_and_afterwards_only_the_new_one(shop: Shop) -> None:
    door = Door()
    old, new = door.headers(b"{}"), {**door.headers(b"{} "), door.names[2]: signature(b"{} ", "new")}
    assert door.knock(b"{} ", new) == 401

    connect("shopify", "acme", {"webhook_secret": "new"}, at=now(), by="user:1")
    forget()
    assert door.knock(b"{}", old) == 200
    assert door.knock(b"{} ", new) == 200

    later = connect(
        "shopify", "acme", {"webhook_secret": "newest"}, at=now() + timedelta(hours=25), by="user:1"
    )
    assert list(webhook_secrets(later, now() + timedelta(hours=25))) == [b"newest", b"new"]
    assert list(webhook_secrets(later, now() + timedelta(hours=50))) == [b"newest"]


def test_a_secret_that_was_replaced_a_day_ago_opens_no_more(shop: Shop) -> None:
    door = Door()
    connect("shopify", "acme", {"webhook_secret": "new"}, at=now() - timedelta(hours=25), by="user:1")
    assert door.tell(b"{}") == 401
    door.secret = "new"
    assert door.tell(b"{}") == 200


def test_a_changed_secret_counts_within_seconds_without_anybody_s_doing(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "DOOR_S", 0.05)
    door = Door()
    assert door.tell(b"{}") == 200
    connect("shopify", "acme", {"webhook_secret": "new"}, at=now() - timedelta(hours=25), by="user:1")
    threading.Event().wait(0.1)
    assert door.tell(b"{}") == 401


def test_a_paused_connection_takes_nothing_and_a_resumed_one_does(shop: Shop) -> None:
    door = Door()
    pause("acme", at=AT, by="user:1")
    assert door.tell(b"{}") == 404
    resume("acme", at=AT, by="user:1")
    assert door.tell(b"{}") == 200


def test_our_own_environment_is_not_kept_with_a_message(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The web server mixes it in: HTTP_PROXY looks like a header, and may hold a password."""
    monkeypatch.setattr(intake, "_OUR_OWN", frozenset({"HTTP_PROXY"}))
    door = Door()
    assert door.knock(b"{}", {**door.headers(b"{}"), "proxy": "http://user:secret@proxy.example"}) == 200
    assert "secret" not in sql.run("select headers::text from inbox_message")[0][0]


def test_an_id_that_comes_again_with_other_bytes_is_kept_apart_for_a_person(shop: Shop) -> None:
    door = Door()
    door.tell(shop.sell(("LAMP", 1), order_id=17).body, "id-1")
    work_off()
    assert door.tell(shop.readdress(17, "Potsdam").body, "id-1") == 200
    work_off()

    (state, because) = messages()[1]
    assert (state, "other content" in because) == ("unreadable", True)
    assert sql.run("select ship_to->>'city' from orders_order") == [("Berlin",)]


def test_bytes_that_come_again_under_another_id_have_no_second_effect(shop: Shop) -> None:
    door = Door()
    body = shop.sell(("LAMP", 1)).body
    for n in range(3):
        assert door.tell(body, f"id-{n}") == 200
        work_off()

    assert [state for state, _ in messages()] == ["used", "ignored", "ignored"]
    assert sql.run("select version from orders_order") == [(2,)]  # captured, allocated


def at_once(door: Door, requests: list[tuple[bytes, str]]) -> list[int]:
    """Deliver all of these (body, delivery id) from threads let go at the same moment."""
    answers: list[int] = []
    ready = threading.Barrier(len(requests))
    door.knock(b"", {})  # it is looked up once, not by everybody

    def go(body: bytes, delivery_id: str) -> None:
        ready.wait()
        answers.append(door.tell(body, delivery_id))
        connections.close_all()

    threads = [threading.Thread(target=go, args=request) for request in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_the_same_delivery_a_hundred_times_at_once_is_one_message_and_one_order(shop: Shop) -> None:
    body = shop.sell(("LAMP", 1)).body
    answers = at_once(Door(), [(body, "id-1")] * AT_ONCE)
    work_off()

    assert Counter(answers) == {200: AT_ONCE}
    assert [state for state, _ in messages()] == ["used"]
    assert sql.run("select count(*) from orders_order") == [(1,)]
    assert sql.run("select sum(reserved) from stock_level") == [(1,)]


def test_the_same_bytes_under_a_hundred_ids_at_once_are_one_order(shop: Shop) -> None:
    body = shop.sell(("LAMP", 1)).body
    answers = at_once(Door(), [(body, f"id-{n}") for n in range(AT_ONCE)])
    work_off()

    assert Counter(answers) == {200: AT_ONCE}
    assert Counter(state for state, _ in messages()) == {"used": 1, "ignored": AT_ONCE - 1}
    assert sql.run("select count(*) from orders_order") == [(1,)]


def test_one_id_with_a_hundred_contents_at_once_is_one_message_and_the_others_are_kept_apart(
    shop: Shop,
) -> None:
    bodies = [shop.sell(("LAMP", 1), order_id=17, note=f"note {n}").body for n in range(AT_ONCE)]
    answers = at_once(Door(), [(body, "id-1") for body in bodies])
    work_off()

    assert Counter(answers) == {200: AT_ONCE}
    assert Counter(state for state, _ in messages()) == {"used": 1, "unreadable": AT_ONCE - 1}
