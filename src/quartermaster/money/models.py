from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from quartermaster.orders.models import Line, Order
from quartermaster.orders.models import Refund as Given

NET = (
    F("items_minor")
    - F("discount_minor")
    + F("shipping_minor")
    + F("fees_minor")
    - F("withheld_minor")
    - F("covered_minor")
)


class Refund(models.Model):
    """Money that is to be given back for one cause, and what it is made of: R-{id}. In minor units.

    amount = items - discount + shipping + fees (+ tax, where it is on top) - withheld - covered. A trigger
    keeps what is due of an order within what was paid and not given back.
    """

    class State(models.TextChoices):
        DUE = "due"  # to be given back; follows what is owed
        SETTLED = "settled"  # the channel says that it was given back
        WITHDRAWN = "withdrawn"  # owed no more
        NOTHING = "nothing"  # looked at, and nothing was to be given back

    id = models.BigAutoField(primary_key=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, db_index=False, related_name="+")
    cause = models.TextField()  # change | return_to_origin
    cause_key = models.TextField(db_default="")  # what of that cause: the parcel, "P-7"
    state = models.TextField(choices=State.choices, db_default=State.DUE)
    currency = models.TextField()
    amount_minor = models.BigIntegerField()
    items_minor = models.BigIntegerField()  # gross; like the next four negative where more was added
    discount_minor = models.BigIntegerField()
    shipping_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    fees_minor = models.BigIntegerField()
    withheld_minor = models.BigIntegerField(db_default=0)  # a fee, by policy
    covered_minor = models.BigIntegerField(db_default=0)  # not paid yet, or given back already
    is_tax_included = models.BooleanField()
    paid_minor = models.BigIntegerField()  # of the order, when it was looked at last
    refunded_minor = models.BigIntegerField()
    told_minor = models.BigIntegerField()  # given back of the order when this fell due
    because = models.TextField()
    at = models.DateTimeField()
    actor = models.TextField()
    settled_at = models.DateTimeField(null=True)
    settled_because = models.TextField(db_default="")
    # Of a parcel that came back: which of the channel's refunds it was, and which were known before it.
    settled_by = models.OneToOneField(Given, on_delete=models.PROTECT, null=True, related_name="+")
    after_refund = models.BigIntegerField(db_default=0)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "money_refund"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["due", "settled", "withdrawn", "nothing"])
                & Q(cause__in=["change", "return_to_origin"]),
                name="refund_known",
            ),
            models.CheckConstraint(
                condition=(Q(state="nothing") & Q(amount_minor=0))
                | (~Q(state="nothing") & Q(amount_minor__gt=0)),
                name="refund_gives_something",
            ),
            models.CheckConstraint(
                condition=(
                    Q(is_tax_included=True, amount_minor=NET)
                    | Q(is_tax_included=False, amount_minor=NET + F("tax_minor"))
                )
                & Q(withheld_minor__gte=0, covered_minor__gte=0),
                name="refund_adds_up",
            ),
            models.CheckConstraint(condition=~Q(because=""), name="refund_says_why"),
            models.UniqueConstraint(
                fields=["order", "cause", "cause_key"],
                condition=Q(state="due"),
                name="one_refund_due_for_a_cause",
            ),
            models.UniqueConstraint(
                fields=["cause_key"], condition=~Q(cause_key=""), name="one_refund_for_a_parcel"
            ),
        ]
        indexes = [
            models.Index(fields=["order", "id"], name="refund_of_order"),
            models.Index(fields=["id"], name="refund_due", condition=Q(state="due")),
        ]


class PolicyVersion(models.Model):
    """A version of what is given back for parcels nobody took. The highest is in force."""

    version = models.IntegerField(primary_key=True)
    policy = models.JSONField()
    because = models.TextField()
    actor = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "money_policy"


class RefundLine(models.Model):
    """What a refund gives back for a line. Its units and amounts are within those of the line as sold."""

    refund = models.ForeignKey(Refund, on_delete=models.CASCADE, db_index=False, related_name="lines")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="+")
    units = models.BigIntegerField()
    items_minor = models.BigIntegerField()
    discount_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()

    class Meta:
        db_table = "money_refund_line"
        constraints = [
            models.UniqueConstraint(fields=["refund", "line"], name="refund_line_once"),
            models.CheckConstraint(condition=Q(units__gte=0), name="refund_line_units"),
        ]
