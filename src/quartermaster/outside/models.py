from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from quartermaster.allocation.models import Allocation
from quartermaster.catalog.models import Sku
from quartermaster.inbound.models import Arrival
from quartermaster.inbox.models import Connection
from quartermaster.orders.models import Order as SoldOrder
from quartermaster.stock.models import Location
from quartermaster.warehouse.models import Parcel


class Site(models.Model):
    """A site that somebody else works for us, and over which connection we talk to them."""

    location = models.OneToOneField(Location, on_delete=models.PROTECT, primary_key=True)
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT)
    is_active = models.BooleanField(db_default=True)
    answer_hours = models.IntegerField(db_default=4)  # sent and not acknowledged for longer is late
    ship_hours = models.IntegerField(db_default=48)  # acknowledged and not shipped for longer is late
    snapshot_hours = models.IntegerField(db_default=24)  # how often their stock is asked for
    settle_up_to = models.IntegerField(null=True)  # units of drift that the rule settles; null: a person does
    cursor = models.TextField(db_default="")
    next_at = models.DateTimeField(db_default=Now())  # when they are asked again
    asked_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    snapshot_at = models.DateTimeField(null=True)
    failures = models.IntegerField(db_default=0)  # in a row
    because = models.TextField(db_default="")  # of the last failure

    class Meta:
        db_table = "outside_site"
        constraints = [
            models.CheckConstraint(
                condition=Q(answer_hours__gt=0, ship_hours__gt=0, snapshot_hours__gt=0),
                name="outside_hours_are_some",
            )
        ]


class Heard(models.Model):
    """A moment at which a site spoke: its rhythm, by which silence is told."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, db_index=False)
    at = models.DateTimeField()

    class Meta:
        db_table = "outside_heard"
        indexes = [models.Index(fields=["site", "-at"], name="outside_heard_of_site")]


class Order(models.Model):
    """What one allocation of an order became at an outside site."""

    class State(models.TextChoices):
        QUEUED = "queued"
        SENT = "sent"  # perhaps: the call was begun
        ACKNOWLEDGED = "acknowledged"
        REFUSED = "refused"
        CANCELLED = "cancelled"
        SHIPPED = "shipped"

    class Cancel(models.TextChoices):
        NO = ""
        ASKED = "asked"
        REFUSED = "refused"
        LATE = "late"  # it left before they read it

    id = models.BigAutoField(primary_key=True)
    reference = models.TextField(unique=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, db_index=False)
    order = models.ForeignKey(SoldOrder, on_delete=models.PROTECT, related_name="+")
    allocation = models.ForeignKey(Allocation, on_delete=models.PROTECT, related_name="+")
    state = models.TextField(choices=State.choices, db_default=State.QUEUED)
    cancel = models.TextField(choices=Cancel.choices, db_default=Cancel.NO)
    theirs = models.TextField(db_default="")
    because = models.TextField(db_default="")  # why refused, cancelled, or what cannot be understood
    content = models.JSONField()  # ports.Order as it was sent
    account = models.TextField(db_default="")  # to which one it was sent: queries.connected.mark_of
    asked_at = models.DateTimeField()  # released, and to be sent
    sent_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    cancel_asked_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "outside_order"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["queued", "sent", "acknowledged", "refused", "cancelled", "shipped"]),
                name="outside_state_known",
            ),
            models.CheckConstraint(
                condition=Q(cancel__in=["", "asked", "refused", "late"]), name="outside_cancel_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "sent", "acknowledged"], settled_at=None)
                | Q(state__in=["refused", "cancelled", "shipped"], settled_at__isnull=False),
                name="outside_settled_at_its_end",
            ),
            models.UniqueConstraint(
                fields=["allocation"],
                condition=Q(state__in=["queued", "sent", "acknowledged"]),
                name="one_outside_order_at_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["site", "id"],
                name="outside_order_open",
                condition=Q(state__in=["queued", "sent", "acknowledged"]),
            ),
            models.Index(fields=["site", "asked_at"], name="outside_order_by_time"),
        ]


class Shipment(models.Model):
    """A parcel that left an outside site, told once."""

    outside = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="shipments", db_index=False)
    reference = models.TextField()  # theirs
    parcel = models.OneToOneField(Parcel, on_delete=models.PROTECT)
    told_at = models.DateTimeField()

    class Meta:
        db_table = "outside_shipment"
        constraints = [models.UniqueConstraint(fields=["outside", "reference"], name="outside_shipped_once")]


class Report(models.Model):
    """A stock report of theirs."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, db_index=False)
    reference = models.TextField()
    taken_at = models.DateTimeField()
    told_at = models.DateTimeField()
    skus = models.IntegerField()  # counted in it
    unknown = models.JSONField(db_default=[])  # SKUs we do not know

    class Meta:
        db_table = "outside_report"
        constraints = [models.UniqueConstraint(fields=["site", "reference"], name="outside_reported_once")]


