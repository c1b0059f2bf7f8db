"""Amazon Seller Central over the Selling Partner API: orders, parcels, stock and prices.

Offers OrderSource, Channel and Listings. Amazon sends nothing by HTTP: orders are fetched.
"""
