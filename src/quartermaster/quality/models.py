"""What was found of products, and what stands of each SKU."""

from django.db import models
from django.db.models import Q

from quartermaster.catalog.models import Sku
from quartermaster.channels.models import Listing, Shop


class Finding(models.Model):
    """Something wrong with a SKU, or with a listing that is no SKU of ours. rules.causes says what kinds
    there are. It is let be as long as it says what it said then."""

    id = models.BigAutoField(primary_key=True)
    sku = models.ForeignKey(Sku, on_delete=models.CASCADE, null=True, db_index=False, related_name="+")
    listing = models.ForeignKey(
        Listing, on_delete=models.CASCADE, null=True, db_index=False, related_name="+"
    )
    cause = models.TextField()
    about = models.TextField(db_default="")  # which barcode, unit or shop, where there may be several
    severity = models.SmallIntegerField()  # 1 error, 2 warning, 3 hint
    points = models.SmallIntegerField()  # off the score
    says = models.TextField()
    fix = models.JSONField(null=True)  # {"column", "before", "after", "because"}
    others = models.JSONField(db_default=[])  # ids of SKUs it is about, too
    found_at = models.DateTimeField()
    ignored_says = models.TextField(db_default="")
    ignored_because = models.TextField(db_default="")
    ignored_by = models.TextField(db_default="")
    ignored_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "quality_finding"
        constraints = [
            models.UniqueConstraint(
                fields=["sku", "cause", "about"], name="quality_finding_once", condition=Q(sku__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["listing", "cause"], name="quality_orphan_once", condition=Q(listing__isnull=False)
            ),
            models.CheckConstraint(
                condition=Q(sku__isnull=False, listing=None) | Q(sku=None, listing__isnull=False),
                name="quality_finding_is_of_one",
            ),
            models.CheckConstraint(
                condition=Q(severity__in=[1, 2, 3], points__gte=0), name="quality_severity_known"
            ),
            models.CheckConstraint(
                condition=Q(ignored_at=None) | ~Q(ignored_because=""), name="quality_ignored_says_why"
            ),
        ]
        indexes = [models.Index(fields=["cause", "id"], name="quality_by_cause")]


class Graded(models.Model):
    """A SKU as it was last looked at. channels: shop -> {percent, lacks}, of those that list it."""

    sku = models.OneToOneField(Sku, on_delete=models.CASCADE, primary_key=True, related_name="+")
    score = models.SmallIntegerField(db_default=100)
    errors = models.SmallIntegerField(db_default=0)
    warnings = models.SmallIntegerField(db_default=0)
    hints = models.SmallIntegerField(db_default=0)
    channels = models.JSONField(db_default={})
    at_risk_minor = models.BigIntegerField(
        db_default=0
    )  # open on orders, in the currency with the most of it
    currency = models.TextField(db_default="")
    looked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "quality_graded"
        constraints = [
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=100), name="quality_score_is_a_share")
        ]
        indexes = [
            models.Index(
                fields=["-at_risk_minor", "score", "sku"], name="quality_next", condition=Q(score__lt=100)
            ),
            models.Index(fields=["score", "sku"], name="quality_by_score"),
            models.Index(fields=["sku"], name="quality_with_errors", condition=Q(errors__gt=0)),
        ]


class Sold(models.Model):
    """A SKU that a shop sold in these months."""

    id = models.BigAutoField(primary_key=True)
    sku = models.ForeignKey(Sku, on_delete=models.CASCADE, related_name="+", db_index=False)
    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="+")
    last_at = models.DateTimeField()

    class Meta:
        db_table = "quality_sold"
        constraints = [models.UniqueConstraint(fields=["sku", "shop"], name="quality_sold_once")]


class Differing(models.Model):
    """A listing that says something else than its product does (queries.differences), as it was looked at
    last: what is shown is compared once more."""

    field = models.TextField()
    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="+")
    pk = models.CompositePrimaryKey("field", "listing_id")

    class Meta:
        db_table = "quality_differing"


class Dirty(models.Model):
    """A SKU or a listing to be looked at anew."""

    id = models.BigAutoField(primary_key=True)
    sku_id = models.BigIntegerField(null=True)
    listing_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "quality_dirty"


class Naming(models.Model):
    """Versions of the naming rules; the highest counts. Patterns are PostgreSQL's; "" asks for nothing."""

    version = models.BigIntegerField(primary_key=True)
    title_pattern = models.TextField(db_default="")
    code_pattern = models.TextField(db_default="")
    off = models.JSONField(db_default=[])  # causes that nobody looks for
    because = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.TextField()

    class Meta:
        db_table = "quality_naming"
