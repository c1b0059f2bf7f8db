"""Until when the floor is to be through with an order, and where it was not."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from quartermaster.allocation.models import Allocation
from quartermaster.orders.models import Order
from quartermaster.stock.models import Location

STAGES = ("pick", "pack", "dispatch")


class TimerTargets(models.Model):
    """A version of the targets. The highest is in force; a timer keeps those it began with."""

    version = models.IntegerField(primary_key=True)
    targets = models.JSONField()
    because = models.TextField()
    actor = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "warehouse_timer_targets"


class Timer(models.Model):
    """See rules.timers.Timer."""

    allocation = models.OneToOneField(Allocation, on_delete=models.PROTECT, primary_key=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, db_index=False)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, db_index=False)
    target = models.TextField()
    started_at = models.DateTimeField()
    stage = models.TextField(db_default="pick")
    pick_due_at = models.DateTimeField(null=True)
    pack_due_at = models.DateTimeField(null=True)
    dispatch_due_at = models.DateTimeField(null=True)
    picked_at = models.DateTimeField(null=True)
    packed_at = models.DateTimeField(null=True)
    dispatched_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    next_due_at = models.DateTimeField(null=True)
    breached = models.TextField(db_default="")

    class Meta:
        db_table = "warehouse_timer"
        constraints = [
            models.CheckConstraint(
                condition=Q(stage__in=[*STAGES, "done", "dropped"]), name="timer_stage_known"
            ),
            models.CheckConstraint(
                condition=Q(next_due_at=None) | Q(stage__in=STAGES, paused_at=None), name="timer_runs"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_due_at", "allocation"], name="timer_under_way", condition=Q(stage__in=STAGES)
            )
        ]


class TimerMark(models.Model):
    """How long a stage took, as it was known from `recorded_at` on, until the next mark of it. Never changed,
    so that an old report comes out as it was. Without moments: it is to be done again."""

    id = models.BigAutoField(primary_key=True)
    allocation = models.ForeignKey(Allocation, on_delete=models.PROTECT, db_index=False)
    stage = models.TextField()
    begun_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "warehouse_timer_mark"
        constraints = [
            models.CheckConstraint(
                condition=Q(stage__in=STAGES)
                & (
                    Q(begun_at=None, done_at=None)
                    | Q(begun_at__isnull=False, done_at__isnull=False, done_at__gte=F("begun_at"))
                ),
                name="mark_is_a_span",
            )
        ]
        indexes = [
            models.Index(fields=["allocation", "stage", "-id"], name="mark_newest"),
            models.Index(fields=["done_at"], name="mark_by_moment"),
        ]


class TimerBreach(models.Model):
    """A stage that took longer than it may. Never changed."""

    id = models.BigAutoField(primary_key=True)
    allocation = models.ForeignKey(Allocation, on_delete=models.PROTECT, db_index=False)
    stage = models.TextField()
    due_at = models.DateTimeField()
    met_at = models.DateTimeField(null=True)  # null: still to do when it was found
    because = models.TextField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "warehouse_timer_breach"
        constraints = [
            models.UniqueConstraint(fields=["allocation", "stage"], name="breach_once_a_stage"),
            models.CheckConstraint(condition=Q(stage__in=STAGES) & ~Q(because=""), name="breach_says_why"),
        ]
