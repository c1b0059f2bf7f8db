"""Verbs of money: the only code that writes its tables."""

from quartermaster.money.actions.follow import follow

__all__ = ["follow"]
