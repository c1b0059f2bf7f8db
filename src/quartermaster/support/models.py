from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from quartermaster.orders.models import Order


class Rating(models.Model):
    """One answer of a customer: satisfaction from 1 to 5, or how likely they recommend us from 0 to 10."""

    id = models.BigAutoField(primary_key=True)
    source = models.TextField()  # connection or file it came from
    external_id = models.TextField()
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True)
    kind = models.TextField()  # csat | nps
    score = models.SmallIntegerField()
    comment = models.TextField(db_default="")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "support_rating"
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="rating_given_once"),
            models.CheckConstraint(
                condition=Q(kind="csat", score__gte=1, score__lte=5)
                | Q(kind="nps", score__gte=0, score__lte=10),
                name="rating_within_scale",
            ),
        ]
        indexes = [models.Index(fields=["at"], name="rating_by_time")]
