"""Shopify: orders and refunds by webhook, as the shop tells them.

Offers Webhooks (signature, delivery id, topic) and OrderSource (bytes to orders). Reads the REST-shaped
bodies of webhooks of every API version. Never calls Shopify: a later port does.
"""
