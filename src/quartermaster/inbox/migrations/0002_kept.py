"""Named everywhere without a constraint, so never deleted."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("inbox", "0001_initial"), ("core", "0003_kept")]

    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER inbox_connection_is_kept BEFORE DELETE ON inbox_connection "
            "FOR EACH STATEMENT EXECUTE FUNCTION core_is_kept()",
            "DROP TRIGGER inbox_connection_is_kept ON inbox_connection",
        )
    ]
