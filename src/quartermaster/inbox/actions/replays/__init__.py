"""Replays of any number of messages: asked for, gathered, rehearsed, read, stopped and gone on with."""

from quartermaster.inbox.actions.replays.ask import ReplayUnderWay, ask_replay
from quartermaster.inbox.actions.replays.steer import steer_replay
from quartermaster.inbox.actions.replays.work import Rehearse, work_replays

__all__ = ["Rehearse", "ReplayUnderWay", "ask_replay", "steer_replay", "work_replays"]
