"""Orders: the list, one order with its reasons and its timeline, and what may still be changed about it."""
