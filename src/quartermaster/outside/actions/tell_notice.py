"""Telling a site what will come in, once a revision; and taking in what they say of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, NamedTuple

import msgspec
from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.effects import Told, Turn, later
from quartermaster.core.events import emit
from quartermaster.core.moment import now
from quartermaster.core.outside import Conflict, Missing, NotDone, RefusedOutside, Unclear
from quartermaster.events import NoticeAnswered
from quartermaster.outside.ports import Notice, Noticed
from quartermaster.outside.ports import State as Theirs
from quartermaster.outside.queries.connected import mark_of, notices_of
from quartermaster.outside.rules.notices import Known, State, after

LOCK: Final = """
select n.id, n.reference, l.code, c.slug, n.arrival_id, n.state, n.revision, n.told, n.is_withdrawn,
  n.because, n.content::text, n.account, n.settled_at is not null
from outside_notice n join stock_location l on l.id = n.site_id
join outside_site t on t.location_id = n.site_id join inbox_connection c on c.id = t.connection_id
where {} = %s for no key update of n
"""
BY_ID: Final = LOCK.format("n.id")
BY_REFERENCE: Final = LOCK.format("n.reference")
SENT: Final = "update outside_notice set state = 'sent', account = %s where id = %s"
HEARD: Final = """
update outside_notice set state = %(state)s, because = %(because)s,
  told = case when %(is_told)s then revision else told end,
  theirs = case when %(theirs)s = '' then theirs else %(theirs)s end,
  told_at = case when %(is_told)s and told < revision then %(at)s else told_at end,
  answered_at = case when %(state)s = 'told' then answered_at else %(at)s end,
  settled_at = case when is_withdrawn and %(is_told)s then %(at)s else settled_at end
where id = %(id)s
"""


class Row(NamedTuple):
    """A notice and where it goes."""

    id: int
    reference: str
    site: str
    slug: str
    arrival_id: int
    state: str
    revision: int
    told: int
    is_withdrawn: bool
    because: str
    content_json: str
    account: str
    is_settled: bool

    @property
    def content(self) -> Notice:
        return msgspec.json.decode(self.content_json, type=Notice)

    @property
    def known(self) -> Known:
        return Known(State(self.state), self.revision, self.told, self.is_withdrawn)


class TellNotice:
    """The effect `outside.notice`: one revision of a notice, told once, whatever happens on the way."""

    def perform(self, *, key: str, body: Mapping[str, object]) -> Told:
        with transaction.atomic():
            mine = _locked(body)
            if over := _is_over(mine, body):
                return over
            connected = notices_of(mine.slug)
            if connected is None:
                return Told(Turn.REFUSE, f"{mine.slug} cannot be told what will come in")
            sql.run(SENT, (mark_of(connected.account), mine.id))
        account, notices = connected
        try:
            if mine.is_withdrawn:
                said = notices.withdraw(account=account, reference=mine.reference, because="it does not come")
            else:
                said = notices.announce(account=account, notice=mine.content)
        except Missing as refusal:
            if not mine.is_withdrawn:
                return _refused(mine, str(refusal))
            said = Noticed(mine.reference, Theirs.CANCELLED, mine.revision, because="they never had it")
        except Conflict as refusal:
            return _kept(mine, str(refusal))
        except RefusedOutside as refusal:
            return _refused(mine, str(refusal))
        except NotDone as trouble:
            return later(trouble)
        return _settled(mine, said)

    def ask(self, *, key: str, body: Mapping[str, object]) -> Told:
        with transaction.atomic():
            mine = _locked(body)
        if over := _is_over(mine, body):
            return over
        connected = notices_of(mine.slug)
        if connected is None:
            return Told(Turn.REFUSE, f"{mine.slug} cannot be told what will come in")
        found = connected.notices.noticed(account=connected.account, reference=mine.reference)
        if found is None and mine.account not in ("", mark_of(connected.account)):
            raise Unclear(f"it was told over other settings of {mine.slug}: set them back to have them asked")
        if found is None or found.revision < mine.revision:
            is_gone = mine.is_withdrawn and (found is None or found.state is Theirs.CANCELLED)
            if not is_gone:
                return Told(Turn.FIND_UNDONE, f"{mine.site} does not know of revision {mine.revision}")
        gone = Noticed(mine.reference, Theirs.CANCELLED, mine.revision)
        return _settled(mine, gone if mine.is_withdrawn or found is None else found)


def hear_notice(said: Noticed, *, at: datetime, by: str) -> bool:
    """Take in what they say of a notice, as often as it is told. False: no such reference of ours."""
    with transaction.atomic():
        found = sql.run(BY_REFERENCE, (said.reference,))
        if not found:
            return False
        mine = Row._make(found[0])
        state = after(mine.known, said)
        if state is not None and not (mine.is_settled and state is not State.WITHDRAWN):
            _save(mine, state, said.because, said.theirs, at=at, by=by)
    return True


def _settled(mine: Row, said: Noticed) -> Told:
    revised = msgspec.structs.replace(said, revision=mine.revision)
    hear_notice(revised, at=now(), by=mine.site)
    turn = Turn.REFUSE if said.state is Theirs.REFUSED else Turn.CONFIRM
    return Told(turn, said.because or f"{said.state} as {said.theirs or said.reference}")


def _refused(mine: Row, because: str) -> Told:
    said = Noticed(mine.reference, Theirs.REFUSED, mine.revision, because=because)
    if mine.is_withdrawn:
        return _kept(mine, because)
    hear_notice(said, at=now(), by=mine.site)
    return Told(Turn.REFUSE, because)


def _kept(mine: Row, because: str) -> Told:
    """They receive it already: what they were told before stands, and their receipt says what came."""
    with transaction.atomic():
        again = Row._make(sql.run(BY_ID, (mine.id,))[0])
        if again.revision == mine.revision:
            _save(again, State.ACKNOWLEDGED, because, "", at=now(), by=mine.site, told_as="kept")
    return Told(Turn.REFUSE, because)


def _save(
    mine: Row, state: State, because: str, theirs: str, *, at: datetime, by: str, told_as: str = ""
) -> None:
    is_told = not told_as and state is not State.REFUSED
    facts = {"state": state, "because": because, "theirs": theirs, "is_told": is_told}
    sql.run(HEARD, {**facts, "id": mine.id, "at": at})
    fact = NoticeAnswered(
        subject=f"arrival:{mine.arrival_id}",
        at=at,
        actor=by,
        arrival_id=mine.arrival_id,
        location=mine.site,
        reference=mine.reference,
        revision=mine.revision,
        state=told_as or state,
        because=because,
    )
    emit([fact])


def _locked(body: Mapping[str, object]) -> Row:
    return Row._make(sql.run(BY_ID, (body["notice_id"],))[0])


def _is_over(mine: Row, body: Mapping[str, object]) -> Told | None:
    """A newer revision says it all; what is settled needs no telling."""
    if body["revision"] != mine.revision:
        return Told(Turn.CONFIRM, f"overtaken by revision {mine.revision}")
    if mine.is_settled or mine.state in (State.TOLD, State.ACKNOWLEDGED, State.WITHDRAWN):
        return Told(Turn.CONFIRM, f"it is {mine.state}")
    return Told(Turn.REFUSE, mine.because) if mine.state == State.REFUSED else None
