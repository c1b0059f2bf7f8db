from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from quartermaster.catalog.models import Sku
from quartermaster.stock.models import Location, Place


class Transfer(models.Model):
    """Units that one site sends another: TR-{id}. Under way they lie at SOURCE/IN-TRANSIT/TR-{id}."""

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    target = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    state = models.TextField(db_default="open")  # open | shipped | received | cancelled
    because = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.TextField()
    shipped_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "inbound_transfer"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "shipped", "received", "cancelled"]) & ~Q(source=F("target")),
                name="transfer_goes_elsewhere",
            )
        ]


class TransferLine(models.Model):
    """What a transfer is to bring, and what left and was lost on the way."""

    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="lines")
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, db_index=False)
    wanted = models.BigIntegerField()
    shipped = models.BigIntegerField(db_default=0)
    lost = models.BigIntegerField(db_default=0)

    class Meta:
        db_table = "inbound_transfer_line"
        constraints = [
            models.UniqueConstraint(fields=["transfer", "sku"], name="transfer_line_once"),
            models.CheckConstraint(
                condition=Q(wanted__gt=0, shipped__gte=0, lost__gte=0, lost__lte=F("shipped")),
                name="transfer_line_units",
            ),
        ]


class Arrival(models.Model):
    """Goods that are expected at a site, or came without a word. Its number is IN-{id}.

    The dock-to-stock clock: arrived_at, first_scan_at, closed_at (all scanned), stored_at (all put away).
    """

    id = models.BigAutoField(primary_key=True)
    location = models.ForeignKey(Location, on_delete=models.PROTECT)
    kind = models.TextField()  # asn | po | transfer | blind | return_to_origin
    state = models.TextField(db_default="expected")  # expected | receiving | received | cancelled
    supplier = models.TextField(db_default="")
    reference = models.TextField(db_default="")  # the supplier's or our own number
    expected_on = models.DateField(null=True)
    qc_percent = models.SmallIntegerField(db_default=0)  # of good units, how many are looked at
    transfer = models.OneToOneField(Transfer, on_delete=models.PROTECT, null=True)
    made_at = models.DateTimeField()
    made_by = models.TextField()
    arrived_at = models.DateTimeField(null=True)
    first_scan_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_because = models.TextField(db_default="")
    stored_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "inbound_arrival"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["asn", "po", "transfer", "blind", "return_to_origin"])
                & Q(state__in=["expected", "receiving", "received", "cancelled"])
                & Q(qc_percent__gte=0, qc_percent__lte=100),
                name="arrival_known",
            ),
            models.UniqueConstraint(
                fields=["location", "kind", "supplier", "reference"],
                condition=~Q(reference=""),
                name="arrival_once_per_reference",
            ),
        ]
        indexes = [
            models.Index(
                fields=["location", "id"],
                name="arrival_open",
                condition=Q(state__in=["expected", "receiving"]),
            )
        ]


class ArrivalLine(models.Model):
    """Units of a SKU that an arrival brings. expected 0: nobody had announced it. received counts all that
    came, the damaged ones included."""

    id = models.BigAutoField(primary_key=True)
    arrival = models.ForeignKey(Arrival, on_delete=models.PROTECT, related_name="lines")
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, db_index=False)
    expected = models.BigIntegerField()
    received = models.BigIntegerField(db_default=0)
    damaged = models.BigIntegerField(db_default=0)

    class Meta:
        db_table = "inbound_arrival_line"
        constraints = [
            models.UniqueConstraint(fields=["arrival", "sku"], name="arrival_line_once"),
            models.CheckConstraint(
                condition=Q(expected__gte=0, damaged__gte=0, damaged__lte=F("received")),
                name="arrival_line_units",
            ),
        ]


class Receipt(models.Model):
    """One scan at the dock. good = quantity - damaged - qc lie there `received`; `stored` of them are put
    away. passed and failed: of the units to be looked at, what came of it."""

    id = models.BigAutoField(primary_key=True)
    key = models.TextField(unique=True)  # the scan's own id: sent again it is one receipt
    arrival = models.ForeignKey(Arrival, on_delete=models.PROTECT, related_name="receipts")
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, db_index=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, db_index=False)
    quantity = models.BigIntegerField()
    damaged = models.BigIntegerField(db_default=0)
    qc = models.BigIntegerField(db_default=0)
    passed = models.BigIntegerField(db_default=0)
    failed = models.BigIntegerField(db_default=0)
    stored = models.BigIntegerField(db_default=0)
    in_transit = models.BigIntegerField(db_default=0)  # of a transfer: units that were under way
    lot = models.TextField(db_default="")
    serial = models.TextField(db_default="")
    because = models.TextField(db_default="")  # why damaged, or more than expected
    at = models.DateTimeField()
    by = models.TextField()

    class Meta:
        db_table = "inbound_receipt"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    quantity__gt=0,
                    damaged__gte=0,
                    qc__gte=0,
                    passed__gte=0,
                    failed__gte=0,
                    stored__gte=0,
                    in_transit__gte=0,
                    in_transit__lte=F("quantity"),
                )
                & Q(quantity__gte=F("damaged") + F("qc"))
                & Q(qc__gte=F("passed") + F("failed"))
                & Q(stored__lte=F("quantity") - F("damaged") - F("qc") + F("passed")),
                name="receipt_units_add_up",
            ),
        ]
        indexes = [
            models.Index(
                fields=["sku", "place", "id"],
                name="receipt_to_store",
                condition=Q(stored__lt=F("quantity") - F("damaged") - F("qc") + F("passed")),
            )
        ]


class Photo(models.Model):
    """What the goods looked like. Small, and kept here: files beside the database need a backup too."""

    id = models.BigAutoField(primary_key=True)
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="photos")
    kind = models.TextField()  # image/jpeg | image/png | image/webp
    body = models.BinaryField()
    at = models.DateTimeField()
    by = models.TextField()

    class Meta:
        db_table = "inbound_photo"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["image/jpeg", "image/png", "image/webp"]), name="photo_is_an_image"
            ),
        ]


class PutAwayRules(models.Model):
    """A version of the chain that says where goods go. The highest is in force."""

    version = models.IntegerField(primary_key=True)
    rules = models.JSONField()
    because = models.TextField()
    actor = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "inbound_put_away_rules"


class PutAway(models.Model):
    """Units carried from the dock to a place; where they were to go, and why they went elsewhere."""

    id = models.BigAutoField(primary_key=True)
    key = models.TextField(unique=True)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, db_index=False)
    source = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    target = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    quantity = models.BigIntegerField()
    lot = models.TextField(db_default="")
    serial = models.TextField(db_default="")
    suggested = models.TextField(db_default="")  # the code of the place, "" when there was none
    because = models.TextField(db_default="")  # what the rules said
    override_because = models.TextField(db_default="")
    rule_version = models.IntegerField()
    at = models.DateTimeField()
    by = models.TextField()

    class Meta:
        db_table = "inbound_put_away"
        constraints = [models.CheckConstraint(condition=Q(quantity__gt=0), name="put_away_something")]
