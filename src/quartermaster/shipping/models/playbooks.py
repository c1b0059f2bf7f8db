"""What is to be done when a carrier fails, written down before it does."""

from django.db import models
from django.db.models import Q


class Playbook(models.Model):
    """One a carrier: the pause it gets, whether by itself, and when that ends. Each writing is an event."""

    carrier = models.TextField(primary_key=True)
    because = models.TextField()
    moves_labels = models.BooleanField()
    fires_on = models.PositiveIntegerField(null=True)  # parcels it lets lie; empty: only a person fires it
    ends_after_h = models.PositiveIntegerField(null=True)  # empty: a person ends it
    written_at = models.DateTimeField()
    written_by = models.TextField()

    class Meta:
        db_table = "shipping_playbook"
        constraints = [
            models.CheckConstraint(
                condition=Q(fires_on=None) | Q(fires_on__gte=1), name="shipping_playbook_fires_on_some"
            ),
            models.CheckConstraint(
                condition=Q(ends_after_h=None) | Q(ends_after_h__gte=1), name="shipping_playbook_ends_later"
            ),
        ]
