"""Verbs of tracking: the only code that writes its tables."""

from quartermaster.tracking.actions.deliver import deliver
from quartermaster.tracking.actions.scan import Outcome, Taken, scan
from quartermaster.tracking.actions.track import track

__all__ = ["Outcome", "Taken", "deliver", "scan", "track"]
