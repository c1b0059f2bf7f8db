"""Reads about parcels under way."""

from quartermaster.tracking.queries.late import KINDS, Late, late
from quartermaster.tracking.queries.scans import ScanShown, Tracked, one, tracked

__all__ = ["KINDS", "Late", "ScanShown", "Tracked", "late", "one", "tracked"]
