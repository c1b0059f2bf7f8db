"""Shops, and the parcels they are told of."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from quartermaster.inbox.models import Connection
from quartermaster.warehouse.models import Parcel


class Shop(models.Model):
    """A connection that can be asked and told, and how far it was read."""

    class Mode(models.TextChoices):
        OBSERVE = "observe"  # it is read, and told nothing
        LIVE = "live"

    connection = models.OneToOneField(Connection, on_delete=models.PROTECT, primary_key=True)
    mode = models.TextField(choices=Mode.choices, db_default=Mode.OBSERVE)
    tells_buyers = models.BooleanField(db_default=True)  # by the shop's own mail, where it has one
    read_up_to = models.DateTimeField(null=True)  # nothing older is left to fetch
    since = models.DateTimeField(null=True)  # where the round under way began
    cursor = models.TextField(db_default="")
    next_at = models.DateTimeField(db_default=Now())
    asked_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    fetched = models.BigIntegerField(db_default=0)  # orders, over all rounds
    hinted_at = models.DateTimeField(null=True)  # it said that something changed, since a round last began
    failures = models.IntegerField(db_default=0)  # in a row
    because = models.TextField(db_default="")  # of the last failure

    class Meta:
        db_table = "channels_shop"
        constraints = [
            models.CheckConstraint(condition=Q(mode__in=["observe", "live"]), name="shop_mode_known"),
            models.CheckConstraint(
                condition=Q(cursor="") | Q(since__isnull=False), name="shop_round_has_begun"
            ),
        ]


class Shipment(models.Model):
    """A parcel of which a shop is told."""

    class State(models.TextChoices):
        QUEUED = "queued"
        TOLD = "told"
        REFUSED = "refused"

    parcel = models.OneToOneField(Parcel, on_delete=models.PROTECT, primary_key=True, related_name="+")
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, db_index=False)
    state = models.TextField(choices=State.choices, db_default=State.QUEUED)
    theirs = models.TextField(db_default="")
    because = models.TextField(db_default="")
    asked = models.SmallIntegerField(db_default=1)  # how often it was wished for: by a person, after a drift
    wanted_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "channels_shipment"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["queued", "told", "refused"]), name="shipment_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(because=""), name="refused_shipment_says_why"
            ),
            models.CheckConstraint(
                condition=Q(state="queued") | Q(settled_at__isnull=False), name="told_shipment_has_moment"
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "parcel"], name="shipment_not_told", condition=~Q(state="told")),
            models.Index(fields=["shop", "settled_at"], name="shipment_by_time"),
        ]


class Hooks(models.Model):
    """Whether a shop still sends its messages by itself, and when it is looked at next."""

    shop = models.OneToOneField(Shop, on_delete=models.PROTECT, primary_key=True, related_name="+")
    next_at = models.DateTimeField(db_default=Now())
    looked_at = models.DateTimeField(null=True)  # and it answered
    off = models.TextField(db_default="")  # topics it does not send, with commas between
    renews = models.BooleanField(db_default=False)  # our secret is another: they are signed with it anew
    off_since = models.DateTimeField(null=True)
    mended = models.BigIntegerField(db_default=0)  # subscriptions that were made or switched on, in all
    failures = models.IntegerField(db_default=0)  # in a row
    because = models.TextField(db_default="")  # of the last failure, or why nothing is mended

    class Meta:
        db_table = "channels_hooks"


class Queue(models.Model):
    """A queue in which a shop's messages wait, and when it is looked at next."""

    shop = models.OneToOneField(Shop, on_delete=models.PROTECT, primary_key=True, related_name="+")
    next_at = models.DateTimeField(db_default=Now())
    fetched_at = models.DateTimeField(null=True)  # when it last answered
    fetched = models.BigIntegerField(db_default=0)  # messages, in all
    failures = models.IntegerField(db_default=0)  # in a row
    because = models.TextField(db_default="")  # of the last failure

    class Meta:
        db_table = "channels_queue"
