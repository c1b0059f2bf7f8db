"""What must hold of messages."""

from collections.abc import Callable

from quartermaster.core import sql

ROWS_MAX = 100
TAMPERED = "select id from inbox_message where sha256(body) <> sha256 order by id limit %s"

KEPT = "select slug from inbox_connection where forget_at < now() - interval '1 day' order by slug limit %s"

UNSOURCED = """
select slug from inbox_connection
where (select array_agg(k order by k) from jsonb_object_keys(keys_end) k) is distinct from
  (select array_agg(k order by k) from jsonb_object_keys(keys_end_by) k)
order by slug limit %s
"""

REPLAYS = """
select r.id from inbox_replay r left join inbox_replay_row w on w.replay_id = r.id
where r.ended_at is null or r.ended_at > now() - interval '2 days'
group by r.id
having (r.messages, r.changing, r.same, r.failing, r.unsaid, r.queued, r.settled, r.went_wrong) <> (
  count(w.id), count(*) filter (where w.found = 'changing'), count(*) filter (where w.found = 'same'),
  count(*) filter (where w.found = 'failing'), count(*) filter (where w.found = 'unsaid'),
  count(w.read_at), count(*) filter (where w.result <> ''),
  count(*) filter (where w.result in ('stuck', 'unreadable')))
order by r.id limit %s
"""


def bodies_that_changed() -> list[str]:
    return [f"message {row[0]}: its bytes are not those that came" for row in sql.run(TAMPERED, (ROWS_MAX,))]


def secrets_kept_too_long() -> list[str]:
    return [f"{slug} still keeps a secret that was replaced" for (slug,) in sql.run(KEPT, (ROWS_MAX,))]


def ends_without_a_source() -> list[str]:
    return [
        f"{slug} has keys that end, and nobody who said so" for (slug,) in sql.run(UNSOURCED, (ROWS_MAX,))
    ]


def replays_that_miscount() -> list[str]:
    return [
        f"replay {number} counts otherwise than its messages do"
        for (number,) in sql.run(REPLAYS, (ROWS_MAX,))
    ]


INVARIANTS: tuple[tuple[str, str, Callable[[], list[str]]], ...] = (
    ("inbox.bytes", "Every message still holds the bytes that came.", bodies_that_changed),
    ("inbox.secrets", "No secret is kept a day longer than it counts.", secrets_kept_too_long),
    ("inbox.ends", "Of each key that ends it is known who said so.", ends_without_a_source),
    (
        "inbox.replays",
        "A replay of the last two days counts what stands at its messages.",
        replays_that_miscount,
    ),
)
