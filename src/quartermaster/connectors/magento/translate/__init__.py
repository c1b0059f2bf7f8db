"""From Magento's answers to orders as sold, and from our wishes to its requests. Pure, both ways.

`messages` tells what a body is; `order` puts an order together from `state`, `lines`, `money` and `words`;
`bodies` is what we read of Magento's own shapes. `asking` finds, `telling` ships and cancels, `refunding`
gives money back, `goods` offers.
"""

from quartermaster.connectors.magento.translate.messages import read

__all__ = ["read"]
