"""Stuck work that goes again, and requests that are answered once."""

from quartermaster.core.actions.retry import DeliveryRetried, retry

__all__ = ["DeliveryRetried", "retry"]
