"""Refusals and failures: words for the caller, one line in the log, and never a word of the inside."""

import logging

import psycopg
import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory

from quartermaster.api import events
from quartermaster.core.errors import Invalid
from quartermaster.core.middleware import Problems
from quartermaster.testing.program import Program, problem


@pytest.fixture
def program(db):
    return Program("admin")


def failing(monkeypatch, error):
    def fail(*args, **options):
        raise error

    monkeypatch.setattr(events, "timeline", fail)


def ours(caplog):
    return [record for record in caplog.records if record.levelno >= logging.ERROR]


def test_a_failure_is_a_500_without_its_inside_and_one_line_in_the_log(program, monkeypatch, caplog):
    failing(monkeypatch, RuntimeError("canary"))

    answer = program.get("/api/events?subject=x")

    told = problem(answer, 500, "internal")
    assert b"canary" not in answer.content
    assert b"Traceback" not in answer.content
    (record,) = ours(caplog)
    assert record.request_id == told["request_id"]
    assert "canary" in str(record.exc_info[1])


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("canary"),
        psycopg.OperationalError("canary"),
        psycopg.errors.DeadlockDetected("canary"),
        psycopg.errors.IdleInTransactionSessionTimeout("canary"),
    ],
    ids=lambda error: type(error).__module__ + "." + type(error).__name__,
)
def test_a_database_that_is_away_is_a_503_that_says_when_to_come_again(program, monkeypatch, caplog, error):
    failing(monkeypatch, error)

    answer = program.get("/api/events?subject=x")

    problem(answer, 503, "unavailable")
    assert int(answer.headers["Retry-After"]) > 0
    assert b"canary" not in answer.content
    assert len(ours(caplog)) == 1


def test_a_refusal_names_its_fields(program, monkeypatch, caplog):
    failing(monkeypatch, Invalid(what="The thing", errors={"colour": "must be red"}))

    told = problem(program.get("/api/events?subject=x"), 422, "invalid")

    assert told["title"] == "The thing cannot be read."
    assert told["errors"] == [{"field": "colour", "because": "must be red"}]
    assert ours(caplog) == []


def test_what_is_not_there_and_what_is_not_taken_are_problems_too(program):
    problem(program.get("/api/nothing"), 404, "not-found")
    problem(program.get("/api"), 404, "not-found")
    wrong = program.send("PUT", "/api/orders")
    problem(wrong, 405, "method-not-allowed")
    assert wrong.headers["Allow"] == "GET"


def test_a_request_keeps_the_id_it_came_with_unless_it_is_hostile(program):
    assert program.get("/api/rules", x_request_id="trace-4711-a").headers["X-Request-ID"] == "trace-4711-a"
    for hostile in ("short", "a b c d e f", "x" * 65, "<script>alert(1)</script>"):
        given = program.get("/api/rules", x_request_id=hostile).headers["X-Request-ID"]
        assert given != hostile
        assert len(given) == 32


def test_a_refused_request_is_one_line_in_the_log_without_what_was_asked(program, caplog):
    caplog.set_level(logging.INFO)
    told = problem(program.get("/api/orders?token=qm_canary"), 422, "invalid")

    (record,) = caplog.records
    assert record.getMessage() == "GET /api/orders answered 422"
    assert record.request_id == told["request_id"]
    assert "canary" not in str(vars(record))


@pytest.mark.django_db
def test_outside_the_api_a_refusal_is_a_page():
    request = RequestFactory().get("/orders/SO-1")
    from django.contrib.auth.models import AnonymousUser

    request.user = AnonymousUser()
    middleware = Problems(lambda request: HttpResponse())

    page = middleware.process_exception(request, Invalid(what="The thing", errors={}))

    assert page is not None
    assert page.status_code == 422
    assert page.headers["Content-Type"].startswith("text/html")
    assert b"The thing cannot be read." in page.content
    assert middleware.process_exception(request, RuntimeError("left to Django")) is None


def test_a_body_in_chunks_is_refused_in_words_instead_of_being_taken_for_empty(program):
    problem(program.post("/api/skus", {"code": "X"}, transfer_encoding="chunked"), 411, "length-required")


@pytest.mark.django_db
def test_a_length_that_is_no_number_counts_as_too_long():
    client = Client(SERVER_NAME="127.0.0.1")
    answer = client.post("/api/skus", b"{}", content_type="application/json", CONTENT_LENGTH="9" * 20)
    problem(answer, 413, "too-large")
