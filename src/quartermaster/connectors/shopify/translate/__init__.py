"""From Shopify's bytes to orders as sold. Pure: the same bytes always give the same reading.

`messages` tells what a body is; `order` puts an order together from `lines`, `money`, `refunds` and
`addresses`; `bodies` is what we read of Shopify's own shapes.
"""

from quartermaster.connectors.shopify.translate.messages import read

__all__ = ["read"]
