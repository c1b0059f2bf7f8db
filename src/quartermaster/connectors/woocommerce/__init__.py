"""WooCommerce: orders by webhook and by asking; parcels, stock, prices, cancellations and refunds by telling.

Offers Webhooks (signature, delivery id, topic, the unsigned ping), OrderSource (bytes to orders; bodies of
REST v1 to v3 and of the Legacy API), Channel, Listings, Cancels, Refunds and Hooks (REST v3).
"""
