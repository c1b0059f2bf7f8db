"""Amazon Seller Central over the Selling Partner API: orders, parcels, stock and prices.

Offers OrderSource, Channel, Listings, and Warehouse for what lies with Amazon. It sends nothing by HTTP:
orders are fetched.
"""
