"""Named everywhere without a constraint, so never deleted."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("stock", "0002_ledger"), ("core", "0003_kept")]

    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER stock_location_is_kept BEFORE DELETE ON stock_location "
            "FOR EACH STATEMENT EXECUTE FUNCTION core_is_kept()",
            "DROP TRIGGER stock_location_is_kept ON stock_location",
        )
    ]
