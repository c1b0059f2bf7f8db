"""Bodies are stored as they came, outside the row: neither the door nor a change of state pays for packing them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("inbox", "0002_kept")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE inbox_message ALTER COLUMN body SET STORAGE EXTERNAL",
            "ALTER TABLE inbox_message ALTER COLUMN body SET STORAGE EXTENDED",
        )
    ]
