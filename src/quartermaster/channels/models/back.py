"""What shops are told is not sent, and what they are to give back."""

from django.db import models
from django.db.models import Q

from quartermaster.channels.models.shops import Shop
from quartermaster.money.models import Refund
from quartermaster.orders.models import Line, Order


class Cancellation(models.Model):
    """Units our own people took off an order, of which its shop is told: C-{id}."""

    class State(models.TextChoices):
        QUEUED = "queued"
        TOLD = "told"
        REFUSED = "refused"

    id = models.BigAutoField(primary_key=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, db_index=False, related_name="+")
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, db_index=False)
    is_whole = models.BooleanField()  # nothing of the order was or will be sent
    note = models.TextField(db_default="")  # why, in our people's words
    state = models.TextField(choices=State.choices, db_default=State.QUEUED)
    theirs = models.TextField(db_default="")
    because = models.TextField(db_default="")
    wanted_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "channels_cancellation"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["queued", "told", "refused"]), name="cancellation_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(because=""), name="refused_cancellation_says_why"
            ),
            models.CheckConstraint(
                condition=Q(state="queued") | Q(settled_at__isnull=False), name="told_cancellation_has_moment"
            ),
        ]
        indexes = [
            models.Index(fields=["order", "id"], name="cancellation_of_order"),
            models.Index(fields=["shop", "id"], name="cancellation_not_told", condition=~Q(state="told")),
        ]


class CancelledLine(models.Model):
    """Units of a line within a cancellation."""

    cancellation = models.ForeignKey(
        Cancellation, on_delete=models.CASCADE, db_index=False, related_name="lines"
    )
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="+")
    units = models.BigIntegerField()

    class Meta:
        db_table = "channels_cancelled_line"
        constraints = [
            models.UniqueConstraint(fields=["cancellation", "line"], name="cancelled_line_once"),
            models.CheckConstraint(condition=Q(units__gt=0), name="cancelled_line_units"),
        ]


class Payout(models.Model):
    """Money a person let the shop give back for a refund that is due: under the reference R-{refund}.{id}.

    What it says is kept as it was asked for: one reference, one content."""

    class State(models.TextChoices):
        QUEUED = "queued"
        TOLD = "told"  # the shop gave it back
        REFUSED = "refused"

    id = models.BigAutoField(primary_key=True)
    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, db_index=False, related_name="+")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, db_index=False, related_name="+")
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, db_index=False)
    state = models.TextField(choices=State.choices, db_default=State.QUEUED)
    amount_minor = models.BigIntegerField()
    currency = models.TextField()
    content = models.JSONField()  # lines and shipping, as channels.ports.Refund has them
    told_minor = models.BigIntegerField()  # what the shop said it gave back of the order, when it was asked
    note = models.TextField(db_default="")
    actor = models.TextField()
    asked = models.SmallIntegerField(db_default=1)  # how often it was wished for: by a person, after a drift
    theirs = models.TextField(db_default="")
    because = models.TextField(db_default="")
    wanted_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "channels_payout"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["queued", "told", "refused"]) & Q(amount_minor__gt=0),
                name="payout_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(because=""), name="refused_payout_says_why"
            ),
            models.CheckConstraint(
                condition=Q(state="queued") | Q(settled_at__isnull=False), name="told_payout_has_moment"
            ),
            # One at a time for an order: what is left to give back is known only when it is through.
            models.UniqueConstraint(
                fields=["order"], condition=Q(state="queued"), name="one_payout_at_a_time"
            ),
        ]
        indexes = [
            models.Index(fields=["order", "id"], name="payout_of_order"),
            models.Index(fields=["shop", "id"], name="payout_not_told", condition=~Q(state="told")),
        ]