class Drift(models.Model):
    """A SKU of which a report has other units than the ledger had at that moment, and what was decided."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="drifts")
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, db_index=False)
    ours = models.BigIntegerField()
    theirs = models.BigIntegerField()
    causes = models.JSONField()  # rules.drift.Cause, the likeliest first
    settled_units = models.BigIntegerField(null=True)  # added to our ledger; 0: left alone
    settled_at = models.DateTimeField(null=True)
    settled_by = models.TextField(db_default="")
    because = models.TextField(db_default="")

    class Meta:
        db_table = "outside_drift"
        constraints = [
            models.UniqueConstraint(fields=["report", "sku"], name="one_drift_per_sku"),
            models.CheckConstraint(condition=~Q(ours=F("theirs")), name="drift_differs"),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_units=None)
                | (Q(settled_at__isnull=False, settled_units__isnull=False) & ~Q(because="")),
                name="drift_settled_with_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["report"], name="drift_open", condition=Q(settled_at=None))]


class Receipt(models.Model):
    """Units they say came in: told, and not posted by us. Whoever books receipts decides."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, db_index=False)
    reference = models.TextField()
    received_at = models.DateTimeField()
    told_at = models.DateTimeField()
    items = models.JSONField()
    because = models.TextField(db_default="")
    notice = models.TextField(db_default="")  # our reference, where they name it
    booked_at = models.DateTimeField(null=True)
    booked_by = models.TextField(db_default="")

    class Meta:
        db_table = "outside_receipt"
        constraints = [models.UniqueConstraint(fields=["site", "reference"], name="outside_received_once")]
        indexes = [models.Index(fields=["notice"], name="outside_receipt_by_notice", condition=~Q(notice=""))]


class Notice(models.Model):
    """What a site was told will come in: one arrival, as often as it changed."""

    class State(models.TextChoices):
        QUEUED = "queued"  # this revision was not told yet
        SENT = "sent"  # perhaps: the call was begun
        TOLD = "told"
        ACKNOWLEDGED = "acknowledged"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"

    id = models.BigAutoField(primary_key=True)
    reference = models.TextField(unique=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, db_index=False)
    arrival = models.OneToOneField(Arrival, on_delete=models.PROTECT, related_name="+")
    state = models.TextField(choices=State.choices, db_default=State.QUEUED)
    revision = models.IntegerField(db_default=1)  # what they are to know
    told = models.IntegerField(db_default=0)  # the last one they were told, 0 none
    is_withdrawn = models.BooleanField(db_default=False)  # this revision says that it does not come
    content = models.JSONField()  # ports.Notice
    mark = models.TextField()  # of what it says: another one is an amendment
    theirs = models.TextField(db_default="")
    because = models.TextField(db_default="")
    account = models.TextField(db_default="")  # to which one it was told: queries.connected.mark_of
    asked_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)  # received, or withdrawn: nothing more is told

    class Meta:
        db_table = "outside_notice"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=["queued", "sent", "told", "acknowledged", "refused", "withdrawn"],
                    revision__gte=1,
                    told__gte=0,
                    told__lte=F("revision"),
                ),
                name="outside_notice_known",
            ),
        ]
        indexes = [
            models.Index(fields=["site", "id"], name="outside_notice_open", condition=Q(settled_at=None))
        ]


class Unread(models.Model):
    """Something they said that nobody understands yet."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, db_index=False)
    what = models.TextField()
    because = models.TextField()
    told_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    seen_by = models.TextField(db_default="")

    class Meta:
        db_table = "outside_unread"
        constraints = [
            models.UniqueConstraint(
                fields=["site", "what", "because"], condition=Q(seen_at=None), name="outside_unread_once"
            )
        ]
