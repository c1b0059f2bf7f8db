"""Listings that say something else than their products are written down when either changes: the page of them
is not to compare all listings of all shops each time."""

import django.db.models.deletion
from django.db import migrations, models

# Titles and weights, too.
WATCH = """
CREATE OR REPLACE TRIGGER quality_listing_changed AFTER UPDATE ON channels_listing
  FOR EACH ROW WHEN (OLD.sku_id IS DISTINCT FROM NEW.sku_id OR OLD.gone_at IS DISTINCT FROM NEW.gone_at
    OR OLD.mapped_by <> NEW.mapped_by OR OLD.code <> NEW.code OR OLD.barcode <> NEW.barcode
    OR OLD.title <> NEW.title OR OLD.weight_g IS DISTINCT FROM NEW.weight_g)
  EXECUTE FUNCTION quality_listing_changed();
"""
LESS = """
CREATE OR REPLACE TRIGGER quality_listing_changed AFTER UPDATE ON channels_listing
  FOR EACH ROW WHEN (OLD.sku_id IS DISTINCT FROM NEW.sku_id OR OLD.gone_at IS DISTINCT FROM NEW.gone_at
    OR OLD.mapped_by <> NEW.mapped_by OR OLD.code <> NEW.code OR OLD.barcode <> NEW.barcode)
  EXECUTE FUNCTION quality_listing_changed();
"""
ALL = """
INSERT INTO quality_dirty (sku_id)
SELECT DISTINCT sku_id FROM channels_listing WHERE sku_id IS NOT NULL AND gone_at IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("quality", "0002_dirty"), ("channels", "0018_lists")]

    operations = [
        migrations.CreateModel(
            name="Differing",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "field", "listing_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("field", models.TextField()),
                (
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="channels.listing"
                    ),
                ),
            ],
            options={"db_table": "quality_differing"},
        ),
        migrations.RunSQL(WATCH, LESS),
        migrations.RunSQL(ALL, migrations.RunSQL.noop),
    ]
