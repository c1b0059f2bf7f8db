from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracking", "0002_risk"),
    ]

    operations = [
        migrations.CreateModel(
            name="SilenceVersion",
            fields=[
                ("version", models.IntegerField(primary_key=True, serialize=False)),
                ("lanes", models.JSONField()),
                ("because", models.TextField()),
                ("actor", models.TextField()),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "db_table": "tracking_silence",
            },
        ),
    ]
