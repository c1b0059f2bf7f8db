"""Verbs of marketplaces: the only code that writes its tables."""

from quartermaster.marketplaces.actions.ask_standing import ask_standing
from quartermaster.marketplaces.actions.contest import contest
from quartermaster.marketplaces.actions.count import count
from quartermaster.marketplaces.actions.tell_defects import DefectRow, RowTold, tell_defects
from quartermaster.marketplaces.actions.tell_official import tell_official
from quartermaster.marketplaces.actions.write_terms import write_terms

__all__ = [
    "DefectRow",
    "RowTold",
    "ask_standing",
    "contest",
    "count",
    "tell_defects",
    "tell_official",
    "write_terms",
]
