"""Shopify: an Admin GraphQL API that knows the connector's documents, by their names.

It keeps orders in the shape its webhooks have and tells them in both, so that what is fetched can be
compared with what was sent. It behaves as the real one does where it matters: lists are paged behind a mark
of the last row, more than what is left is neither fulfilled nor refunded, a stock that is not what was
expected is not set, the same idempotency key is the same change, and errors come with 200.
"""

from quartermaster.testing.simulators.shopify.vendor import SETTINGS, TOKEN, Shopify, by_hand

__all__ = ["SETTINGS", "TOKEN", "Shopify", "by_hand"]
