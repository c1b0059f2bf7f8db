"""What shops have for sale, and how many they are to have."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from quartermaster.catalog.models import Sku
from quartermaster.channels.models.bulk import BulkWrite
from quartermaster.channels.models.shops import Shop
from quartermaster.stock.models import Location


class Goods(models.Model):
    """How far the listings of a shop were read, and whether it takes stock now."""

    shop = models.OneToOneField(Shop, on_delete=models.PROTECT, primary_key=True)
    cursor = models.TextField(db_default="")
    since = models.DateTimeField(null=True)  # when the round under way began
    read_at = models.DateTimeField(null=True)  # when the last whole round began
    read_next_at = models.DateTimeField(db_default=Now())
    read_failures = models.IntegerField(db_default=0)  # in a row
    read_because = models.TextField(db_default="")
    found = models.IntegerField(db_default=0)  # listings of the round under way that were not known
    push_at = models.DateTimeField(db_default=Now())  # not before
    push_failures = models.IntegerField(db_default=0)  # in a row
    push_because = models.TextField(db_default="")
    content_at = models.DateTimeField(db_default=Now())  # as push_at, of what its listings say
    content_failures = models.IntegerField(db_default=0)  # in a row
    content_because = models.TextField(db_default="")

    class Meta:
        db_table = "channels_goods"


class Listing(models.Model):
    """Something a shop sells: what it is to us, how many the shop is to have, and how many it has."""

    class State(models.TextChoices):
        IDLE = "idle"  # nothing to be done
        DUE = "due"  # to be sent
        SENT = "sent"  # somebody has it in hand, until `lease_until`
        ASKED = "asked"  # to be read back at `next_at`
        REFUSED = "refused"  # not sent again until the number changes
        STUCK = "stuck"  # the shop had another number each time

    id = models.BigAutoField(primary_key=True)
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, db_index=False)
    name = models.TextField()  # the shop's own
    code = models.TextField(db_default="")
    title = models.TextField(db_default="")
    is_live = models.BooleanField(db_default=True)  # buyers can see it
    price_minor = models.BigIntegerField(null=True)
    was_minor = models.BigIntegerField(null=True)  # what it shows beside it as its price before
    currency = models.TextField(db_default="")
    barcode = models.TextField(db_default="")
    weight_g = models.IntegerField(null=True)
    seen_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)

    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, null=True, related_name="+")
    mapped_by = models.TextField(db_default="")  # code | alias | person; "" nobody yet

    buffer = models.BigIntegerField(db_default=0)
    cap = models.BigIntegerField(null=True)
    share_percent = models.SmallIntegerField(db_default=100)
    least = models.BigIntegerField(db_default=0)  # fewer count as none
    is_pushed = models.BooleanField(db_default=True)

    wanted = models.BigIntegerField(null=True)
    version = models.BigIntegerField(db_default=0)  # counts the changes of `wanted`
    wanted_at = models.DateTimeField(null=True)  # of the oldest change the shop has not confirmed
    confirmed = models.BigIntegerField(null=True)  # what the shop says it has
    confirmed_at = models.DateTimeField(null=True)
    confirmed_version = models.BigIntegerField(db_default=0)  # the newest one the shop took

    state = models.TextField(choices=State.choices, db_default=State.IDLE)
    is_raise = models.BooleanField(db_default=False)  # more than the shop has: after those that take away
    next_at = models.DateTimeField(db_default=Now())
    turn = models.BigIntegerField(db_default=0)  # the fence: each taker has another
    sent_version = models.BigIntegerField(db_default=0)
    sent_quantity = models.BigIntegerField(null=True)
    sent_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    bulk = models.ForeignKey(
        BulkWrite, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )  # nobody else takes it until that is over
    is_doubted = models.BooleanField(db_default=False)  # a late taker may have written after this one
    asks = models.TextField(db_default="")  # why it is read back: accepted | unclear | sample
    tries = models.SmallIntegerField(db_default=0)  # it had another number, in a row
    waits = models.SmallIntegerField(db_default=0)  # it said later, in a row
    because = models.TextField(db_default="")  # of the last failure

    class Meta:
        db_table = "channels_listing"
        constraints = [
            models.UniqueConstraint(fields=["shop", "name"], name="listing_once_per_shop"),
            models.CheckConstraint(
                condition=Q(state__in=["idle", "due", "sent", "asked", "refused", "stuck"])
                & Q(mapped_by__in=["", "code", "alias", "person"])
                & Q(asks__in=["", "accepted", "unclear", "sample"]),
                name="listing_state_known",
            ),
            models.CheckConstraint(
                condition=Q(buffer__gte=0, share_percent__gte=0, share_percent__lte=100, least__gte=0)
                & (Q(cap=None) | Q(cap__gte=0)),
                name="listing_policy_makes_sense",
            ),
            models.CheckConstraint(
                condition=Q(wanted=None, version=0) | Q(wanted__gte=0, version__gt=0),
                name="listing_never_wants_less_than_nothing",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_version__lte=F("version"), sent_version__lte=F("version")),
                name="listing_confirms_what_was_wanted",
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(lease_until__isnull=False, sent_quantity__isnull=False),
                name="sent_listing_has_a_lease",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["refused", "stuck"]) | ~Q(because=""), name="refused_listing_says_why"
            ),
        ]
        indexes = [
            models.Index(
                fields=["shop", "is_raise", "wanted_at", "id"],
                name="listing_due",
                condition=Q(state="due"),
            ),
            models.Index(
                fields=["shop", "next_at"], name="listing_in_hand", condition=Q(state__in=["sent", "asked"])
            ),
            models.Index(fields=["bulk"], name="listing_in_bulk", condition=Q(bulk__isnull=False)),
            models.Index(fields=["shop", "code"], name="listing_by_code"),
            models.Index(
                fields=["shop", "id"], name="listing_in_trouble", condition=Q(state__in=["refused", "stuck"])
            ),
        ]


class Dirty(models.Model):
    """A SKU whose listings may have another number now. A trigger on the levels writes them."""

    id = models.BigAutoField(primary_key=True)
    sku_id = models.BigIntegerField()

    class Meta:
        db_table = "channels_dirty"


class Aged(models.Model):
    """The day of a site up to which lots that grew too old for a shop were looked for."""

    location = models.OneToOneField(Location, on_delete=models.CASCADE, primary_key=True, related_name="+")
    looked_on = models.DateField()

    class Meta:
        db_table = "channels_aged"


class Push(models.Model):
    """What became of a number a shop was sent. Kept for some weeks."""

    id = models.BigAutoField(primary_key=True)
    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, db_index=False)
    version = models.BigIntegerField()
    quantity = models.BigIntegerField()
    expected = models.BigIntegerField(null=True)
    outcome = models.TextField()  # taken | accepted | stale | missing | refused | later | unclear | read
    has = models.BigIntegerField(null=True)  # what the shop said it has
    because = models.TextField(db_default="")
    wanted_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField()

    class Meta:
        db_table = "channels_push"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    outcome__in=[
                        *("taken", "accepted", "stale", "missing", "refused", "later", "unclear", "read")
                    ]
                ),
                name="push_outcome_known",
            )
        ]
        indexes = [
            models.Index(fields=["listing", "id"], name="push_of_listing"),
            models.Index(fields=["answered_at"], name="push_by_time"),
        ]
