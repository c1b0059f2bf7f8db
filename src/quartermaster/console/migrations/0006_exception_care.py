from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("console", "0005_floor_scan_by_time"),
    ]

    operations = [
        migrations.CreateModel(
            name="ExceptionCare",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("cause", models.TextField()),
                ("of", models.TextField()),
                ("act", models.TextField()),
                ("assignee", models.TextField(db_default="")),
                ("answer", models.TextField(db_default="")),
                ("minor", models.BigIntegerField(null=True)),
                ("note", models.TextField(db_default="")),
                ("snoozed_until", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("answered_by", models.TextField(db_default="")),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.TextField()),
                ("turn", models.UUIDField(null=True)),
                ("was", models.JSONField(null=True)),
            ],
            options={
                "db_table": "console_exception_care",
                "indexes": [
                    models.Index(
                        condition=models.Q(("turn__isnull", False)),
                        fields=["turn"],
                        name="console_care_by_turn",
                    ),
                    models.Index(fields=["changed_at"], name="console_care_by_age"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("cause", "act", "of"), name="console_care_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("snoozed_until", None)),
                            models.Q(
                                ("answer", "acknowledged"),
                                ("answered_at__isnull", False),
                                ("snoozed_until", None),
                                models.Q(("note", ""), _negated=True),
                            ),
                            models.Q(
                                ("answer", "snoozed"),
                                ("answered_at__isnull", False),
                                ("snoozed_until__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="console_care_is_whole",
                    ),
                ],
            },
        ),
    ]
