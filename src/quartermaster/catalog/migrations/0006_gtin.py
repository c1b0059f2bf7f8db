"""What finds SKUs with one barcode in two forms, the same variant twice, and codes that look alike."""

from django.db import migrations

GTIN = "CREATE INDEX catalog_barcode_gtin ON catalog_barcode (lpad(code, 14, '0')) WHERE code ~ '^[0-9]{7,14}$'"
TITLE = "CREATE INDEX catalog_sku_title ON catalog_sku (lower(title)) WHERE title <> ''"
ALIKE = "CREATE INDEX catalog_sku_alike ON catalog_sku (lower(normalize(code, nfkc)))"


class Migration(migrations.Migration):
    dependencies = [("catalog", "0005_restriction_import")]

    operations = [
        migrations.RunSQL(GTIN, "DROP INDEX catalog_barcode_gtin"),
        migrations.RunSQL(TITLE, "DROP INDEX catalog_sku_title"),
        migrations.RunSQL(ALIKE, "DROP INDEX catalog_sku_alike"),
    ]
