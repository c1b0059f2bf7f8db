from quartermaster.inbox.actions.keep import Arrival, Keeper, keep
from quartermaster.inbox.actions.replay import replay, replay_window
from quartermaster.inbox.actions.settle import Messages, Outcome, Taken, wake_waiting

__all__ = [
    "Arrival",
    "Keeper",
    "Messages",
    "Outcome",
    "Taken",
    "keep",
    "replay",
    "replay_window",
    "wake_waiting",
]
