"""A reservation says how many units of a part one kit takes: a kit that is picked in part can be told."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("stock", "0003_kept")]

    operations = [
        migrations.AddField(
            model_name="reservation", name="per_unit", field=models.BigIntegerField(db_default=1)
        )
    ]
