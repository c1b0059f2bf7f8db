"""What will come in at a site whose own programs fetch it from our API: told as the outbox tells it, with a
worker that dies at any moment, and programs that say everything twice, late, or of what was replaced."""

from datetime import UTC, datetime

import msgspec
import pytest

from quartermaster.connectors.site_api.warehouse import SiteNotices
from quartermaster.core import sql
from quartermaster.core.effects import Turn
from quartermaster.core.outside import Account, Invalid, Missing, Unclear
from quartermaster.inbound.actions import NewArrival, expect_arrival
from quartermaster.inbox.actions import connect
from quartermaster.outside.actions import work_outside
from quartermaster.outside.actions.tell_notice import TellNotice
from quartermaster.outside.ports import Notice, Noticed, State
from quartermaster.testing.builders import a_location, a_sku
from quartermaster.testing.conformance import notices
from quartermaster.testing.program import Program

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
KEEP = """
insert into outside_notice (reference, site_id, arrival_id, revision, is_withdrawn, content, mark, asked_at)
select %(reference)s, l.id, %(arrival)s, %(revision)s, %(is_withdrawn)s, %(content)s::jsonb, '', %(at)s
from stock_location l where l.code = 'RNO'
on conflict (reference) do update set state = 'queued', revision = excluded.revision,
  is_withdrawn = excluded.is_withdrawn, content = excluded.content
where outside_notice.revision < excluded.revision
"""
ID = "select id, revision, content::text from outside_notice where reference = %s"
DIES = ("before", "on the way", "after")


class Outbox:
    """The port as the outbox uses it: a row, and a worker that may die. `deaths`, one for each call:
    "before": nothing was begun · "on the way": it counts as sent, and nothing was told · "after": it was
    told, and nobody wrote down that it was."""

    def __init__(self) -> None:
        self.deaths: list[str] = []

    def announce(self, *, account: Account, notice: Notice) -> Noticed:
        self._keep(notice, is_withdrawn=False)
        return self._perform(notice.reference)

    def noticed(self, *, account: Account, reference: str) -> Noticed | None:
        return SiteNotices().noticed(account=account, reference=reference)

    def withdraw(self, *, account: Account, reference: str, because: str) -> Noticed:
        found = sql.run(ID, (reference,))
        if not found:
            raise Missing("it was never announced")
        told = msgspec.json.decode(found[0][2], type=Notice)
        if not sql.run("select is_withdrawn from outside_notice where reference = %s", (reference,))[0][0]:
            self._keep(msgspec.structs.replace(told, revision=told.revision + 1), is_withdrawn=True)
        return self._perform(reference)

    def _keep(self, notice: Notice, *, is_withdrawn: bool) -> None:
        known = sql.run("select arrival_id from outside_notice where reference = %s", (notice.reference,))
        lines = {item.sku: item.quantity for item in notice.items}
        wanted = NewArrival(site="RNO", kind="po", supplier="acme", reference=notice.reference, lines=lines)
        arrival = known[0][0] if known else expect_arrival(wanted, at=AT, by="user:1")
        facts = {"reference": notice.reference, "arrival": arrival, "revision": notice.revision, "at": AT}
        content = msgspec.json.encode(notice).decode()
        sql.change(KEEP, {**facts, "is_withdrawn": is_withdrawn, "content": content})

    def _perform(self, reference: str) -> Noticed:
        ((id, revision, _),) = sql.run(ID, (reference,))
        death = self.deaths.pop(0) if self.deaths else ""
        if death == "on the way":
            sql.change("update outside_notice set state = 'sent' where id = %s", (id,))
        if death in ("before", "on the way"):
            raise Unclear("the worker is gone")
        told = TellNotice().perform(key=reference, body={"notice_id": id, "revision": revision})
        if death == "after":
            raise Unclear("the worker is gone")
        if told.turn is not Turn.CONFIRM:
            raise Invalid(told.because)
        return Noticed(reference, State.HANDED, revision)


@pytest.fixture
def stand() -> notices.Stand:
    a_location("RNO")
    for sku in ("LAMP", "BULB"):
        a_sku(sku)
    connect("site_api", "reno", {}, at=AT, by="user:1")
    work_outside("RNO", "reno", at=AT, by="user:1")
    theirs = Program("site:RNO")

    def expected(reference: str) -> list[dict[str, int]]:
        """As their program reads it: page by page, twice, by the reference."""
        seen: dict[str, dict[str, int]] = {}
        listed = []
        for _ in range(2):
            after: str | None = ""
            while after is not None:
                page = theirs.get(f"/api/outside/RNO/notices?limit=1&after={after}").json()
                listed += [one["reference"] for one in page["items"]]
                for one in page["items"]:
                    if one["is_withdrawn"]:
                        seen.pop(one["reference"], None)
                    else:
                        seen[one["reference"]] = {item["sku"]: item["quantity"] for item in one["items"]}
                after = page["next"]
        assert listed.count(reference) in (0, 2), "it is in their list twice"
        return [seen[reference]] if reference in seen else []

    return notices.Stand(Outbox(), Account("reno"), expected)


@pytest.mark.parametrize("check", notices.CHECKS, ids=lambda check: check.__name__)
def test_site_api(check: notices.Check, stand: notices.Stand):
    check(stand)


@pytest.mark.parametrize("death", DIES)
def test_each_is_told_once_however_a_worker_dies(death: str, stand: notices.Stand):
    assert isinstance(stand.notices, Outbox)
    deaths = stand.notices.deaths
    notices.announced_amended_and_withdrawn(stand, lambda _: deaths.append(death))


def test_what_they_say_twice_late_or_of_what_was_replaced_changes_nothing(stand: notices.Stand):
    notice = notices.a_notice()
    stand.announce(notice)
    theirs, say = Program("site:RNO"), f"/api/outside/RNO/notices/{notice.reference}"

    def told(what: str, **body: object) -> tuple[int, str, str]:
        answer = theirs.post(f"{say}/{what}", body)
        seen = answer.json()
        return answer.status_code, seen.get("outcome", ""), seen.get("notice", {}).get("state", "")

    assert told("acknowledge", revision=1, number="W-9") == (200, "taken", "acknowledged")
    assert told("acknowledge", revision=1, number="W-9") == (200, "known", "acknowledged")
    stand.announce(notices.amended(notice))
    assert told("acknowledge", revision=1, number="W-9") == (200, "known", "told")
    assert told("refuse", revision=1, because="no room") == (200, "known", "told")
    for broken in ({"revision": 0}, {"revision": "2"}, {}, {"revision": 2, "numbers": "W"}):
        assert told("acknowledge", **broken)[0] == 422, broken
    assert told("acknowledge", revision=2) == (200, "taken", "acknowledged")
    stand.withdraw(notice.reference)
    assert told("acknowledge", revision=2) == (200, "known", "withdrawn")
    assert stand.expected(notice.reference) == []
