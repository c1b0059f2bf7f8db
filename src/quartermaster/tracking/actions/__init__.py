"""Verbs of tracking: the only code that writes its tables."""

from quartermaster.core.effects import Effect
from quartermaster.tracking.actions.ask import ask_followers
from quartermaster.tracking.actions.deliver import deliver
from quartermaster.tracking.actions.expect_back import expect_back
from quartermaster.tracking.actions.hear import hear
from quartermaster.tracking.actions.keys import ask_of_now
from quartermaster.tracking.actions.scan import Outcome, Taken, scan
from quartermaster.tracking.actions.subscribe import FollowParcel, subscribe
from quartermaster.tracking.actions.track import track
from quartermaster.tracking.queries import followers

EFFECTS: dict[str, Effect] = {followers.TASK: FollowParcel()}

__all__ = [
    "EFFECTS",
    "Outcome",
    "Taken",
    "ask_followers",
    "ask_of_now",
    "deliver",
    "expect_back",
    "hear",
    "scan",
    "subscribe",
    "track",
]
