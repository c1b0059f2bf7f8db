"""What was suggested for parcels before they were packed."""

from django.db import models
from django.db.models import Q

from quartermaster.warehouse.models.parcels import Parcel


class ParcelInsert(models.Model):
    """A card, leaflet or sample that goes into a parcel, by a rule of the packaging as it was then. One that
    is an article is scanned."""

    id = models.BigAutoField(primary_key=True)
    parcel = models.ForeignKey(Parcel, on_delete=models.CASCADE, related_name="inserts", db_index=False)
    code = models.TextField()
    title = models.TextField()
    sku = models.TextField(db_default="")
    weight_g = models.IntegerField(db_default=0)
    because = models.TextField()
    packaging_version = models.IntegerField()
    scanned_at = models.DateTimeField(null=True)
    booked_from = models.TextField(db_default="")  # the bin its unit left; "" while none did
    booked_lot = models.TextField(db_default="")
    bookings = models.IntegerField(db_default=0)  # how often one did

    class Meta:
        db_table = "warehouse_parcel_insert"
        constraints = [models.UniqueConstraint(fields=["parcel", "code"], name="insert_once_in_a_parcel")]


class PackingPlan(models.Model):
    """Cartons suggested for what lay on the bench when a parcel was begun; the newest of a parcel counts.

    `plan` is empty where something was never measured: then nothing is suggested. `taken`, once the parcel is
    closed: its carton; `taken_because` when that is none of the plan's. `box`: which of the plan's cartons
    the parcel became, from 0, when it is that one with the same units in it.
    """

    id = models.BigAutoField(primary_key=True)
    parcel = models.ForeignKey(Parcel, on_delete=models.CASCADE, related_name="plans", db_index=False)
    digest = models.BinaryField()  # sha256 of the inputs: asked again with the same, nothing is written
    inputs = models.BinaryField()  # msgspec JSON of shipping.rules.cartons.Wanted, byte for byte
    plan = models.JSONField(null=True)  # of shipping.rules.cartons.Plan
    because = models.JSONField()
    rules_version = models.IntegerField()
    packaging_version = models.IntegerField()
    tables_version = models.IntegerField()
    made_at = models.DateTimeField()
    made_by = models.TextField()
    taken = models.TextField(db_default="")
    taken_because = models.TextField(db_default="")
    box = models.SmallIntegerField(null=True)

    class Meta:
        db_table = "warehouse_packing_plan"
        constraints = [
            models.CheckConstraint(
                condition=Q(box=None) | (Q(box__gte=0, plan__isnull=False) & ~Q(taken="")),
                name="followed_plan_has_its_box",
            ),
        ]
        indexes = [models.Index(fields=["parcel", "-id"], name="packing_plan_of_parcel")]
