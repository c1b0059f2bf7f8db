from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Overview(models.Model):
    """The figures of a period as they were computed at some moment, for pages that must be fast.

    Never read where a figure is asked for exactly: that is always counted from the rows. `seen` holds the
    newest ids of what figures are made of, so that the doctor knows whether it must still be the same.
    """

    tz = models.TextField()
    first = models.DateField()
    last = models.DateField()
    told = models.JSONField()  # figures, those of the period before, and a value for each day
    seen = models.JSONField()
    computed_at = models.DateTimeField()
    took_ms = models.IntegerField()  # what a page would have waited

    class Meta:
        db_table = "insight_overview"
        constraints = [models.UniqueConstraint(fields=["tz", "first", "last"], name="one_overview_a_period")]


class Weeks(models.Model):
    """The same, week by week (rules.weeks): kept for the page that tells them."""

    tz = models.TextField()
    first = models.DateField()
    last = models.DateField()
    told = models.JSONField()
    seen = models.JSONField()
    computed_at = models.DateTimeField()
    took_ms = models.IntegerField()

    class Meta:
        db_table = "insight_weeks"
        constraints = [models.UniqueConstraint(fields=["tz", "first", "last"], name="insight_weeks_once")]


class Spike(models.Model):
    """What goes wrong far more often than elsewhere, as it was seen when somebody looked last: a lane whose
    parcels come late, a product that comes back. `ids` are the rows it was told from, the newest first."""

    kind = models.TextField()  # lane: ids of parcels | returns: ids of order lines
    of = models.TextField()
    told = models.TextField()
    ids = ArrayField(models.BigIntegerField())
    computed_at = models.DateTimeField()

    class Meta:
        db_table = "insight_spike"
        constraints = [
            models.UniqueConstraint(fields=["kind", "of"], name="one_spike_of_a_thing"),
            models.CheckConstraint(condition=Q(kind__in=["lane", "returns"]), name="spike_kind_known"),
        ]
