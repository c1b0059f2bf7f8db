"""Keeping what pages must not wait for."""

from quartermaster.insight.actions.keep import keep, refresh

__all__ = ["keep", "refresh"]
