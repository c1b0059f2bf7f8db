"""Room on the page: a line is changed soon after it is written, when its units are reserved."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE orders_line SET (fillfactor = 60)", "ALTER TABLE orders_line RESET (fillfactor)"
        )
    ]
