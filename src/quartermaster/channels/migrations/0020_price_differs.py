"""A price differs also when what is shown as its price before does: the index of such rows says so as well, as
otherwise no page could read from it.
"""

from django.db import migrations

DROP = "DROP INDEX price_differs"
WITHOUT = """
CREATE INDEX price_differs ON channels_listing_price (listing_id) WHERE wanted_minor IS NOT NULL
  AND (wanted_minor, currency) IS DISTINCT FROM (confirmed_minor, confirmed_currency)
"""
WITH = """
CREATE INDEX price_differs ON channels_listing_price (listing_id) WHERE wanted_minor IS NOT NULL AND NOT (
  (wanted_minor, currency) IS NOT DISTINCT FROM (confirmed_minor, confirmed_currency)
  AND (NOT tells_was OR was_minor IS NOT DISTINCT FROM confirmed_was_minor))
"""


class Migration(migrations.Migration):
    dependencies = [("channels", "0019_bulk")]

    operations = [migrations.RunSQL([DROP, WITH], [DROP, WITHOUT])]
