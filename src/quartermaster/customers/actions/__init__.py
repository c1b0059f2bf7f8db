"""What can be done with customers."""

from quartermaster.customers.actions.merge import merge, unmerge
from quartermaster.customers.actions.recognise import recognise

__all__ = ["merge", "recognise", "unmerge"]
