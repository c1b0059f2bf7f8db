"""What the pages of listings and prices count and list, in the order they list it: each an index that holds
nothing but its rows. Those of all of a shop's listings is written when one appears or changes; the others only
for the few rows that are so.
"""

from django.db import migrations

INDEXES = {
    "listing_of_shop": "channels_listing (shop_id, id) WHERE gone_at IS NULL",
    "listing_unmapped": "channels_listing (shop_id, id) WHERE gone_at IS NULL AND sku_id IS NULL",
    "listing_differs": "channels_listing (shop_id, id) "
    "WHERE gone_at IS NULL AND wanted IS NOT NULL AND wanted IS DISTINCT FROM confirmed",
    "listing_gone": "channels_listing (shop_id, id) WHERE gone_at IS NOT NULL",
    "listing_held": "channels_listing (shop_id, id) WHERE gone_at IS NULL AND NOT is_pushed",
    "price_none": "channels_listing_price (listing_id) WHERE wanted_minor IS NULL",
    "price_differs": "channels_listing_price (listing_id) WHERE wanted_minor IS NOT NULL "
    "AND (wanted_minor, currency) IS DISTINCT FROM (confirmed_minor, confirmed_currency)",
}


class Migration(migrations.Migration):
    dependencies = [("channels", "0017_aged")]

    operations = [
        migrations.RunSQL(f"CREATE INDEX {name} ON {what}", f"DROP INDEX {name}")
        for name, what in INDEXES.items()
    ]
