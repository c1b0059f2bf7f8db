from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from quartermaster.catalog.models import Sku
from quartermaster.inbox.models import Connection
from quartermaster.money.models import Refund
from quartermaster.orders.models import Line, Order
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


class Comparison(models.Model):
    """What a shop lists from a day on, held against what we have: read page by page, judged at the end."""

    class Phase(models.TextChoices):
        READING = "reading"
        SETTLING = "settling"  # what it brought is on its way through the inbox
        DONE = "done"

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, db_index=False)
    phase = models.TextField(choices=Phase.choices, db_default=Phase.READING)
    since = models.DateTimeField()  # changes before it are not compared
    cursor = models.TextField(db_default="")
    asked_by = models.TextField()
    began_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)  # when its last page was read
    ended_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField()
    listed = models.BigIntegerField(db_default=0)  # orders
    late = models.BigIntegerField(db_default=0)  # of those, orders that nobody had told us of in time
    found = models.IntegerField(db_default=0)  # differences that are new
    settled = models.IntegerField(db_default=0)  # differences that are no more
    failures = models.IntegerField(db_default=0)  # in a row
    because = models.TextField(db_default="")  # of the last failure

    class Meta:
        db_table = "channels_comparison"
        constraints = [
            models.UniqueConstraint(
                fields=["shop"], condition=Q(ended_at=None), name="one_comparison_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(phase__in=["reading", "settling", "done"])
                & (Q(phase="done") & Q(ended_at__isnull=False) | ~Q(phase="done") & Q(ended_at=None)),
                name="comparison_phase_known",
            ),
        ]
        indexes = [models.Index(fields=["shop", "-id"], name="comparison_of_shop")]


class Seen(models.Model):
    """An order that a comparison under way found in the shop. Gone when it ends."""

    comparison = models.ForeignKey(Comparison, on_delete=models.CASCADE, db_index=False)
    external_id = models.TextField()

    class Meta:
        db_table = "channels_seen"
        constraints = [models.UniqueConstraint(fields=["comparison", "external_id"], name="seen_once")]


class Drift(models.Model):
    """Something that a shop and we see differently, from when it was found until it is settled."""

    class Kind(models.TextChoices):
        LATE = "late"  # the comparison brought an order that no message had told of
        MISSING = "missing"  # the shop lists it, and there is no order of it here
        VANISHED = "vanished"  # the shop does not list it any more
        UNSHIPPED = "unshipped"  # the shop was told that all of it left, and shows less
        UNCANCELLED = "uncancelled"  # cancelled here, and not there
        GAP = "gap"  # a number between others that no order has

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, db_index=False)
    kind = models.TextField(choices=Kind.choices)
    reference = models.TextField()  # SO-12, or the shop's own id or number
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    theirs = models.TextField()
    ours = models.TextField()
    since = models.DateTimeField(null=True)  # since when it has been so, where that is known
    found_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.TextField(db_default="")
    settled_because = models.TextField(db_default="")

    class Meta:
        db_table = "channels_drift"
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "kind", "reference"], condition=Q(settled_at=None), name="shop_drift_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["late", "missing", "vanished", "unshipped", "uncancelled", "gap"]),
                name="shop_drift_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None) | ~Q(settled_because=""), name="settled_shop_drift_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "-id"], name="shop_drift_of_shop"),
            models.Index(fields=["shop"], name="shop_drift_open", condition=Q(settled_at=None)),
            models.Index(fields=["order"], name="shop_drift_of_order", condition=Q(order__isnull=False)),
        ]


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
    currency = models.TextField(db_default="")
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
