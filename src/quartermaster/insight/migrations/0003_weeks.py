from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("insight", "0002_spike")]

    operations = [
        migrations.CreateModel(
            name="Weeks",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("tz", models.TextField()),
                ("first", models.DateField()),
                ("last", models.DateField()),
                ("told", models.JSONField()),
                ("seen", models.JSONField()),
                ("computed_at", models.DateTimeField()),
                ("took_ms", models.IntegerField()),
            ],
            options={
                "db_table": "insight_weeks",
                "constraints": [
                    models.UniqueConstraint(fields=("tz", "first", "last"), name="insight_weeks_once")
                ],
            },
        ),
    ]
