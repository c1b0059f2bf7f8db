import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inbound", "0002_returns"),
        ("outside", "0002_account"),
    ]

    operations = [
        migrations.AddField(
            model_name="receipt",
            name="notice",
            field=models.TextField(db_default=""),
        ),
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(
                condition=models.Q(("notice", ""), _negated=True),
                fields=["notice"],
                name="outside_receipt_by_notice",
            ),
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("reference", models.TextField(unique=True)),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("queued", "Queued"),
                            ("sent", "Sent"),
                            ("told", "Told"),
                            ("acknowledged", "Acknowledged"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        db_default="queued",
                    ),
                ),
                ("revision", models.IntegerField(db_default=1)),
                ("told", models.IntegerField(db_default=0)),
                ("is_withdrawn", models.BooleanField(db_default=False)),
                ("content", models.JSONField()),
                ("mark", models.TextField()),
                ("theirs", models.TextField(db_default="")),
                ("because", models.TextField(db_default="")),
                ("account", models.TextField(db_default="")),
                ("asked_at", models.DateTimeField()),
                ("told_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "arrival",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inbound.arrival",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="outside.site"
                    ),
                ),
            ],
            options={
                "db_table": "outside_notice",
                "indexes": [
                    models.Index(
                        condition=models.Q(("settled_at", None)),
                        fields=["site", "id"],
                        name="outside_notice_open",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("revision__gte", 1),
                            (
                                "state__in",
                                ["queued", "sent", "told", "acknowledged", "refused", "withdrawn"],
                            ),
                            ("told__gte", 0),
                            ("told__lte", models.F("revision")),
                        ),
                        name="outside_notice_known",
                    )
                ],
            },
        ),
    ]
