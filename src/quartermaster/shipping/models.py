from django.db import models
from django.db.models import Q

from quartermaster.stock.models import Location
from quartermaster.warehouse.models import Parcel


class Manifest(models.Model):
    """The list of parcels a carrier takes from a site in one go. Its number is M-{id}."""

    id = models.BigAutoField(primary_key=True)
    carrier = models.TextField()
    location = models.ForeignKey(Location, on_delete=models.PROTECT, db_index=False)
    state = models.TextField(db_default="open")  # open | closed
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.TextField(db_default="")

    class Meta:
        db_table = "shipping_manifest"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["open", "closed"]), name="manifest_state_known"),
            models.UniqueConstraint(
                fields=["carrier", "location"], condition=Q(state="open"), name="one_open_manifest"
            ),
        ]


class Label(models.Model):
    """A label asked of a carrier, and what became of it. A parcel has one that counts, at most."""

    class State(models.TextChoices):
        QUEUED = "queued"
        BOUGHT = "bought"
        REFUSED = "refused"
        UNKNOWN = "unknown"  # asked, no clear answer
        VOIDING = "voiding"
        VOIDED = "voided"

    id = models.BigAutoField(primary_key=True)
    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="labels")
    reference = models.TextField(unique=True)  # ours, told to the carrier: what makes a purchase happen once
    carrier = models.TextField()
    service = models.TextField()
    account = models.TextField(db_default="")
    state = models.TextField(choices=State.choices, db_default=State.QUEUED)
    tracking_number = models.TextField(db_default="")
    cost_minor = models.BigIntegerField(null=True)
    currency = models.TextField(db_default="")
    decision = models.JSONField(db_default={})  # all candidates, what spoke against each, inputs, version
    ship_to = models.JSONField(db_default={})  # the address on the label
    zpl = models.TextField(db_default="")
    pdf = models.BinaryField(null=True)
    because = models.TextField(db_default="")
    manifest = models.ForeignKey(Manifest, on_delete=models.PROTECT, null=True, related_name="labels")
    scanned_out_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField()
    bought_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "shipping_label"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["queued", "bought", "refused", "unknown", "voiding", "voided"]),
                name="label_state_known",
            ),
            models.UniqueConstraint(
                fields=["parcel"],
                condition=Q(state__in=["queued", "bought", "unknown", "voiding"]),
                name="one_label_that_counts",
            ),
        ]


class RateTable(models.Model):
    """A version of what the built-in carriers charge and promise. The highest version is in force."""

    version = models.IntegerField(primary_key=True)
    tables = models.JSONField()
    because = models.TextField()
    actor = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "shipping_rate_table"
