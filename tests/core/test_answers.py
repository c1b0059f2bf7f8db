"""Stored answers: which requests are the same, and how long an answer is kept."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from quartermaster.core import answers, sql
from quartermaster.core.actions import answer

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


def test_requests_are_the_same_only_when_every_part_is():
    prints = {
        answers.fingerprint(*request)
        for request in (
            ("POST", "/a", b"x"),
            ("PUT", "/a", b"x"),
            ("POST", "/a?b=1", b"x"),
            ("POST", "/a", b"x "),
            ("POST", "/ax", b""),
            ("POSTX", "/a", b""),
        )
    }
    assert len(prints) == 6
    assert answers.fingerprint("POST", "/a", b"x") in prints


@pytest.mark.django_db
def test_an_answer_is_forgotten_after_thirty_days_and_not_before():
    for days in (29, 31, 400):
        given = answers.Stored(200, "application/json", b"{}")
        answer.keep(given, caller="token:x", key=f"{days} days", fingerprint=b"p")
        age = timedelta(days=days)
        sql.run("update core_answer set created_at = %s where key = %s", (NOW - age, f"{days} days"))

    assert answer.prune(at=NOW) == 2
    assert sql.run("select key from core_answer") == [("29 days",)]


@pytest.mark.django_db
def test_an_answer_that_was_rolled_back_was_never_given():
    with transaction.atomic():
        assert answer.begin(caller="token:x", key="k", fingerprint=b"p") is None
        given = answers.Stored(200, "application/json", b"{}")
        answer.keep(given, caller="token:x", key="k", fingerprint=b"p")
        transaction.set_rollback(True)

    assert sql.run("select key from core_answer") == []
