"""What each listing is to cost, what it costs there, and what became of every price a shop was sent."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from quartermaster.channels.models.bulk import BulkWrite
from quartermaster.channels.models.goods import Listing


class ListingPrice(models.Model):
    """The price of a listing. Its states are those of a listing's stock, and fenced in the same way."""

    listing = models.OneToOneField(Listing, on_delete=models.CASCADE, primary_key=True, related_name="+")
    is_pushed = models.BooleanField(db_default=True)
    own_minor = models.BigIntegerField(null=True)  # in place of what the list and the rule give
    factor_bp = models.IntegerField(null=True)  # in place of the shop's
    amount_minor = models.BigIntegerField(null=True)

    wanted_minor = models.BigIntegerField(null=True)
    was_minor = models.BigIntegerField(null=True)  # what is to be shown beside it as its price before
    tells_was = models.BooleanField(db_default=False)  # what the shop shows beside it is ours to say
    currency = models.TextField(db_default="")  # of what is wanted
    is_sale = models.BooleanField(db_default=False)
    version = models.BigIntegerField(db_default=0)  # counts the changes of what is wanted
    wanted_at = models.DateTimeField(null=True)
    blocked_by = models.TextField(db_default="")  # names of guards, with commas between
    blocked_because = models.TextField(db_default="")
    blocked_at = models.DateTimeField(null=True)
    let_minor = models.BigIntegerField(null=True)  # a person let this very price through
    let_by = models.TextField(db_default="")
    let_because = models.TextField(db_default="")

    confirmed_minor = models.BigIntegerField(null=True)  # what the shop says it costs
    confirmed_was_minor = models.BigIntegerField(null=True)  # and shows beside it
    confirmed_currency = models.TextField(db_default="")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_version = models.BigIntegerField(db_default=0)
    regular_minor = models.BigIntegerField(null=True)  # the last confirmed one that was of no sale
    past_minor = models.BigIntegerField(null=True)  # what was regular before the first change since `past_at`
    past_at = models.DateTimeField(null=True)

    state = models.TextField(choices=Listing.State.choices, db_default=Listing.State.IDLE)
    next_at = models.DateTimeField(db_default=Now())
    turn = models.BigIntegerField(db_default=0)  # the fence: each taker has another
    sent_version = models.BigIntegerField(db_default=0)
    sent_minor = models.BigIntegerField(null=True)
    sent_was_minor = models.BigIntegerField(null=True)
    sent_is_sale = models.BooleanField(db_default=False)
    sent_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    bulk = models.ForeignKey(BulkWrite, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    is_doubted = models.BooleanField(db_default=False)
    asks = models.TextField(db_default="")
    tries = models.SmallIntegerField(db_default=0)
    waits = models.SmallIntegerField(db_default=0)
    because = models.TextField(db_default="")

    class Meta:
        db_table = "channels_listing_price"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["idle", "due", "sent", "asked", "refused", "stuck"])
                & Q(asks__in=["", "accepted", "unclear", "sample"]),
                name="listing_price_state_known",
            ),
            models.CheckConstraint(
                condition=Q(wanted_minor=None, version=0) | Q(wanted_minor__isnull=False, version__gt=0),
                name="listing_price_counts_its_changes",
            ),
            # What a guard holds back is in nobody's hand to be sent.
            models.CheckConstraint(
                condition=Q(blocked_by="") | ~Q(blocked_because="") & ~Q(state="due"),
                name="blocked_price_is_not_due",
            ),
            models.CheckConstraint(
                condition=~Q(state="due") | Q(wanted_minor__gt=0), name="due_price_is_more_than_nothing"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_version__lte=F("version"), sent_version__lte=F("version")),
                name="listing_price_confirms_what_was_wanted",
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(lease_until__isnull=False, sent_minor__isnull=False),
                name="sent_price_has_a_lease",
            ),
            models.CheckConstraint(
                condition=Q(was_minor=None) | Q(tells_was=True, was_minor__gt=F("wanted_minor")),
                name="price_before_is_the_higher_one",
            ),
            models.CheckConstraint(
                condition=Q(let_minor=None) | ~Q(let_because=""), name="let_price_says_why"
            ),
            models.CheckConstraint(
                condition=Q(own_minor=None) | Q(own_minor__gt=0), name="own_price_is_more_than_nothing"
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], name="price_in_hand", condition=~Q(state="idle")),
            models.Index(fields=["bulk"], name="price_in_bulk", condition=Q(bulk__isnull=False)),
            models.Index(fields=["listing"], name="price_blocked", condition=~Q(blocked_by="")),
        ]


class PriceStood(models.Model):
    """What a listing cost in its shop, and for how long. A trigger on `channels_listing_price` writes it."""

    id = models.BigAutoField(primary_key=True)
    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, db_index=False)
    price_minor = models.BigIntegerField()
    currency = models.TextField(db_default="")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)  # None: it still does

    class Meta:
        db_table = "channels_price_stood"
        constraints = [
            models.UniqueConstraint(
                fields=["listing"], name="price_stands_once_per_listing", condition=Q(until=None)
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="price_stood_makes_sense"
            ),
        ]
        indexes = [
            models.Index(fields=["listing", "since"], name="price_stood_of_listing"),
            models.Index(fields=["until"], name="price_stood_by_end", condition=Q(until__isnull=False)),
        ]


class PriceDirty(models.Model):
    """A SKU whose listings may have another price now."""

    id = models.BigAutoField(primary_key=True)
    sku_id = models.BigIntegerField()

    class Meta:
        db_table = "channels_price_dirty"


class PricePush(models.Model):
    """What became of a price a shop was sent. Kept for some weeks."""

    id = models.BigAutoField(primary_key=True)
    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, db_index=False)
    version = models.BigIntegerField()
    price_minor = models.BigIntegerField()
    was_minor = models.BigIntegerField(null=True)
    currency = models.TextField(db_default="")
    outcome = models.TextField()  # as of Push
    has_minor = models.BigIntegerField(null=True)
    has_was_minor = models.BigIntegerField(null=True)
    because = models.TextField(db_default="")
    sent_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField()

    class Meta:
        db_table = "channels_price_push"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    outcome__in=[
                        *("taken", "accepted", "stale", "missing", "refused", "later", "unclear", "read")
                    ]
                ),
                name="price_push_outcome_known",
            )
        ]
        indexes = [
            models.Index(fields=["listing", "id"], name="price_push_of_listing"),
            models.Index(fields=["answered_at"], name="price_push_by_time"),
        ]
