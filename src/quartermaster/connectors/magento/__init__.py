"""Magento and Adobe Commerce: orders fetched over REST V1; parcels, stock, prices, refunds told over it.

Offers OrderSource (a fetched order, with its credit memos, to an order as sold), Channel, Listings, Cancels
and Refunds. There are no webhooks: Magento Open Source sends none.
"""
