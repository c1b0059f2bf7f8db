from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from quartermaster.warehouse.models import Parcel

STATUSES = (
    "unknown",  # told something that we do not understand
    "pre_transit",
    "accepted",
    "in_transit",
    "out_for_delivery",
    "available_for_pickup",
    "delivered",
    "exception",
    "return_to_sender",
    "cancelled",
)


class Scan(models.Model):
    """One thing a carrier told of a parcel. Kept as told; the same thing told twice is one row."""

    id = models.BigAutoField(primary_key=True)
    parcel = models.ForeignKey(Parcel, on_delete=models.CASCADE, related_name="scans", db_index=False)
    key = models.TextField()  # what makes it the same: the carrier's id, else moment, code and place
    at = models.DateTimeField()
    status = models.TextField()
    code = models.TextField(db_default="")  # the carrier's own
    message = models.TextField(db_default="")
    place = models.TextField(db_default="")
    source = models.TextField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "tracking_scan"
        constraints = [
            models.UniqueConstraint(fields=["parcel", "key"], name="scan_told_once"),
            models.CheckConstraint(condition=Q(status__in=STATUSES), name="scan_status_known"),
        ]


class Track(models.Model):
    """What the scans of a parcel add up to. A fold: made anew from them it is the same."""

    parcel = models.OneToOneField(Parcel, on_delete=models.CASCADE, primary_key=True, related_name="track")
    status = models.TextField()
    first_scan_at = models.DateTimeField(null=True)
    last_scan_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    delivered_recorded_at = models.DateTimeField(null=True)  # when we learned of it

    class Meta:
        db_table = "tracking_track"
        constraints = [models.CheckConstraint(condition=Q(status__in=STATUSES), name="track_status_known")]
        indexes = [
            models.Index(fields=["delivered_at"], name="track_by_delivery"),
            models.Index(fields=["last_scan_at"], name="track_under_way", condition=Q(delivered_at=None)),
        ]
