"""Quartermaster: order management for e-commerce operations.

One order flows: message → order → allocation → pick → pack → ship → track → return → refund → measure.
The packages follow that river; `flow.py` shows it on one screen.
"""

__version__ = "0.1.0"
