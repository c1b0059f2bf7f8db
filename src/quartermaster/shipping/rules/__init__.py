"""Decisions about shipping. Pure."""

from quartermaster.shipping.rules.check import check
from quartermaster.shipping.rules.decide import ByHand, Candidate, Choice, Inputs, Paused, decide
from quartermaster.shipping.rules.first import FIRST
from quartermaster.shipping.rules.rate import rate
from quartermaster.shipping.rules.tables import Tables

__all__ = ["FIRST", "ByHand", "Candidate", "Choice", "Inputs", "Paused", "Tables", "check", "decide", "rate"]
