from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from quartermaster.tracking.rules import STATUSES
from quartermaster.warehouse.models import Parcel

UNDER_WAY = Q(delivered_at=None, handed_over_at__isnull=False)


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
    """What the scans of a parcel add up to. A fold: made anew from them it is the same. With it, for the
    lists of what is late, when the parcel left us and when it is due."""

    parcel = models.OneToOneField(Parcel, on_delete=models.CASCADE, primary_key=True, related_name="track")
    status = models.TextField()
    first_scan_at = models.DateTimeField(null=True)
    last_scan_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    delivered_recorded_at = models.DateTimeField(null=True)  # when we learned of it
    handed_over_at = models.DateTimeField(null=True)  # the parcel's
    due_at = models.DateTimeField(null=True)  # later than this, its promise is broken

    class Meta:
        db_table = "tracking_track"
        constraints = [models.CheckConstraint(condition=Q(status__in=STATUSES), name="track_status_known")]
        indexes = [
            models.Index(
                fields=["delivered_at"], name="track_by_delivery", condition=Q(delivered_at__isnull=False)
            ),
            models.Index(fields=["due_at", "parcel"], name="track_due", condition=UNDER_WAY),
            models.Index(
                fields=["handed_over_at", "parcel"],
                name="track_silent",
                condition=UNDER_WAY & Q(first_scan_at=None),
            ),
            models.Index(fields=["last_scan_at", "parcel"], name="track_under_way", condition=UNDER_WAY),
            models.Index(
                fields=["last_scan_at", "parcel"],
                name="track_in_trouble",
                condition=Q(status__in=["exception", "return_to_sender"]),
            ),
        ]


class Risk(models.Model):
    """A parcel under way that will likely be late, as it was seen last. chance: that it is not."""

    parcel = models.OneToOneField(Parcel, on_delete=models.CASCADE, primary_key=True)
    chance = models.FloatField()
    due_at = models.DateTimeField()
    because = models.TextField()
    foreseen_at = models.DateTimeField()  # when it was listed

    class Meta:
        db_table = "tracking_risk"
        constraints = [
            models.CheckConstraint(
                condition=Q(chance__gte=0, chance__lte=1) & ~Q(because=""), name="risk_is_a_chance"
            )
        ]
        indexes = [models.Index(fields=["foreseen_at", "parcel"], name="risk_by_moment")]


class SilenceVersion(models.Model):
    """A version of how long carriers may be silent. The highest is in force."""

    version = models.IntegerField(primary_key=True)
    lanes = models.JSONField()
    because = models.TextField()
    actor = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "tracking_silence"
