from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0007_waits_for")]

    operations = [
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.TextField()),
                ("asked", models.TextField()),
                ("told", models.JSONField()),
                ("computed_at", models.DateTimeField()),
                ("took_ms", models.IntegerField()),
            ],
            options={
                "db_table": "core_report",
                "constraints": [
                    models.UniqueConstraint(fields=("name", "asked"), name="core_report_once")
                ],
            },
        ),
    ]
