"""Parcels, what is in them, and what they are packed in."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from quartermaster.allocation.models import Allocation
from quartermaster.catalog.models import Sku
from quartermaster.orders.models import Line, Order
from quartermaster.stock.models import Location


class PackagingVersion(models.Model):
    """Cartons and inserts as one document. Versions are never changed: they explain older parcels."""

    version = models.IntegerField(primary_key=True)
    packaging = models.JSONField()
    because = models.TextField()
    actor = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "warehouse_packaging"


class Parcel(models.Model):
    """One box of one order from one site. Its number is P-{id}.

    History that was imported has parcels too: those know neither allocation nor carton, perhaps not even a
    site. What the carrier tells of a parcel is kept by tracking.
    """

    class State(models.TextChoices):
        PACKING = "packing"
        PACKED = "packed"
        LABELLED = "labelled"
        HANDED_OVER = "handed_over"
        CANCELLED = "cancelled"

    id = models.BigAutoField(primary_key=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="parcels")
    allocation = models.ForeignKey(Allocation, on_delete=models.PROTECT, null=True, db_index=False)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, null=True, db_index=False)
    state = models.TextField(choices=State.choices, db_default=State.PACKING)
    carton = models.TextField(db_default="")
    weight_g = models.IntegerField(null=True)
    length_mm = models.IntegerField(null=True)
    width_mm = models.IntegerField(null=True)
    height_mm = models.IntegerField(null=True)
    tare_g = models.IntegerField(null=True)  # of its carton, where the packaging has it
    carrier = models.TextField(db_default="")
    service = models.TextField(db_default="")
    tracking_number = models.TextField(db_default="")
    promised_on = models.DateField(null=True)  # the receiver's calendar
    promised_by = models.DateTimeField(null=True)  # the same as a moment, where one was given
    ship_by = models.DateTimeField(null=True)  # hand-over later than this is late
    made_at = models.DateTimeField()
    packed_at = models.DateTimeField(null=True)
    packed_by = models.TextField(db_default="")
    handed_over_at = models.DateTimeField(null=True)
    handed_over_recorded_at = models.DateTimeField(null=True)  # when we learned of it
    external_id = models.TextField(db_default="")  # the key of an imported parcel
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "warehouse_parcel"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["packing", "packed", "labelled", "handed_over", "cancelled"]),
                name="parcel_state_known",
            ),
            models.CheckConstraint(
                # history may know that it left, and not when
                condition=~Q(state="handed_over") | Q(handed_over_at__isnull=False) | ~Q(external_id=""),
                name="parcel_left_at_some_moment",
            ),
            models.UniqueConstraint(
                fields=["order", "external_id"], condition=~Q(external_id=""), name="parcel_imported_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["location", "id"],
                name="parcel_in_the_house",
                condition=Q(state__in=["packing", "packed", "labelled"]),
            ),
            models.Index(
                fields=["tracking_number"], name="parcel_by_tracking", condition=~Q(tracking_number="")
            ),
            models.Index(fields=["handed_over_at"], name="parcel_by_hand_over"),
            models.Index(  # those of history: all others leave with their allocation
                fields=["ship_by"],
                name="parcel_by_cut_off",
                condition=Q(allocation=None, ship_by__isnull=False),
            ),
        ]


class ParcelItem(models.Model):
    """Units in a parcel: of a kit, its parts.

    `line_units`, known once the parcel is closed: units of the line that are whole with this item. For a
    plain line that is the quantity; a kit counts with the part that completes it. What a parcel brings a line
    in packed, labelled and shipped units is the sum of these.
    """

    id = models.BigAutoField(primary_key=True)
    parcel = models.ForeignKey(Parcel, on_delete=models.CASCADE, related_name="items")
    line = models.ForeignKey(Line, on_delete=models.PROTECT)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, null=True, db_index=False)
    quantity = models.BigIntegerField()
    line_units = models.BigIntegerField(db_default=0)
    lot = models.TextField(db_default="")
    serial = models.TextField(db_default="")

    class Meta:
        db_table = "warehouse_parcel_item"
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0, line_units__gte=0), name="parcel_item_is_something"
            )
        ]
        indexes = [  # who got a lot
            models.Index(fields=["sku", "lot"], name="parcel_item_of_lot", condition=~Q(lot=""))
        ]


class ParcelPhoto(models.Model):
    """What a parcel looked like, at the bench or later. Small, and kept here, as those of receipts are.

    `parcel_state`: where the parcel was when the photo came, for a photo of an open box says something else
    than one of a box that has left.
    """

    id = models.BigAutoField(primary_key=True)
    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="photos")
    kind = models.TextField()  # image/jpeg | image/png | image/webp
    body = models.BinaryField()
    parcel_state = models.TextField()
    at = models.DateTimeField()
    by = models.TextField()

    class Meta:
        db_table = "warehouse_parcel_photo"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["image/jpeg", "image/png", "image/webp"]),
                name="parcel_photo_is_an_image",
            ),
        ]
