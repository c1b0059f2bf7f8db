import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("allocation", "0005_transit"),
        ("warehouse", "0016_wave_plan"),
    ]

    operations = [
        migrations.CreateModel(
            name="Care",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("assignee", models.TextField(db_default="")),
                ("answer", models.TextField(db_default="")),
                ("kind", models.TextField(db_default="")),
                ("rank", models.SmallIntegerField(db_default=0)),
                ("note", models.TextField(db_default="")),
                ("snoozed_until", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("answered_by", models.TextField(db_default="")),
                (
                    "allocation",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="allocation.allocation",
                    ),
                ),
                (
                    "parcel",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="warehouse.parcel"
                    ),
                ),
            ],
            options={
                "db_table": "warehouse_care",
                "indexes": [
                    models.Index(
                        condition=models.Q(("assignee", ""), _negated=True),
                        fields=["assignee"],
                        name="care_by_assignee",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("allocation__isnull", False), ("parcel", None)),
                            models.Q(("allocation", None), ("parcel__isnull", False)),
                            _connector="OR",
                        ),
                        name="care_of_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("rank", 0), ("snoozed_until", None)),
                            models.Q(
                                ("answer", "acknowledged"),
                                ("answered_at__isnull", False),
                                ("rank__gte", 1),
                                ("snoozed_until", None),
                                models.Q(("note", ""), _negated=True),
                            ),
                            models.Q(
                                ("answer", "snoozed"),
                                ("answered_at__isnull", False),
                                ("rank__gte", 1),
                                ("snoozed_until__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="care_answer_is_whole",
                    ),
                ],
            },
        ),
    ]
