"""Shopify: orders and refunds by webhook, as the shop tells them; asked and told over Admin GraphQL.

Offers Webhooks (signature, delivery id, topic), OrderSource (bytes to orders: the REST-shaped bodies of
webhooks of every API version, and orders as they are fetched), Channel (orders that changed, parcels that
left), Listings (stock and prices), Cancels, Refunds and Hooks (subscriptions).
"""
