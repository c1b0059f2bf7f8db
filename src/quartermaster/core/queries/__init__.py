"""Reads of what the core keeps: the timeline of a subject, stuck deliveries, the outbox."""

from quartermaster.core.queries.outbox import Wish, wishes
from quartermaster.core.queries.setting import is_demo, setting
from quartermaster.core.queries.stuck import Stuck, stuck
from quartermaster.core.queries.timeline import Fact, timeline

__all__ = ["Fact", "Stuck", "Wish", "is_demo", "setting", "stuck", "timeline", "wishes"]
