"""What makes a change of a listing known to the quality of its SKU, in the transaction that makes it.

A row trigger with a condition: stock pushes write the listings all day, and none of that is looked at. All
that is there already is looked at once.
"""

from django.db import migrations

DIRTY = """
CREATE FUNCTION quality_listing_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO quality_dirty (sku_id, listing_id)
  SELECT DISTINCT x.sku_id, x.listing_id FROM (VALUES
    (NEW.sku_id, NULL::bigint),
    (CASE WHEN TG_OP = 'UPDATE' THEN OLD.sku_id END, NULL),
    (NULL, CASE WHEN NEW.sku_id IS NULL OR TG_OP = 'UPDATE' THEN NEW.id END)) x (sku_id, listing_id)
  WHERE x.sku_id IS NOT NULL OR x.listing_id IS NOT NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER quality_listing_made AFTER INSERT ON channels_listing
  FOR EACH ROW EXECUTE FUNCTION quality_listing_changed();
CREATE TRIGGER quality_listing_changed AFTER UPDATE ON channels_listing
  FOR EACH ROW WHEN (OLD.sku_id IS DISTINCT FROM NEW.sku_id OR OLD.gone_at IS DISTINCT FROM NEW.gone_at
    OR OLD.mapped_by <> NEW.mapped_by OR OLD.code <> NEW.code OR OLD.barcode <> NEW.barcode)
  EXECUTE FUNCTION quality_listing_changed();
"""
UNDONE = """
DROP TRIGGER quality_listing_made ON channels_listing;
DROP TRIGGER quality_listing_changed ON channels_listing;
DROP FUNCTION quality_listing_changed();
"""
ALL = """
INSERT INTO quality_dirty (sku_id, listing_id)
SELECT id, NULL FROM catalog_sku UNION ALL
SELECT NULL, id FROM channels_listing WHERE sku_id IS NULL AND gone_at IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("quality", "0001_initial")]

    operations = [migrations.RunSQL(DIRTY, UNDONE), migrations.RunSQL(ALL, migrations.RunSQL.noop)]
