"""Writes of many rows that a shop works off later."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from quartermaster.channels.models.shops import Shop


class BulkWrite(models.Model):
    """A write of many rows that a shop was given whole: nobody else takes its rows until it is over."""

    class State(models.TextChoices):
        READY = "ready"  # its rows are taken; the shop has nothing that counts
        BEGINNING = "beginning"  # it may have begun, and its name there is not known
        OPEN = "open"  # the shop works it off, under the name `theirs`
        LEFT = "left"  # its rows were let go; they are looked at once more when it is over
        OVER = "over"

    id = models.BigAutoField(primary_key=True)
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, db_index=False, related_name="+")
    what = models.TextField()  # stock | prices
    state = models.TextField(choices=State.choices, db_default=State.READY)
    rows = models.IntegerField()
    mark = models.TextField(db_default="")  # what lies ready there
    theirs = models.TextField(db_default="")  # the shop's own name for it
    left = ArrayField(models.BigIntegerField(), db_default=[])  # listings that were let go before its end
    made_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)  # about to be, written before the shop is asked
    until = models.DateTimeField(null=True)  # then its rows are let go
    over_at = models.DateTimeField(null=True)
    outcome = models.TextField(db_default="")  # done | died | unclear | void
    turn = models.BigIntegerField(db_default=0)  # the fence: each that looks after it has another
    lease_until = models.DateTimeField(null=True)
    next_at = models.DateTimeField()  # looked after; of one that is void: no other before
    looks = models.IntegerField(db_default=0)
    because = models.TextField(db_default="")  # of the last failure, or of its end

    class Meta:
        db_table = "channels_bulk"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["ready", "beginning", "open", "left", "over"])
                & Q(what__in=["stock", "prices"])
                & Q(outcome__in=["", "done", "died", "unclear", "void"]),
                name="bulk_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state="over", over_at__isnull=False) & ~Q(outcome="")
                | ~Q(state="over") & Q(over_at=None, outcome=""),
                name="bulk_that_is_over_has_an_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["beginning", "open", "left"])
                | Q(began_at__isnull=False, until__gt=F("began_at")),
                name="bulk_that_began_has_an_end",
            ),
            models.CheckConstraint(condition=~Q(state="open") | ~Q(theirs=""), name="open_bulk_has_a_name"),
        ]
        indexes = [
            models.Index(fields=["next_at"], name="bulk_not_over", condition=~Q(state="over")),
            models.Index(fields=["shop", "what", "-id"], name="bulk_of_shop"),
        ]
