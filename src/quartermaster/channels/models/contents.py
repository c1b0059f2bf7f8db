"""What shops are told that their listings say, who asked for it, and what became of it."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from quartermaster.catalog.models import Sku
from quartermaster.channels.models.goods import Listing
from quartermaster.channels.models.shops import Shop

_OPEN = Q(state__in=["due", "sent", "asked"])


class ContentPush(models.Model):
    """Fields of listings that a person had told at once. Kept: who, and why."""

    id = models.BigAutoField(primary_key=True)
    made_at = models.DateTimeField()
    made_by = models.TextField()
    because = models.TextField(db_default="")
    undoes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="undone_by")

    class Meta:
        db_table = "channels_content_push"


class Content(models.Model):
    """One field of one listing: what the shop had, what it is to have, and how far that is. A row is told one
    thing; another wish makes another row."""

    class State(models.TextChoices):
        DUE = "due"  # to be sent
        SENT = "sent"  # somebody has it in hand, until `lease_until`
        ASKED = "asked"  # to be looked at, at `next_at`
        CONFIRMED = "confirmed"  # it was seen there
        REFUSED = "refused"
        CHANGED = "changed"  # somebody changed it there, or here, since the person looked
        STUCK = "stuck"  # the shop kept what it had each time
        WITHDRAWN = "withdrawn"  # before it was sent

    id = models.BigAutoField(primary_key=True)
    push = models.ForeignKey(ContentPush, on_delete=models.PROTECT, db_index=False)
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, db_index=False)
    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, db_index=False, related_name="+")
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, db_index=False, related_name="+")
    field = models.TextField()  # title | barcode | weight_g
    expected = models.TextField()  # what the shop had when it was asked for
    wanted = models.TextField()
    has = models.TextField(null=True)  # what it was last seen with

    state = models.TextField(choices=State.choices, db_default=State.DUE)
    next_at = models.DateTimeField(db_default=Now())
    turn = models.BigIntegerField(db_default=0)  # the fence: each taker has another
    sent_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    is_doubted = models.BooleanField(db_default=False)  # a late taker may have written after this one
    asks = models.TextField(db_default="")  # why it is looked at: taken | accepted | unclear
    tries = models.SmallIntegerField(db_default=0)  # it kept what it had, in a row
    waits = models.SmallIntegerField(db_default=0)  # it said later, in a row
    because = models.TextField(db_default="")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "channels_content"
        constraints = [
            models.CheckConstraint(
                condition=_OPEN
                | Q(state__in=["confirmed", "refused", "changed", "stuck", "withdrawn"])
                & Q(settled_at__isnull=False),
                name="channels_content_state_known",
            ),
            models.CheckConstraint(
                condition=Q(field__in=["title", "barcode", "weight_g"])
                & Q(asks__in=["", "taken", "accepted", "unclear"]),
                name="channels_content_words_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(lease_until__isnull=False, sent_at__isnull=False),
                name="channels_content_sent_has_lease",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["refused", "changed", "stuck"]) | ~Q(because=""),
                name="channels_content_says_why",
            ),
            models.CheckConstraint(
                condition=(~_OPEN & ~Q(state="confirmed")) | ~Q(wanted=""),
                name="channels_content_tells_something",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(has__isnull=False), name="channels_content_was_seen"
            ),
            # Two wishes for the same field are never under way at once.
            models.UniqueConstraint(
                fields=["listing", "field"], condition=_OPEN, name="channels_content_one_at_a_time"
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "next_at"], name="channels_content_open", condition=_OPEN),
            models.Index(fields=["listing", "field", "id"], name="channels_content_of_listing"),
            models.Index(fields=["push", "id"], name="channels_content_of_push"),
            models.Index(
                fields=["settled_at"],
                name="channels_content_trouble",
                condition=Q(state__in=["refused", "changed", "stuck"]),
            ),
        ]
