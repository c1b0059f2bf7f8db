"""The inbox over HTTP: lists, one message with its bytes, reading again."""

import base64

import pytest

from quartermaster.core import sql
from quartermaster.inbox.actions import work_replays
from quartermaster.orders.actions import rehearse
from quartermaster.testing.builders import a_connection, an_order, flow
from quartermaster.testing.program import problem

pytestmark = pytest.mark.django_db


def a_message(body=b"{}", connection="acme", **headers):
    ((message_id,),) = sql.run(
        "insert into inbox_message (connection_id, delivery_id, topic, sha256, headers, body, received_at, "
        "state, because) values (%s, gen_random_uuid()::text, 'orders/create', sha256(%s), %s::jsonb, %s, "
        "'2026-11-02T12:00:00Z', 'ignored', 'not for us') returning id",
        (a_connection(connection), body, sql.rows([headers])[1:-1], body),
    )
    return str(message_id)


def test_messages_are_listed_newest_first_and_found_by_connection_and_state(program):
    first, second = a_message(), a_message(connection="other")

    def found(query):
        return [message["id"] for message in program.get(f"/api/messages?{query}").json()["items"]]

    assert found("") == [second, first]
    assert found("connection=acme") == [first]
    assert found("state=ignored&connection=other") == [second]
    assert found("state=used") == []
    problem(program.get("/api/messages?state=lost"), 422, "invalid")


def test_a_message_says_why_it_is_in_its_state(program):
    an_order(("LAMP", 1))
    (message,) = program.get("/api/messages?state=used").json()["items"]

    assert message["because"].startswith("SO-")
    assert message["waits_for"] is None
    assert message["size"] > 100


def test_an_opened_message_shows_its_text_and_hides_what_signs_it(program):
    headers = {"x-shopify-hmac-sha256": "c2VjcmV0", "x-topic": "orders"}
    message = program.get(f"/api/messages/{a_message(b'{"a": 1}', **headers)}").json()

    assert message["text"] == '{"a": 1}'
    assert message["base64"] is None
    assert message["headers"] == {"x-shopify-hmac-sha256": "[redacted]", "x-topic": "orders"}


def test_bytes_that_are_no_text_come_as_base64(program):
    message = program.get(f"/api/messages/{a_message(b'\xff\x00')}").json()

    assert message["text"] is None
    assert base64.b64decode(message["base64"]) == b"\xff\x00"


def test_reading_a_message_again_changes_nothing_that_is_right(program):
    number = an_order(("LAMP", 1))
    before = program.get(f"/api/orders/{number}").json()
    (message,) = program.get("/api/messages").json()["items"]

    assert program.post(f"/api/messages/{message['id']}/replay").status_code == 202
    flow()

    assert program.get(f"/api/orders/{number}").json() == before
    timeline = program.get(f"/api/events?subject=message:{message['id']}").json()["items"]
    assert [event["name"] for event in timeline] == ["MessageReplayed"]


def test_a_window_of_one_connection_is_read_again(program):
    for _ in range(3):
        a_message()
    a_message(connection="other")
    window = {"connection": "acme", "from": "2026-11-02T12:00:00Z", "to": "2026-11-02T13:00:00+00:00"}

    assert program.post("/api/messages/replay", window).json() == {"messages": 3}
    assert program.post(
        "/api/messages/replay", {**window, "to": "2026-11-02T12:00:00Z", "from": "2026-11-01T12:00:00Z"}
    ).json() == {"messages": 0}
    problem(program.post("/api/messages/replay", {**window, "to": window["from"]}), 422, "invalid")
    problem(program.post("/api/messages/replay", {**window, "from": "yesterday"}), 422, "invalid")
    problem(program.post("/api/messages/replay", {**window, "from": 1700000000}), 422, "invalid")


@pytest.mark.parametrize("message_id", ["0", "x", "1e3", "-1", "00", "9" * 30])
def test_an_id_that_is_none_is_the_callers_mistake(program, message_id):
    problem(program.get(f"/api/messages/{message_id}"), 422, "invalid")


def test_an_id_nobody_knows_is_a_404(program):
    problem(program.get("/api/messages/999999999999999999"), 404, "not-found")
    problem(program.post("/api/messages/999999999999999999/replay"), 404, "not-found")


def test_what_reading_again_would_change_is_told_and_chosen_ones_are_read(program):
    ids = [a_message(), a_message(b"[")]
    answer = program.post("/api/messages/rehearse", {"messages": ids}).json()
    assert [(str(one["message_id"]), one["changes"]) for one in answer] == [(one, []) for one in ids]
    assert sql.run("select distinct state from inbox_message") == [("ignored",)]
    assert program.post("/api/messages/replay-some", {"messages": ids}).json() == {"messages": 2}
    assert sql.run("select distinct state from inbox_message") == [("received",)]
    problem(program.post("/api/messages/rehearse", {"messages": []}), 422, "invalid")


def test_any_number_of_messages_is_rehearsed_steered_and_told_of_row_by_row(program):
    ids = [a_message(f"{{{n}".encode()) for n in range(3)]
    wanted = {"connection": "acme", "from": "2026-11-02T00:00:00Z", "to": "2026-11-03T00:00:00Z"}
    problem(program.post("/api/replays", wanted), 422, "invalid")  # none of them is stuck or unreadable
    problem(program.post("/api/replays", {**wanted, "states": ["received"]}), 422, "invalid")
    wanted["states"] = ["ignored"]
    told = program.post("/api/replays", wanted)
    assert told.status_code == 201
    replay_id = told.json()["id"]
    problem(program.post("/api/replays", wanted), 409, "replay-under-way")
    while work_replays(rehearse):
        pass

    seen = program.get(f"/api/replays/{replay_id}").json()
    assert (seen["phase"], seen["messages"], seen["failing"], seen["is_moving"]) == ("rehearsed", 3, 3, False)
    page = program.get(f"/api/replays/{replay_id}/messages?only=failing&limit=2").json()
    assert [row["message_id"] for row in page["items"]] == ids[:2]
    assert page["items"][0]["said"].startswith("This is not JSON")
    problem(program.post(f"/api/replays/{replay_id}/steer", {"word": "stop"}), 409, "wrong-step")
    for _ in range(2):
        told = program.post(f"/api/replays/{replay_id}/steer", {"word": "read-all"}).json()
    assert (told["phase"], told["reads"], told["to_read"]) == ("reading", "all", 3)
    work_replays(rehearse)
    flow()
    sql.run("update inbox_replay set next_at = now()")
    work_replays(rehearse)

    rows = program.get(f"/api/replays/{replay_id}/messages?only=went-wrong").json()["items"]
    assert [(row["message_id"], row["result"]) for row in rows] == [(one, "unreadable") for one in ids]
    assert [one["id"] for one in program.get("/api/replays?connection=acme").json()["items"]] == [replay_id]
    problem(program.get("/api/replays/99"), 404, "not-found")
