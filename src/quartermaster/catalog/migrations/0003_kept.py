"""Named everywhere without a constraint, so never deleted."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_codes"), ("core", "0003_kept")]

    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER catalog_sku_is_kept BEFORE DELETE ON catalog_sku "
            "FOR EACH STATEMENT EXECUTE FUNCTION core_is_kept()",
            "DROP TRIGGER catalog_sku_is_kept ON catalog_sku",
        )
    ]
