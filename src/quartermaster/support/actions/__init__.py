"""Verbs of support: the only code that writes its tables."""

from quartermaster.support.actions.notices import tell_notice, warn

__all__ = ["tell_notice", "warn"]
