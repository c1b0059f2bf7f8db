"""Verbs of money: the only code that writes its tables."""

from quartermaster.money.actions.follow import follow
from quartermaster.money.actions.give_back import give_back
from quartermaster.money.actions.write_policy import write_policy

__all__ = ["follow", "give_back", "write_policy"]
