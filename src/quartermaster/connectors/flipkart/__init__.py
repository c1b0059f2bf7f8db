"""Flipkart Marketplace (Seller API v3): shipments, notifications, listings, cancellations.

An order here is a shipment there. Offers Webhooks (hints, never truth), OrderSource, Channel, Listings and
Cancels.
"""
