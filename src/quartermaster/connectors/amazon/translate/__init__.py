"""From Amazon's orders to orders as sold, and back to what it is told. Pure.

`messages` tells what a body is; `order` puts an order together from `status`, `lines`, `money` and `words`;
`bodies` is what we read of Amazon's own shapes. `telling` and `offers` are the other way.
"""

from quartermaster.connectors.amazon.translate.messages import read

__all__ = ["read"]
