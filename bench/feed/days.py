"""Time, scaled: what waits for a moment has it sooner, as often as a day is shorter than a day.

Only waits are scaled: the five minutes between two questions and the ten that each looks back, what a failure
is given before it is tried again, the day between two readings. Work takes as long as it takes, and what
somebody has in hand keeps its lease. So a day's outage costs a shop as many failed questions and as much
back-off as a real one, while orders come several hundred times as fast as a day would bring them: the harder
of both ways round.
"""

import time

import psycopg

from bench.beside import Beside
from quartermaster.channels.actions.ask import OVERLAP

DAY_S = 86_400.0
EVERY_S = 0.1

# `pull`: so much of a wait has gone by beyond the tick. A shop that is being asked keeps its lease.
SOONER = (
    """update core_outbox set due_at = due_at - %(pull)s where settled_at is null and due_at > now()
    and (lease_until is null or lease_until < now())""",
    """update channels_shop set next_at = next_at - %(pull)s where next_at > now()
    and next_at is distinct from asked_at + interval '2 minutes'""",
    """update channels_goods set push_at = push_at - %(pull)s where push_at > now()""",
    """update channels_goods set read_next_at = read_next_at - %(pull)s
    where read_next_at > now() and (read_failures > 0 or read_next_at > now() + interval '1 hour')""",
    """update channels_listing set next_at = next_at - %(pull)s
    where state in ('due', 'asked') and next_at > now() and lease_until is null""",
    # What a shop accepted and did not do is looked for during 15 minutes.
    """update channels_listing set sent_at = sent_at - %(pull)s
    where state = 'asked' and asks = 'accepted' and lease_until is null""",
    "update channels_hooks set next_at = next_at - %(pull)s where next_at > now() + interval '3 minutes'",
    "delete from core_pace",
)

# How far back a round begins. Shops date their changes in whole seconds.
LOOKS_BACK = """
create function feed_looks_back() returns trigger language plpgsql as $$
begin
  new.since := greatest(new.since, new.read_up_to - interval '{seconds:.3f} seconds');
  return new;
end $$;
create trigger feed_looks_back before update on channels_shop for each row
  when (new.since is distinct from old.since) execute function feed_looks_back()
"""
LOOKS_BACK_MIN_S = 60.0  # a round is work, and its lists move: it must lie in more than one of them


class Clock(Beside):
    """A day takes `day_s` seconds as long as it runs."""

    def __init__(self, url: str, *, day_s: float) -> None:
        super().__init__()
        self.scale = DAY_S / day_s
        self._url = url

    def go_on(self) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            looks_back_s = max(LOOKS_BACK_MIN_S, OVERLAP.total_seconds() / self.scale)
            connection.execute(LOOKS_BACK.format(seconds=looks_back_s))
            before = time.monotonic()
            while not self.is_over.wait(EVERY_S):
                here = time.monotonic()
                seconds, before = (here - before) * (self.scale - 1), here
                for statement in SOONER:
                    self._hurry(connection, statement, seconds)
                connection.execute("notify quartermaster_river")

    def _hurry(self, connection: psycopg.Connection, statement: str, seconds: float) -> None:
        try:
            interval = f"{seconds:.3f} seconds"
            if "%(pull)s" in statement:
                connection.execute(statement.replace("%(pull)s", f"interval '{interval}'"))
            else:
                connection.execute(statement)
        except psycopg.errors.DeadlockDetected:
            return  # the next tick pulls the rest
