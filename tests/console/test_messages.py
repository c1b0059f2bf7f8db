"""Messages, reading them again, and steps that are stuck."""

from datetime import timedelta

from django.test import Client
from django.utils.timezone import now
from tests.console import company
from tests.console.conftest import Page, Shop
from tests.console.test_orders import text

from quartermaster.core import sql
from quartermaster.inbox.actions import work_replays
from quartermaster.orders.actions import rehearse
from quartermaster.testing.shop import signed


def test_a_message_is_shown_with_what_became_of_it(shop: Shop, owner: Client):
    number = shop.sell(("MUG-ST", 1))
    (row,) = sql.run("select id from inbox_message")

    assert f"{row[0]} ✓Used northlight orders/create {number} captured" in text(owner, "/messages")
    seen = text(owner, f"/messages/{row[0]}")
    assert '"financial_status": "paid"' in seen
    assert "x-shopify-topic orders/create" in seen


def test_what_would_let_somebody_act_as_the_sender_is_not_shown(shop: Shop, owner: Client):
    shop.sell(("MUG-ST", 1))
    ((message_id, signature),) = sql.run("select id, headers->>'x-shopify-hmac-sha256' from inbox_message")

    html = owner.get(f"/messages/{message_id}").content.decode()

    assert signature not in html
    assert "[redacted]" in html


def test_tabs_filter_by_state(shop: Shop, owner: Client):
    shop.sell(("MUG-ST", 1))
    company.hear(shop.connection, signed("orders/create", b"{", delivery_id="broken", secret="s"), now())
    company.flow()

    seen = text(owner, "/messages?state=unreadable")

    assert "Unreadable 1" in seen
    assert "Used 1" in seen
    assert "captured" not in seen
    assert "All clear" in text(owner, "/messages?state=stuck")


def test_a_message_is_read_again_and_nothing_is_doubled(shop: Shop, owner: Client):
    shop.sell(("MUG-ST", 1))
    ((message_id,),) = sql.run("select id from inbox_message")

    dry = owner.post(f"/messages/{message_id}/replay", {"do": "rehearse"}).content.decode()
    assert "Nothing would change" in dry
    answer = owner.post(f"/messages/{message_id}/replay", follow=True)
    assert "is read again" in answer.content.decode()
    assert sql.run("select state from inbox_message") == [("received",)]
    company.flow()

    assert sql.run("select count(*) from orders_order") == [(1,)]
    assert "already has this version" in text(owner, f"/messages/{message_id}")
    assert owner.post("/messages/999999/replay").status_code == 404


def test_a_window_is_shown_before_and_each_result_after(shop: Shop, owner: Client):
    shop.sell(("MUG-ST", 1))
    for n in range(3):
        body = b"broken %d" % n
        company.hear(shop.connection, signed("orders/create", body, delivery_id=f"b{n}", secret="s"), now())
    company.flow()
    since, until = (now() - timedelta(hours=1), now() + timedelta(hours=1))
    window = (
        f"/messages/replay?connection=northlight&since={since:%Y-%m-%dT%H:%M}&until={until:%Y-%m-%dT%H:%M}"
    )

    page = Page(owner.get(window).content.decode())
    assert "3 messages would be read again" in " ".join(page.text.split())
    hidden = {
        given["name"]: given.get("value", "") for tag, given in page.elements if given.get("type") == "hidden"
    }
    chosen = {"chosen": hidden["ids"].split(",")}
    shown = owner.post("/messages/replay", {**hidden, **chosen, "do": "rehearse"}).content.decode()
    assert "0 of 3 would change something, 3 would fail" in " ".join(Page(shown).text.split())
    assert owner.post("/messages/replay", hidden).status_code == 422  # none is chosen
    answer = owner.post("/messages/replay", {**hidden, **chosen})

    assert sql.run("select state, count(*) from inbox_message group by 1 order by 1") == [
        ("received", 3),
        ("used", 1),
    ]
    result = answer.headers["Location"]
    assert "0 of 3 settled" in text(owner, result)
    company.flow()
    seen = text(owner, result)
    assert "3 of 3 settled" in seen
    assert seen.count("Unreadable") == 3
    assert "4 messages would be read again" in text(owner, f"{window}&all=1")


def test_a_window_that_makes_no_sense_is_refused_in_words(shop: Shop, owner: Client):
    for wrong in (
        "since=yesterday",
        "since=2026-02-01T00:00&until=2026-01-01T00:00",
        "ids=1,x",
        "ids=" + "1," * 300,
    ):
        answer = owner.get(f"/messages/replay?connection=northlight&{wrong}")
        assert answer.status_code == 422, wrong
    assert owner.post("/messages/replay", {"ids": ""}).status_code == 422


def test_a_stuck_step_goes_again(shop: Shop, owner: Client):
    number = shop.sell(("MUG-ST", 1))
    company.a_stuck_step(number, "KeyError: 'MUC'")
    ((delivery_id,),) = sql.run("select id from core_delivery")

    seen = text(owner, "/stuck")
    assert f"{number} Order accepted allocation.allocate KeyError: 'MUC'" in seen
    answer = owner.post(f"/stuck/{delivery_id}/retry", follow=True)

    assert "It goes again now." in answer.content.decode()
    company.flow()
    assert "Nothing is stuck" in text(owner, "/stuck")
    assert owner.post(f"/stuck/{delivery_id}/retry").status_code == 404


def test_an_empty_inbox_says_where_messages_come_from(shop: Shop, owner: Client):
    assert "/in/northlight" in text(owner, "/messages")


def test_any_number_is_rehearsed_and_read_by_a_word(shop: Shop, owner: Client):
    shop.sell(("MUG-ST", 1))
    body = b"broken"
    company.hear(shop.connection, signed("orders/create", body, delivery_id="b", secret="s"), now())
    company.flow()
    window: dict[str, object] = {"connection": "northlight", "topic": ""}
    window |= {"since": "2026-01-01T00:00", "until": "2099-01-01T00:00", "states": ["unreadable", "used"]}
    for wrong in ({"until": "soon"}, {"states": []}, {"topic": "products/update"}):
        assert owner.post("/messages/replays", {**window, **wrong}).status_code == 422
    address = owner.post("/messages/replays", window).headers["Location"]
    assert "0 found so far" in text(owner, address)
    assert owner.post("/messages/replays", window).status_code == 409
    worked()
    seen = text(owner, address)
    assert "2 of 2 rehearsed: 0 would change something, 1 would not, 1 would fail" in seen
    assert "of northlight: waits for your word." in text(owner, "/messages")
    assert "already has this version" in seen
    assert "already has this version" not in text(owner, f"{address}?only=failing")
    assert owner.post(address, {"do": "dance"}).status_code == 422
    assert owner.post(address, {"do": "stop"}).status_code == 409
    assert owner.post(address, {"do": "read-all"}).status_code == 302
    worked()
    assert "0 of 2 read · 2 on the way" in text(owner, address)
    company.flow()
    sql.run("update inbox_replay set next_at = now()")
    worked()
    seen = text(owner, address)
    assert "2 of 2 read, 1 went wrong" in seen
    assert "already has this version or a newer one" in seen
    assert "Would fail" in text(owner, f"{address}?only=went-wrong")
    assert "2 of 2 rehearsed, 2 of 2 read" in text(owner, "/messages/replays")
    assert "of northlight: " not in text(owner, "/messages")


def worked() -> None:
    while work_replays(rehearse):
        pass
