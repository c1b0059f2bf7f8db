"""What a shop has held against what we have."""

from django.db import models
from django.db.models import Q

from quartermaster.channels.models.shops import Shop
from quartermaster.orders.models import Order


class Comparison(models.Model):
    """What a shop lists from a day on, held against what we have: read page by page, judged at the end."""

    class Phase(models.TextChoices):
        READING = "reading"
        SETTLING = "settling"  # what it brought is on its way through the inbox
        DONE = "done"

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, db_index=False)
    phase = models.TextField(choices=Phase.choices, db_default=Phase.READING)
    since = models.DateTimeField()  # changes before it are not compared
    cursor = models.TextField(db_default="")
    asked_by = models.TextField()
    began_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)  # when its last page was read
    ended_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField()
    listed = models.BigIntegerField(db_default=0)  # orders
    note = models.TextField(db_default="")  # what the shop is busy with, while it is being read
    late = models.BigIntegerField(db_default=0)  # of those, orders that nobody had told us of in time
    found = models.IntegerField(db_default=0)  # differences that are new
    settled = models.IntegerField(db_default=0)  # differences that are no more
    failures = models.IntegerField(db_default=0)  # in a row
    because = models.TextField(db_default="")  # of the last failure

    class Meta:
        db_table = "channels_comparison"
        constraints = [
            models.UniqueConstraint(
                fields=["shop"], condition=Q(ended_at=None), name="one_comparison_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(phase__in=["reading", "settling", "done"])
                & (Q(phase="done") & Q(ended_at__isnull=False) | ~Q(phase="done") & Q(ended_at=None)),
                name="comparison_phase_known",
            ),
        ]
        indexes = [models.Index(fields=["shop", "-id"], name="comparison_of_shop")]


class Seen(models.Model):
    """An order that a comparison under way found in the shop, in which version, with what was given back of
    it. Gone when it ends."""

    comparison = models.ForeignKey(Comparison, on_delete=models.CASCADE, db_index=False)
    external_id = models.TextField()
    version = models.TextField(db_default="")
    refunded_minor = models.BigIntegerField(null=True)  # None: the order does not tell

    class Meta:
        db_table = "channels_seen"
        constraints = [models.UniqueConstraint(fields=["comparison", "external_id"], name="seen_once")]


class Drift(models.Model):
    """Something that a shop and we see differently, from when it was found until it is settled."""

    class Kind(models.TextChoices):
        LATE = "late"  # the comparison brought an order that no message had told of
        MISSING = "missing"  # the shop lists it, and there is no order of it here
        VANISHED = "vanished"  # the shop does not list it any more
        UNSHIPPED = "unshipped"  # the shop was told that all of it left, and shows less
        UNCANCELLED = "uncancelled"  # cancelled here, and not there
        GAP = "gap"  # a number between others that no order has
        REFUND = "refund"  # more or less was given back there than here
        PRICE = "price"  # it costs something else there than it was told

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, db_index=False)
    kind = models.TextField(choices=Kind.choices)
    reference = models.TextField()  # SO-12, or the shop's own id or number
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    theirs = models.TextField()
    ours = models.TextField()
    since = models.DateTimeField(null=True)  # since when it has been so, where that is known
    found_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.TextField(db_default="")
    settled_because = models.TextField(db_default="")

    class Meta:
        db_table = "channels_drift"
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "kind", "reference"], condition=Q(settled_at=None), name="shop_drift_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "late",
                        "missing",
                        "vanished",
                        "unshipped",
                        "uncancelled",
                        "gap",
                        "refund",
                        "price",
                    ]
                ),
                name="shop_drift_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None) | ~Q(settled_because=""), name="settled_shop_drift_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "-id"], name="shop_drift_of_shop"),
            models.Index(fields=["shop"], name="shop_drift_open", condition=Q(settled_at=None)),
            models.Index(fields=["order"], name="shop_drift_of_order", condition=Q(order__isnull=False)),
        ]
