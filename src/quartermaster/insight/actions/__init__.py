"""Keeping what pages must not wait for."""

from quartermaster.insight.actions.keep import keep, refresh
from quartermaster.insight.actions.watch import watch

__all__ = ["keep", "refresh", "watch"]
