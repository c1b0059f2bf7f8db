"""What a price was before: shown beside a sale, as a list says. What each listing cost is kept for it by a trigger,
whoever writes what a shop said. And that no two sales of a list overlap for a SKU is the database's word now."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models

STANDS = """
CREATE FUNCTION channels_price_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE moment timestamptz := coalesce(NEW.confirmed_at, now());
BEGIN
  IF TG_OP = 'UPDATE' THEN
    UPDATE channels_price_stood SET until = greatest(since, moment)
    WHERE listing_id = NEW.listing_id AND until IS NULL;
  END IF;
  IF NEW.confirmed_minor IS NOT NULL THEN
    INSERT INTO channels_price_stood (listing_id, price_minor, currency, since)
    VALUES (NEW.listing_id, NEW.confirmed_minor, NEW.confirmed_currency, moment);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER channels_price_said AFTER INSERT ON channels_listing_price
  FOR EACH ROW EXECUTE FUNCTION channels_price_stands();
CREATE TRIGGER channels_price_said_otherwise AFTER UPDATE OF confirmed_minor, confirmed_currency
  ON channels_listing_price FOR EACH ROW
  WHEN ((OLD.confirmed_minor, OLD.confirmed_currency)
    IS DISTINCT FROM (NEW.confirmed_minor, NEW.confirmed_currency))
  EXECUTE FUNCTION channels_price_stands();
"""
UNDONE = """
DROP TRIGGER channels_price_said ON channels_listing_price;
DROP TRIGGER channels_price_said_otherwise ON channels_listing_price;
DROP FUNCTION channels_price_stands();
"""
# What stands now stands at least since it was last said.
KNOWN = """
INSERT INTO channels_price_stood (listing_id, price_minor, currency, since)
SELECT listing_id, confirmed_minor, confirmed_currency, coalesce(confirmed_at, now())
FROM channels_listing_price WHERE confirmed_minor IS NOT NULL
"""


class Migration(migrations.Migration):

    dependencies = [
        ("channels", "0015_contents"),
    ]

    operations = [
        migrations.CreateModel(
            name="PriceStood",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("price_minor", models.BigIntegerField()),
                ("currency", models.TextField(db_default="")),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                (
                    "listing",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="channels.listing"
                    ),
                ),
            ],
            options={
                "db_table": "channels_price_stood",
                "indexes": [
                    models.Index(fields=["listing", "since"], name="price_stood_of_listing"),
                    models.Index(
                        condition=models.Q(("until__isnull", False)), fields=["until"], name="price_stood_by_end"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)),
                        fields=("listing",),
                        name="price_stands_once_per_listing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until", None), ("until__gte", models.F("since")), _connector="OR"
                        ),
                        name="price_stood_makes_sense",
                    ),
                ],
            },
        ),
        migrations.AddField("listing", "was_minor", models.BigIntegerField(null=True)),
        migrations.AddField("listingprice", "was_minor", models.BigIntegerField(null=True)),
        migrations.AddField("listingprice", "tells_was", models.BooleanField(db_default=False)),
        migrations.AddField("listingprice", "confirmed_was_minor", models.BigIntegerField(null=True)),
        migrations.AddField("listingprice", "sent_was_minor", models.BigIntegerField(null=True)),
        migrations.AddField("pricelist", "market", models.TextField(db_default="")),
        migrations.AddField("pricelist", "shows_was", models.BooleanField(db_default=False)),
        migrations.AddField("pricepush", "was_minor", models.BigIntegerField(null=True)),
        migrations.AddField("pricepush", "has_was_minor", models.BigIntegerField(null=True)),
        migrations.AddConstraint(
            "listingprice",
            models.CheckConstraint(
                condition=models.Q(
                    ("was_minor", None),
                    models.Q(("tells_was", True), ("was_minor__gt", models.F("wanted_minor"))),
                    _connector="OR",
                ),
                name="price_before_is_the_higher_one",
            ),
        ),
        migrations.AddConstraint(
            "pricelist",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("market", ""), ("shows_was", False)),
                    ("market__regex", "^[A-Z]{2}$"),
                    _connector="OR",
                ),
                name="price_list_that_shows_what_was_has_a_market",
            ),
        ),
        migrations.AddConstraint(
            "sale",
            django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("state__in", ["planned", "on"])),
                expressions=[
                    *(
                        (
                            models.Func(
                                name,
                                name,
                                models.Value("[]"),
                                function="int8range",
                                output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField(),
                            ),
                            "&&",
                        )
                        for name in ("list", "sku")
                    ),
                    (
                        models.Func(
                            "starts_at",
                            "ends_at",
                            function="tstzrange",
                            output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="sales_of_a_sku_do_not_overlap",
            ),
        ),
        migrations.RunSQL(KNOWN, "DELETE FROM channels_price_stood"),
        migrations.RunSQL(STANDS, UNDONE),
    ]
