"""Flipkart Marketplace (Seller API v3): shipments, notifications, listings, cancellations.

An order here is a shipment there. Offers Webhooks (hints, never truth), OrderSource, Channel, Listings,
Cancels and ShopLabels: the label of a shipment is Flipkart's own.
"""
