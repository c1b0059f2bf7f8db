"""Shops that ask for days of what expires are told only of lots that are good for so long.

What they are told changes with more than the units that can be promised: with the lots there are, with what
is promised to whom, and with the days of lots. So the trigger on the levels looks further once a channel asks
for days, and only at SKUs whose lots have a day; a trigger on the lots writes down new days.
"""

import django.db.models.deletion
from django.db import migrations, models

DIRTY = """
CREATE OR REPLACE FUNCTION channels_level_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE ids bigint[];
BEGIN
  IF NOT EXISTS (SELECT FROM channels_listing) THEN RETURN NULL; END IF;
  SELECT array_agg(DISTINCT changed.sku_id) INTO ids FROM (
    SELECT sku_id, location_id FROM (
      SELECT sku_id, location_id, greatest(0, sellable - reserved - safety) AS free FROM after_it
      UNION ALL
      SELECT sku_id, location_id, - greatest(0, sellable - reserved - safety) FROM before_it) both_of_them
    GROUP BY sku_id, location_id HAVING sum(free) <> 0) changed;
  IF EXISTS (SELECT FROM stock_shelf_life WHERE days > 0) THEN
    -- every movement counts a link
    SELECT ids || array_agg(DISTINCT a.sku_id) INTO ids
    FROM after_it a JOIN before_it b USING (sku_id, location_id)
    WHERE (a.links, a.reserved) <> (b.links, b.reserved)
      AND EXISTS (SELECT FROM stock_lot l WHERE l.sku_id = a.sku_id OFFSET 0);
  END IF;
  IF ids IS NULL THEN RETURN NULL; END IF;
  -- `offset 0`: a look per SKU by index, whatever the plan was made for
  INSERT INTO channels_dirty (sku_id)
  SELECT x.id FROM (
    SELECT unnest(ids) AS id
    UNION SELECT k.kit_id FROM unnest(ids) AS part(id)
      CROSS JOIN LATERAL (SELECT kit_id FROM catalog_kit_leaf WHERE part_id = part.id OFFSET 0) k) x
  WHERE EXISTS (SELECT FROM channels_listing l WHERE l.sku_id = x.id OFFSET 0);
  RETURN NULL;
END $$
"""
LOTS = """
CREATE FUNCTION channels_lot_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM stock_shelf_life WHERE days > 0) THEN RETURN NULL; END IF;
  INSERT INTO channels_dirty (sku_id)
  SELECT x.id FROM (
    SELECT sku_id AS id FROM after_it
    UNION SELECT k.kit_id FROM after_it a JOIN catalog_kit_leaf k ON k.part_id = a.sku_id) x
  WHERE EXISTS (SELECT FROM channels_listing l WHERE l.sku_id = x.id OFFSET 0);
  RETURN NULL;
END $$;
CREATE TRIGGER channels_lot_dated AFTER INSERT ON stock_lot
  REFERENCING NEW TABLE AS after_it FOR EACH STATEMENT EXECUTE FUNCTION channels_lot_changed();
CREATE TRIGGER channels_lot_changed AFTER UPDATE ON stock_lot
  REFERENCING NEW TABLE AS after_it FOR EACH STATEMENT EXECUTE FUNCTION channels_lot_changed();
"""
UNDONE = """
DROP TRIGGER channels_lot_dated ON stock_lot;
DROP TRIGGER channels_lot_changed ON stock_lot;
DROP FUNCTION channels_lot_changed()
"""


class Migration(migrations.Migration):
    dependencies = [("channels", "0016_was_price"), ("stock", "0010_shelf_life")]

    operations = [
        migrations.CreateModel(
            name="Aged",
            fields=[
                (
                    "location",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="stock.location",
                    ),
                ),
                ("looked_on", models.DateField()),
            ],
            options={"db_table": "channels_aged"},
        ),
        migrations.RunSQL(DIRTY, migrations.RunSQL.noop),
        migrations.RunSQL(LOTS, UNDONE),
    ]
