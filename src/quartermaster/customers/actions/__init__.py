"""What can be done with customers."""

from quartermaster.customers.actions.forget import forget_customers
from quartermaster.customers.actions.merge import merge, unmerge
from quartermaster.customers.actions.recognise import recognise

__all__ = ["forget_customers", "merge", "recognise", "unmerge"]
