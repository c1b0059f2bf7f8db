"""Whether a price stands in its shop as it is wanted, of a row `p` of channels_listing_price."""

IS_THERE = """(
  (p.wanted_minor, p.currency) is not distinct from (p.confirmed_minor, p.confirmed_currency)
  and (not p.tells_was or p.was_minor is not distinct from p.confirmed_was_minor))"""
