"""Verbs of the inbox: the only code that writes its tables."""

from quartermaster.inbox.actions.connect import connect, pause, resume
from quartermaster.inbox.actions.keep import Arrival, Keeper, keep
from quartermaster.inbox.actions.replay import replay, replay_window
from quartermaster.inbox.actions.settle import Messages, Outcome, Taken, wake_waiting

__all__ = [
    "Arrival",
    "Keeper",
    "Messages",
    "Outcome",
    "Taken",
    "connect",
    "keep",
    "pause",
    "replay",
    "replay_window",
    "resume",
    "wake_waiting",
]
