"""WooCommerce: orders and their refunds by webhook, as the shop tells them.

Offers Webhooks (signature, delivery id, topic, the unsigned ping) and OrderSource (bytes to orders). Reads
the bodies of REST v1 to v3 and of the Legacy API. Never calls the shop: a later port does.
"""
