"""What makes a change of stock known to the listings, in the transaction that makes it.

A trigger for a statement, not for a row: the river changes levels in batches. It ends at once where there are no
listings; else it writes down the SKUs that have one, or whose kits have, and whose promisable units changed.
Levels are made empty and raised afterwards, so that an insert changes nothing a shop is told.
"""

from django.db import migrations

DIRTY = """
CREATE FUNCTION channels_level_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE ids bigint[];
BEGIN
  IF NOT EXISTS (SELECT FROM channels_listing) THEN RETURN NULL; END IF;
  SELECT array_agg(DISTINCT changed.sku_id) INTO ids FROM (
    SELECT sku_id, location_id FROM (
      SELECT sku_id, location_id, greatest(0, sellable - reserved - safety) AS free FROM after_it
      UNION ALL
      SELECT sku_id, location_id, - greatest(0, sellable - reserved - safety) FROM before_it) both_of_them
    GROUP BY sku_id, location_id HAVING sum(free) <> 0) changed;
  IF ids IS NULL THEN RETURN NULL; END IF;
  -- `offset 0`: a look per SKU by index, whatever the plan was made for
  INSERT INTO channels_dirty (sku_id)
  SELECT x.id FROM (
    SELECT unnest(ids) AS id
    UNION SELECT k.kit_id FROM unnest(ids) AS part(id)
      CROSS JOIN LATERAL (SELECT kit_id FROM catalog_kit_leaf WHERE part_id = part.id OFFSET 0) k) x
  WHERE EXISTS (SELECT FROM channels_listing l WHERE l.sku_id = x.id OFFSET 0);
  RETURN NULL;
END $$;
CREATE TRIGGER channels_level_changed AFTER UPDATE ON stock_level
  REFERENCING OLD TABLE AS before_it NEW TABLE AS after_it
  FOR EACH STATEMENT EXECUTE FUNCTION channels_level_changed();
"""
UNDONE = "DROP TRIGGER channels_level_changed ON stock_level; DROP FUNCTION channels_level_changed()"

# Listings and what is dirty change far more often than they appear.
ROOM = "ALTER TABLE channels_listing SET (fillfactor = 70)"


class Migration(migrations.Migration):
    dependencies = [("channels", "0003_listings"), ("stock", "0009_recalls"), ("catalog", "0004_restriction")]

    operations = [
        migrations.RunSQL(DIRTY, UNDONE),
        migrations.RunSQL(ROOM, "ALTER TABLE channels_listing RESET (fillfactor)"),
    ]
