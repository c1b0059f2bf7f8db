"""Flipkart's shapes into ours, and ours into Flipkart's. Pure.

`messages` tells what a body is; `shipment` makes an order of a shipment with `lines`; `asking` is how
changes are asked for and what a shipment's state means; `listings`, `cancelling` and `complaints` are those.
"""

from quartermaster.connectors.flipkart.translate.messages import HINT, read

__all__ = ["HINT", "read"]
