import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("insight", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Spike",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.TextField()),
                ("of", models.TextField()),
                ("told", models.TextField()),
                (
                    "ids",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("computed_at", models.DateTimeField()),
            ],
            options={
                "db_table": "insight_spike",
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "of"), name="one_spike_of_a_thing"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["lane", "returns"])), name="spike_kind_known"
                    ),
                ],
            },
        )
    ]
