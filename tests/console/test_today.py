"""Today: what it covers, what it says, and that every number is the number of rows behind it."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils.timezone import now
from hypothesis import given
from hypothesis import strategies as st
from tests.console import company as invented
from tests.console.conftest import Page, Shop

from quartermaster.console.causes.cause import Group, Told, When, many
from quartermaster.console.today.span import covered
from quartermaster.console.today.views import compared, points
from quartermaster.console.today.words import Task, sections, sentence
from quartermaster.core import sql

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("today", "since"),
    [
        ("2026-11-23", "2026-11-20T17:00"),  # Monday: the whole weekend
        ("2026-11-24", "2026-11-23T17:00"),
        ("2026-11-22", "2026-11-20T17:00"),  # Sunday
        ("2026-10-26", "2026-10-23T17:00"),  # the clocks went back in between
    ],
)
def test_it_covers_what_came_since_the_last_working_evening(today: str, since: str):
    at = datetime.fromisoformat(f"{today}T09:12").replace(tzinfo=BERLIN)
    span = covered(at, zone=BERLIN)
    assert span.since == datetime.fromisoformat(since).replace(tzinfo=BERLIN)
    assert span.until == at


def test_a_holiday_is_no_working_day():
    at = datetime(2026, 12, 28, 8, tzinfo=BERLIN)
    span = covered(at, zone=BERLIN, works=lambda day: day.isoweekday() <= 5 and day != date(2026, 12, 25))
    assert span.since == datetime(2026, 12, 24, 17, tzinfo=BERLIN)


@given(st.integers(0, 10_000_000), st.sampled_from(["UTC", "Asia/Kolkata"]))
def test_it_always_looks_back_one_to_four_days_and_its_day_holds_now(minutes: int, zone: str):
    moment = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    span = covered(moment, zone=ZoneInfo(zone))
    assert span.day_start <= span.until < span.day_end
    assert timedelta(hours=6) < span.until - span.since < timedelta(days=4)
    assert span.since_local.isoweekday() <= 5


def _task(clause: str, *, when: When = When.NOW, due_h: int | None = None, minor: int = 0) -> Task:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    due = at + timedelta(hours=due_h) if due_h is not None else None
    return Task(
        Group("x", "", 1, 1, {"EUR": minor}, at, at, due, ""), Told(when, clause, "", "", clause=clause)
    )


def test_the_sentence_tells_the_most_urgent_first_and_counts_the_rest():
    tasks = [
        _task("1 message could not be read"),
        _task("9 orders will miss the next cut-off", due_h=2),
        _task("acme is silent", minor=900),
        _task("LAMP is unknown", minor=500),
        _task("not to be told", when=When.LATER),
    ]
    told = sentence("212", tasks)
    assert "".join(told) == (
        "212 orders are open. Nine orders will miss the next cut-off, acme is silent, LAMP is unknown, "
        "and 1 more thing needs you."
    )


def test_the_sentence_of_a_quiet_morning_says_so():
    assert "".join(sentence("", [])) == "No order is open, and nothing needs you now."
    assert "".join(sentence("1", [])) == "1 order is open, and nothing needs you now."


def test_a_cause_that_was_not_counted_to_its_end_says_so():
    group = _task("x").group
    assert many(group, "order") == "1 order"
    assert many(group._replace(rows=1284), "order") == "1,284 orders"
    assert many(group._replace(rows=1, is_more=True), "order") == "1+ orders"


def test_tasks_stand_by_deadline_and_then_by_money():
    tasks = [
        _task("poor", minor=1),
        _task("rich", minor=9),
        _task("due", due_h=1),
        _task("later", when=When.LATER),
    ]
    assert [task.told.clause for task in sections(tasks)[When.NOW]] == ["due", "rich", "poor"]


def test_changes_are_told_against_something_or_not_at_all():
    assert compared(112, 100) == ("+12 % on a week before", "good")
    assert compared(88, 100) == ("−12 % on a week before", "bad")
    assert compared(5, 0) == ("no week before it", "faint")
    assert compared(100, 100) == ("as a week before", "faint")


def test_a_curve_stays_in_its_box():
    assert points([0, 5, 10]) == "0.0,22.0 50.0,12.0 100.0,2.0"
    assert points([0, 0]) == points([3]) == ""


def _number(text: str) -> int:
    return int(text.replace(",", ""))


def _rows(html: str) -> int:
    return len(re.findall(r"<a\s+data-row", html))


def test_every_number_of_today_is_the_number_of_rows_behind_it(shop: Shop, owner: Client):
    sql.run("update stock_location set cutoff = '23:59' where code = 'BER'")
    shop.channel.now = now() - timedelta(minutes=125)
    invented.a_day(shop.connection, shop.channel)
    invented.a_stuck_step(invented.number(4), "KeyError: 'MUC'")
    html = owner.get("/").content.decode()

    tasks = re.findall(r'<p class="what"><a href="([^"]+)">', html)
    assert len(tasks) >= 8
    for link in tasks:
        link = link.replace("&amp;", "&")
        shown = owner.get(link).content.decode()
        title = re.sub("<.*?>", "", re.search(r"<h1>(.*?)</h1>", shown, re.DOTALL)[1]).strip()  # type: ignore[index]
        counted = re.match(r"([\d,]+) ", title)
        if counted:
            assert _rows(shown) == _number(counted[1]), (link, title)
        else:  # named after the one thing that waits: "VASE-NEW of northlight is unknown here"
            assert _rows(shown) >= 1, link

    funnel = re.findall(r'<a href="(/orders\?view=[a-z_]+)"><b>([\d,]+)</b>', html)
    assert len(funnel) == 5
    for link, number in funnel:
        assert _rows(owner.get(link).content.decode()) == _number(number), link

    (sold,) = re.findall(
        r'href="(/orders\?since=[^"]+)">\s*<span class="soft">Orders</span>\s*<b>(\d+)</b>', html
    )
    assert _rows(owner.get(sold[0].replace("&amp;", "&")).content.decode()) == int(sold[1]) > 0

    sites = re.findall(r'href="(/orders\?(?:site|gone_from)=[A-Z]+)"[^>]*>([\d,]+) (?:gone|to go)</a>', html)
    assert {link for link, _ in sites} == {"/orders?site=BER", "/orders?gone_from=BER"}
    for link, number in sites:
        assert _rows(owner.get(link).content.decode()) == _number(number), link

    counted = r'href="/exceptions" data-key="g e"[^>]*>Exceptions\s*<span\s+class="count bad">(\d+)<'
    (unfinished,) = re.findall(counted, html)
    heading = Page(owner.get("/exceptions").content.decode()).text
    assert f"{unfinished} things could not be finished" in heading


def test_a_company_without_anything_is_told_that_nothing_needs_it(owner: Client):
    html = owner.get("/").content.decode()
    assert "No order is open, and nothing needs you now." in html
    assert "Nothing needs you" in html
    assert "0 exceptions" in owner.get("/exceptions").content.decode()
