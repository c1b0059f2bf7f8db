from quartermaster.core.actions.retry import DeliveryRetried, retry

__all__ = ["DeliveryRetried", "retry"]
