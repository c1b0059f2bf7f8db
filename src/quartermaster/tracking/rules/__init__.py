"""What scans mean and what they add up to. Pure: no clock, no database; the order in which scans were told
plays no part."""

from quartermaster.tracking.rules.codes import UPU, meaning
from quartermaster.tracking.rules.due import due
from quartermaster.tracking.rules.fold import ON_PAPER, STATUSES, UNDOES_DELIVERY, Scan, Track, fold

__all__ = ["ON_PAPER", "STATUSES", "UNDOES_DELIVERY", "UPU", "Scan", "Track", "due", "fold", "meaning"]
