from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from quartermaster.orders.models import Order
from quartermaster.stock.models import Recall


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


class Notice(models.Model):
    """A customer is to be told of a recall: what they got of the lot, and where to reach them. It waits until
    a person says that they were told."""

    id = models.BigAutoField(primary_key=True)
    recall = models.ForeignKey(Recall, on_delete=models.PROTECT, db_index=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+")
    state = models.TextField(db_default="waiting")  # waiting | told
    name = models.TextField(db_default="")
    email = models.TextField(db_default="")
    phone = models.TextField(db_default="")
    units = models.BigIntegerField()
    at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    told_by = models.TextField(db_default="")
    told_because = models.TextField(db_default="")  # how: by phone, by mail

    class Meta:
        db_table = "support_notice"
        constraints = [
            models.UniqueConstraint(fields=["recall", "order"], name="one_notice_of_a_recall"),
            models.CheckConstraint(
                condition=(Q(state="waiting") & Q(told_at=None))
                | (Q(state="told") & Q(told_at__isnull=False) & ~Q(told_because="")),
                name="notice_told_somehow",
            ),
            models.CheckConstraint(condition=Q(units__gt=0), name="notice_of_something"),
        ]
        indexes = [models.Index(fields=["id"], name="notice_waiting", condition=Q(state="waiting"))]
