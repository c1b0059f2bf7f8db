"""From WooCommerce's bytes to orders as sold. Pure: the same bytes always give the same reading.

`messages` tells what a body is; `order` puts an order together from `status`, `lines`, `money` and `words`;
`bodies` is what we read of WooCommerce's own shapes.
"""

from quartermaster.connectors.woocommerce.translate.messages import PING, read

__all__ = ["PING", "read"]
