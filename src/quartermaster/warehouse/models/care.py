"""Whose something late is, and what was said of it."""

from django.db import models
from django.db.models import Q

from quartermaster.allocation.models import Allocation
from quartermaster.warehouse.models.parcels import Parcel


class Care(models.Model):
    """Of one row of the lists of what is late: who sees to it, and the answer that was given last. The answer
    counts on its rung and below, for what had begun by then; see rules.care."""

    id = models.BigAutoField(primary_key=True)
    parcel = models.OneToOneField(Parcel, on_delete=models.PROTECT, null=True)
    allocation = models.OneToOneField(Allocation, on_delete=models.PROTECT, null=True)
    assignee = models.TextField(db_default="")  # user:3; "" nobody
    answer = models.TextField(db_default="")  # acknowledged | snoozed; "" none, or taken back
    kind = models.TextField(db_default="")  # the rung it was given on
    rank = models.SmallIntegerField(db_default=0)
    note = models.TextField(db_default="")
    snoozed_until = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.TextField(db_default="")

    class Meta:
        db_table = "warehouse_care"
        constraints = [
            models.CheckConstraint(
                condition=Q(parcel=None, allocation__isnull=False) | Q(parcel__isnull=False, allocation=None),
                name="care_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(answer="", snoozed_until=None, rank=0)
                | Q(answer="acknowledged", snoozed_until=None, rank__gte=1, answered_at__isnull=False)
                & ~Q(note="")
                | Q(answer="snoozed", snoozed_until__isnull=False, rank__gte=1, answered_at__isnull=False),
                name="care_answer_is_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["assignee"], name="care_by_assignee", condition=~Q(assignee="")),
        ]
