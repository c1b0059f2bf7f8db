"""Waves that somebody asked for or wants to look at, while they are being planned."""

from django.db import models
from django.db.models import Q

from quartermaster.stock.models import Location
from quartermaster.warehouse.models.picking import Wave

OPEN = ("waiting", "planning")


class WavePlan(models.Model):
    """A wave that was asked for, and what came of it. One of a site is under way at a time.

    A preview makes no wave: `found` is what one would take. Those are forgotten after a day.
    """

    id = models.BigAutoField(primary_key=True)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, db_index=False)
    wanted = models.JSONField()  # rules.wanted.WaveWanted
    is_released = models.BooleanField()  # people may pick it at once
    is_preview = models.BooleanField(db_default=False)
    found = models.JSONField(null=True)  # of a preview: queries.wave_plans.Previewed
    state = models.TextField(db_default="waiting")  # waiting | planning | done | nothing | failed
    step = models.TextField(db_default="")  # what is being done, for who waits
    tries = models.SmallIntegerField(db_default=0)
    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, null=True, db_index=False)
    because = models.TextField(db_default="")  # why there is none
    made_by = models.TextField()
    made_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "warehouse_wave_plan"
        constraints = [
            models.UniqueConstraint(
                fields=["location"],
                condition=Q(state__in=OPEN, is_preview=False),
                name="one_wave_plan_of_a_site",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="done",
                    is_preview=False,
                    wave__isnull=False,
                    found__isnull=True,
                    ended_at__isnull=False,
                )
                | Q(state="done", is_preview=True, wave=None, found__isnull=False, ended_at__isnull=False)
                | Q(state__in=["nothing", "failed"], wave=None, found__isnull=True, ended_at__isnull=False)
                | Q(state__in=OPEN, wave=None, found__isnull=True, ended_at=None),
                name="wave_plan_state_known",
            ),
        ]
