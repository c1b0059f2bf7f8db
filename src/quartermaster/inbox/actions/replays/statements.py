"""What the workers say to the database about replays, in the order in which a replay goes."""

from typing import Final

# Also those that were stopped or ended while some of their messages were on their way.
DUE: Final = """
update inbox_replay t set next_at = %(until)s, failures = failures + 1,
  because = case when failures > 0 and because = '' then 'a worker that had a part in hand did not come back'
    else because end
where id = (
  select r.id from inbox_replay r
  where r.next_at <= %(at)s and (r.settled < r.queued
    or not r.is_stopped and r.phase in ('gathering', 'rehearsing', 'reading'))
  order by r.next_at, r.id limit 1 for update skip locked)
returning id, phase, cursor, failures
"""
LOCK: Final = """
select c.slug, r.phase, r.is_stopped, r.reads, r.cursor, r.messages, r.queued, r.settled, r.told_by
from inbox_replay r join inbox_connection c on c.id = r.connection_id where r.id = %s for no key update of r
"""
WANTED: Final = """
select connection_id, topic, states, since_at, until_at, cursor from inbox_replay where id = %s
"""
# With its values written out, for only then does the planner see how many there are, and takes them in the
# order of their ids instead of sorting all of them for each part.
GATHER: Final = """
with found as (
  select m.id from inbox_message m
  where m.connection_id = %(connection)s and m.id > %(cursor)s
    and m.received_at >= %(since)s and m.received_at < %(until)s
    and m.state = any(%(states)s) and (%(topic)s = '' or m.topic = %(topic)s)
  order by m.id limit %(most)s),
kept as (insert into inbox_replay_row (replay_id, message_id) select %(replay)s, id from found)
select count(*), max(id) from found
"""
COUNT: Final = "update inbox_replay set messages = messages + %(messages)s where id = %(replay)s"
UNSEEN: Final = """
select message_id from inbox_replay_row where replay_id = %(replay)s and message_id > %(cursor)s
order by message_id limit %(most)s
"""
FOUND: Final = """
with told as (select * from jsonb_to_recordset(%(rows)s::jsonb)
  as t(message bigint, found text, said text, changes jsonb)),
kept as (
  update inbox_replay_row w set found = t.found, said = t.said, changes = t.changes from told t
  where w.replay_id = %(replay)s and w.message_id = t.message)
update inbox_replay r set changing = r.changing + n.changing, same = r.same + n.same,
  failing = r.failing + n.failing, unsaid = r.unsaid + n.unsaid
from (select count(*) filter (where found = 'changing') as changing,
    count(*) filter (where found = 'same') as same, count(*) filter (where found = 'failing') as failing,
    count(*) filter (where found = 'unsaid') as unsaid from told) n
where r.id = %(replay)s
"""
# What waits for an order that has not come is read as far as it can be.
SETTLE: Final = """
with settled as (
  update inbox_replay_row w set result = m.state,
    because = case when m.waits_for is null then m.because else 'waits for ' || m.waits_for end
  from inbox_message m
  where w.replay_id = %(replay)s and w.read_at is not null and w.result = '' and m.id = w.message_id
    and (m.state <> 'received' or m.waits_for is not null)
  returning w.result),
counted as (
  select count(*) as n, count(*) filter (where result in ('stuck', 'unreadable')) as wrong from settled)
update inbox_replay r set settled = r.settled + n.n, went_wrong = r.went_wrong + n.wrong from counted n
where r.id = %(replay)s returning n.n
"""
_TAKE: Final = """
select message_id from inbox_replay_row
where replay_id = %(replay)s and message_id > %(cursor)s {} order by message_id limit %(most)s
"""
TAKE: Final = {"all": _TAKE.format(""), "changing": _TAKE.format("and found = 'changing'")}
QUEUED: Final = """
with queued as (
  update inbox_replay_row set read_at = %(at)s
  where replay_id = %(replay)s and message_id = any(%(ids)s) returning 1)
update inbox_replay set queued = queued + (select count(*) from queued) where id = %(replay)s
"""
NEXT: Final = """
update inbox_replay set phase = %(phase)s, cursor = %(cursor)s, next_at = %(next)s, failures = 0,
  because = '', ended_at = case when %(is_done)s then %(at)s::timestamptz else ended_at end
where id = %(replay)s returning messages
"""
FAILED: Final = """
update inbox_replay set failures = failures + %(counts)s, next_at = %(next)s,
  because = case when %(because)s = '' then because else %(because)s end,
  is_stopped = is_stopped or (failures + %(counts)s >= %(most)s and ended_at is null)
where id = %(replay)s
"""
