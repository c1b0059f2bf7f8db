"""Verbs of the inbox: the only code that writes its tables."""

from quartermaster.inbox.actions.connect import connect, pause, resume
from quartermaster.inbox.actions.hear_ends import hear_ends
from quartermaster.inbox.actions.keep import Arrival, Keeper, keep
from quartermaster.inbox.actions.keys import (
    KeysNotTaken,
    KeysNotTried,
    prove,
    suspect,
    trials,
    try_keys,
)
from quartermaster.inbox.actions.replay import reopened, replay, replay_window
from quartermaster.inbox.actions.replays import (
    ReplayUnderWay,
    ask_replay,
    steer_replay,
    work_replays,
)
from quartermaster.inbox.actions.rotate import connect_tried, forget_replaced, replace_keys
from quartermaster.inbox.actions.settle import Messages, Outcome, Taken, wake_waiting

__all__ = [
    "Arrival",
    "Keeper",
    "KeysNotTaken",
    "KeysNotTried",
    "Messages",
    "Outcome",
    "ReplayUnderWay",
    "Taken",
    "ask_replay",
    "connect",
    "connect_tried",
    "forget_replaced",
    "hear_ends",
    "keep",
    "pause",
    "prove",
    "reopened",
    "replace_keys",
    "replay",
    "replay_window",
    "resume",
    "steer_replay",
    "suspect",
    "trials",
    "try_keys",
    "wake_waiting",
    "work_replays",
]
