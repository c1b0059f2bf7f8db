"""What a follower is asked to see whether it accepts our keys."""

from datetime import timedelta

from quartermaster.core.moment import now
from quartermaster.core.outside import Account
from quartermaster.tracking.ports import Follower, Told

JUST_NOW = timedelta(minutes=1)


def ask_of_now(account: Account, follower: Follower) -> Told:
    """The harmless call: what changed in the last minute. What it answers is left aside."""
    return follower.changed(account=account, since=now() - JUST_NOW, after="")
