"""Calls to outside systems: every way they end, and what is never repeated in words."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from time import sleep

import pytest

from quartermaster.connectors import calls
from quartermaster.connectors.calls import Caller
from quartermaster.connectors.complaints import Complaint
from quartermaster.core import pace
from quartermaster.core.outside import AuthExpired, Conflict, Invalid, Missing, NotDone, Throttled, Unclear
from quartermaster.core.pace import Limit
from quartermaster.testing.simulators.server import Request, Response, Simulator

KEY = "key-0123456789"


class Parrot:
    """Answers what it was told to."""

    paid = 0

    def __init__(self) -> None:
        self.response = Response(200, {"fine": True})

    def operation(self, method: str, path: str) -> str:
        return "any"

    def respond(self, request: Request, *, url: str) -> Response:
        return self.response

    def error(self, status: int) -> object:
        return {"code": "odd", "said": f"it is {status} for {KEY}"}


@pytest.fixture
def parrot() -> Iterator[Simulator]:
    with Simulator(Parrot()) as simulator:
        yield simulator


def caller(simulator: Simulator) -> Caller:
    return Caller(
        simulator.url,
        name="Parrot",
        headers={"Key": KEY},
        secrets=[KEY],
        complaint=lambda body: Complaint(str(body["code"]), str(body["said"]), {"line1": f"not {KEY}"}),
    )


@pytest.mark.parametrize(
    ("fault", "asked", "changed"),
    [
        ("429", Throttled, Throttled),
        ("401", AuthExpired, AuthExpired),
        ("500", NotDone, Unclear),
        ("down", NotDone, Unclear),
        ("late", NotDone, Unclear),
        ("broken", NotDone, Unclear),
    ],
)
def test_a_question_leaves_nothing_unclear_and_a_change_may(
    parrot: Simulator, fault: str, asked: type[Exception], changed: type[Exception]
):
    parrot.misbehave("*", fault, fault)

    with pytest.raises(asked) as one:
        caller(parrot).look("/x")
    with pytest.raises(changed) as other:
        caller(parrot).change("POST", "/x", {})

    assert KEY not in f"{one.value} {other.value}"


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (404, "", Missing),
        (409, "", Conflict),
        (400, "", Invalid),
        (422, "", Invalid),
        (400, "id_conflict", Conflict),
    ],
)
def test_a_no_is_told_apart(parrot: Simulator, status: int, code: str, error: type[Exception]):
    parrot.vendor.response = Response(status, {"code": code, "said": f"no, {KEY}"})  # type: ignore[attr-defined]

    with pytest.raises(error, match="no, …") as refusal:
        caller(parrot).change("POST", "/x", {})

    assert not isinstance(refusal.value, Invalid) or refusal.value.fields == {"line1": "not …"}


def test_a_redirect_is_not_followed(parrot: Simulator):
    parrot.vendor.response = Response(302, {"code": "", "said": "over there"})  # type: ignore[attr-defined]

    with pytest.raises(Unclear):
        caller(parrot).change("POST", "/x", {})

    assert len(parrot.requests) == 1


def test_an_answer_that_takes_too_long_is_not_waited_for(parrot: Simulator, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(calls, "CALL_S", 0.1)
    parrot.misbehave("*", "slow")

    with pytest.raises(NotDone, match="ReadTimeout"):
        caller(parrot).look("/x")


def test_all_requests_of_a_call_share_its_time(parrot: Simulator, monkeypatch: pytest.MonkeyPatch):
    """A purchase looks, buys and fetches: a worker's lease ends a minute after it began."""
    monkeypatch.setattr(calls, "CALL_S", 0.05)
    asked = caller(parrot)
    sleep(0.06)

    with pytest.raises(NotDone, match="took too long"):
        asked.look("/x")

    assert parrot.requests == []


def test_a_change_is_not_sent_when_its_answer_could_not_be_waited_for(
    parrot: Simulator, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(calls, "CALL_S", calls.CHANGE_S - 1)

    with pytest.raises(NotDone, match="took too long"):
        caller(parrot).change("POST", "/x", {})

    assert parrot.requests == []


def test_an_answer_without_an_end_is_not_read(parrot: Simulator, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(calls, "BODY_MAX", 3)

    with pytest.raises(NotDone, match="TimeoutError"):
        caller(parrot).look("/x")


@pytest.mark.parametrize("address", ["http://api.example", "ftp://127.0.0.1", "file:///etc", "a.example"])
def test_a_key_is_sent_to_https_only(address: str):
    with pytest.raises(NotDone, match="not https"):
        Caller(address, name="Parrot", headers={}, complaint=lambda body: Complaint("", ""))


def test_a_file_elsewhere_is_not_fetched(parrot: Simulator):
    with pytest.raises(NotDone, match="elsewhere"):
        caller(parrot).fetch("http://127.0.0.1:1/label.pdf")

    assert parrot.requests == []


@pytest.mark.parametrize(
    "url",
    ["https://evil-example.com/l.pdf", "http://files.example.com/l.pdf", "https://example.com@a.b/l.pdf"],
)
def test_only_domains_that_were_named_hand_out_files(parrot: Simulator, url: str):
    asked = Caller(
        parrot.url, name="P", headers={}, complaint=lambda body: Complaint("", ""), files=("example.com",)
    )

    with pytest.raises(NotDone, match="elsewhere"):
        asked.fetch(url)


def test_nobody_there_is_not_done():
    with Simulator(Parrot()) as gone:
        pass

    with pytest.raises(NotDone, match="cannot be reached"):
        caller(gone).change("POST", "/x", {})


AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "moment"),
    [
        ("30", AT + timedelta(seconds=30)),
        ("Mon, 23 Nov 2026 12:05:00 GMT", AT + timedelta(minutes=5)),
        ("99999999", AT + calls.RETRY_MAX),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("9" * 400, None),
        ("²", None),
    ],
)
def test_when_to_ask_again(header: str, moment: datetime | None):
    answer = calls.Answer(429, {"retry-after": header}, b"", AT)

    assert calls._retry_at(answer) == moment


def test_a_form_is_sent_as_one_and_the_headers_of_every_answer_are_heard(parrot: Simulator):
    heard: list[tuple[str, str, str]] = []
    asking = Caller(
        parrot.url,
        name="Parrot",
        headers={},
        complaint=lambda body: Complaint("", ""),
        heard=lambda method, path, headers: heard.append((method, path, headers["etag"])),
    )

    asking.sign_in("/token", {"grant_type": "refresh_token", "refresh_token": "a b&c"})

    assert parrot.requests[-1].body == {"grant_type": "refresh_token", "refresh_token": "a b&c"}
    assert heard == [("POST", "/token", '"1"')]


def test_who_throttles_without_a_moment_is_asked_again_a_turn_later(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pace, "keepers", [])
    with Simulator(Late()) as simulator:
        limited = Caller(
            simulator.url,
            name="Late",
            headers={},
            complaint=lambda body: Complaint("", ""),
            limit_of=lambda method, path: Limit("late", 180, 1),
        )
        with pytest.raises(Throttled) as throttled:
            limited.look("/orders")

    assert throttled.value.retry_at is not None
    assert throttled.value.retry_at - datetime.now(UTC) > timedelta(seconds=170)


class Late(Parrot):
    """Throttles without a word on when to come back."""

    def respond(self, request: Request, *, url: str) -> Response:
        return Response(429, {})
