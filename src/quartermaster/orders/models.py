from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from quartermaster.catalog.models import Sku
from quartermaster.customers.models import Customer
from quartermaster.inbox.models import Connection


class Order(models.Model):
    """An order as sold. Its number is SO-{id}. Money in minor units of `currency`."""

    class Status(models.TextChoices):
        ON_HOLD = "on_hold"
        OPEN = "open"
        BACKORDERED = "backordered"
        ALLOCATED = "allocated"
        PICKING = "picking"
        PACKED = "packed"
        SHIPPED = "shipped"
        DELIVERED = "delivered"
        CANCELLED = "cancelled"
        RETURNED = "returned"

    id = models.BigAutoField(primary_key=True)
    # No constraint where thousands of rows would lock one: a trigger keeps connections and SKUs there for
    # ever.
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    external_id = models.TextField()
    external_name = models.TextField()
    source_version = models.TextField()  # sorts by age of the channel's content
    placed_at = models.DateTimeField()
    captured_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)  # when the channel says payment was approved
    currency = models.TextField()
    items_minor = models.BigIntegerField()
    discount_minor = models.BigIntegerField()
    shipping_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    fees_minor = models.BigIntegerField()
    tip_minor = models.BigIntegerField()
    rounding_minor = models.BigIntegerField()
    total_minor = models.BigIntegerField()
    paid_minor = models.BigIntegerField()
    refunded_minor = models.BigIntegerField()
    is_tax_included = models.BooleanField()
    payment_state = models.TextField()
    presentment_currency = models.TextField()
    presentment_total_minor = models.BigIntegerField(null=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, db_index=False)
    buyer = models.JSONField()
    ship_to = models.JSONField(null=True)
    bill_to = models.JSONField(null=True)
    shipping_method = models.TextField()
    detail = models.JSONField()  # as given: tax lines, codes, note, tags, doubts
    is_test = models.BooleanField()
    priority = models.SmallIntegerField(db_default=0)
    ships_complete = models.BooleanField(db_default=False)
    promise_days = models.SmallIntegerField(null=True)
    promised_on = models.DateField(null=True)  # day of the receiver's calendar; the first promise made stays
    promised_by = models.DateTimeField(null=True)  # the same as a moment, where one was given
    promised_at = models.DateTimeField(null=True)  # when it was promised
    cancelled_at = models.DateTimeField(null=True)
    cancelled_because = models.TextField(db_default="")
    status = models.TextField(choices=Status.choices)  # derived from lines and holds; kept for the lists
    version = models.IntegerField(db_default=1)  # optimistic lock: every write counts it up
    is_edited = models.BooleanField(db_default=False)  # our people changed its lines or money: see Difference

    class Meta:
        db_table = "orders_order"
        constraints = [
            models.UniqueConstraint(fields=["connection", "external_id"], name="order_captured_once"),
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        "on_hold",
                        "open",
                        "backordered",
                        "allocated",
                        "picking",
                        "packed",
                        "shipped",
                        "delivered",
                        "cancelled",
                        "returned",
                    ]
                ),
                name="order_status_known",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "id"], name="order_by_status"),
            models.Index(fields=["customer", "id"], name="order_of_customer"),
            models.Index(fields=["placed_at"], name="order_by_time"),
            # one for both: by the moment alone, all of it is read, which is little
            models.Index(
                fields=["promised_on", "promised_by"],
                name="order_by_promise",
                condition=Q(promised_on__isnull=False) | Q(promised_by__isnull=False),
            ),
        ]


class Line(models.Model):
    """One line as sold. Every unit ever ordered is in exactly one of five places, at every moment."""

    id = models.BigAutoField(primary_key=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, db_index=False, related_name="lines")
    position = models.SmallIntegerField()
    external_id = models.TextField()
    code = models.TextField()  # the channel's SKU text
    alias = models.TextField(db_default="")  # the channel's product id, when the line has no SKU text
    sku = models.ForeignKey(  # null: not known yet
        Sku, on_delete=models.PROTECT, null=True, db_index=False, db_constraint=False
    )
    title = models.TextField()
    unit_price_minor = models.BigIntegerField()
    gross_minor = models.BigIntegerField()
    discount_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    shipping_minor = models.BigIntegerField(db_default=0)  # where the channel tells it by line
    is_shippable = models.BooleanField()
    ordered = models.BigIntegerField()
    open = models.BigIntegerField()
    allocated = models.BigIntegerField(db_default=0)
    picked = models.BigIntegerField(db_default=0)
    packed = models.BigIntegerField(db_default=0)  # counts within picked: in a closed parcel
    labelled = models.BigIntegerField(db_default=0)  # counts within packed: the parcel has its label
    shipped = models.BigIntegerField(db_default=0)
    delivered = models.BigIntegerField(db_default=0)  # counts within shipped
    cancelled = models.BigIntegerField(db_default=0)
    returned = models.BigIntegerField(db_default=0)  # counts within shipped
    # What the line should come to. Units the floor already has follow later; `settle` brings both together.
    sold = models.BigIntegerField()  # units on the line as the channel tells it now
    wanted = models.BigIntegerField()  # of those, units the customer still wants
    fulfilled = models.BigIntegerField(db_default=0)  # units the channel says it handed over itself
    sent_back = models.BigIntegerField(db_default=0)  # of those, units that came back to it
    cancelled_here = models.BigIntegerField(db_default=0)  # units taken off by our own people
    cancelled_there = models.BigIntegerField(db_default=0)  # of those sold, units the channel took off itself
    added = models.BigIntegerField(db_default=0)  # of those sold, units only our own people put on
    parked = models.TextField(db_default="")  # why open units wait: backorder | preorder | shortage | routing

    class Meta:
        db_table = "orders_line"
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="line_once_per_order"),
            models.CheckConstraint(
                condition=Q(ordered=F("open") + F("allocated") + F("picked") + F("shipped") + F("cancelled")),
                name="line_units_add_up",
            ),
            models.CheckConstraint(
                condition=Q(open__gte=0, allocated__gte=0, picked__gte=0, shipped__gte=0, cancelled__gte=0)
                & Q(returned__gte=0, returned__lte=F("shipped"))
                & Q(wanted__gte=0, wanted__lte=F("sold"), fulfilled__gte=0, sent_back__gte=0)
                & Q(cancelled_here__gte=0, cancelled_there__gte=0, added__gte=0, added__lte=F("sold"))
                & Q(delivered__gte=0, delivered__lte=F("shipped"))
                & Q(labelled__gte=0, labelled__lte=F("packed"), packed__lte=F("picked")),
                name="line_units_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(parked__in=["", "backorder", "preorder", "shortage", "routing"]),
                name="line_parked_known",
            ),
        ]
        indexes = [
            # not on `open`: an update of it would then lose its cheap in-page form
            models.Index(fields=["sku", "id"], name="line_parked", condition=~Q(parked="")),
            models.Index(fields=["code"], name="line_unknown_sku", condition=Q(sku=None)),
        ]


class Ours(models.Model):
    """What our own people changed about a line, and what that comes to now (see rules/difference.py)."""

    line = models.OneToOneField(Line, on_delete=models.PROTECT, primary_key=True, related_name="ours")
    added = models.BigIntegerField()  # units put on the line here, whether the channel took them over or not
    told = models.BigIntegerField()  # units of the SKU that the channel's lines had then
    price_minor = models.BigIntegerField(null=True)
    price_told_minor = models.BigIntegerField()
    discount_minor = models.BigIntegerField()
    discount_told_minor = models.BigIntegerField()
    rate_tax_minor = models.BigIntegerField()
    rate_net_minor = models.BigIntegerField()
    items_now_minor = models.BigIntegerField(db_default=0)  # signed, like the next two: the difference now
    discount_now_minor = models.BigIntegerField(db_default=0)
    tax_now_minor = models.BigIntegerField(db_default=0)

    class Meta:
        db_table = "orders_ours"
        constraints = [
            models.CheckConstraint(
                condition=Q(added__gte=0, told__gte=0, discount_minor__gte=0)
                & (Q(price_minor=None) | Q(price_minor__gte=0)),
                name="ours_not_negative",
            )
        ]


class Difference(models.Model):
    """What our own people's changes do to an order's money now: signed, to be added to what was sold; and
    what of it is still to be collected or given back. One row an order that was changed here."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT, primary_key=True, related_name="difference")
    items_minor = models.BigIntegerField(db_default=0)
    discount_minor = models.BigIntegerField(db_default=0)
    shipping_minor = models.BigIntegerField(db_default=0)
    tax_minor = models.BigIntegerField(db_default=0)
    fees_minor = models.BigIntegerField(db_default=0)
    total_minor = models.BigIntegerField(db_default=0)
    due_minor = models.BigIntegerField(db_default=0)
    owed_minor = models.BigIntegerField(db_default=0)
    waived_minor = models.BigIntegerField(db_default=0)  # due, and let go by a person
    overpaid_minor = models.BigIntegerField()  # when it was changed first
    refunded_minor = models.BigIntegerField()  # given back for no units, when it was changed first

    class Meta:
        db_table = "orders_difference"
        constraints = [
            models.CheckConstraint(
                condition=Q(due_minor__gte=0, owed_minor__gte=0, waived_minor__gte=0)
                & (Q(due_minor=0) | Q(owed_minor=0)),
                name="difference_due_or_owed",
            )
        ]
        indexes = [
            models.Index(fields=["order"], name="difference_owed", condition=Q(owed_minor__gt=0)),
            models.Index(fields=["order"], name="difference_due", condition=Q(due_minor__gt=0)),
        ]


class Adjustment(models.Model):
    """One step of an order's difference, with its reason: by our people, or because the channel took it over.
    The steps of an order add up to its difference."""

    id = models.BigAutoField(primary_key=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="adjustments")
    at = models.DateTimeField()
    actor = models.TextField()
    because = models.TextField()
    items_minor = models.BigIntegerField()
    discount_minor = models.BigIntegerField()
    shipping_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    fees_minor = models.BigIntegerField()
    total_minor = models.BigIntegerField()
    waived_minor = models.BigIntegerField(db_default=0)

    class Meta:
        db_table = "orders_adjustment"
        constraints = [models.CheckConstraint(condition=~Q(because=""), name="adjustment_says_why")]


class Checks(models.Model):
    """A version of the checks' set-up. The highest version is in force."""

    version = models.IntegerField(primary_key=True)
    steps = models.JSONField()
    because = models.TextField()
    actor = models.TextField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "orders_checks"


class Hold(models.Model):
    """A named block. Several may be active on one order; history is kept."""

    id = models.BigAutoField(primary_key=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, db_index=False, related_name="holds")
    kind = models.TextField()
    because = models.TextField()
    owner = models.TextField(db_default="")
    placed_by = models.TextField()
    since = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    released_by = models.TextField(db_default="")
    released_because = models.TextField(db_default="")

    class Meta:
        db_table = "orders_hold"
        constraints = [
            models.UniqueConstraint(
                fields=["order", "kind"], condition=Q(released_at=None), name="one_active_hold_per_kind"
            ),
            models.CheckConstraint(condition=~Q(because=""), name="hold_says_why"),
        ]
        indexes = [
            models.Index(fields=["order"], name="hold_of_order"),
            models.Index(fields=["expires_at"], name="hold_expiring", condition=Q(released_at=None)),
        ]


class Tender(models.Model):
    """One means of payment on an order, as the channel tells it."""

    id = models.BigAutoField(primary_key=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, db_index=False, related_name="tenders")
    external_id = models.TextField()
    kind = models.TextField()
    gateway = models.TextField()
    amount_minor = models.BigIntegerField()
    state = models.TextField()
    at = models.DateTimeField(null=True)
    installments = models.SmallIntegerField(null=True)

    class Meta:
        db_table = "orders_tender"
        constraints = [
            models.UniqueConstraint(fields=["order", "external_id"], name="tender_once_per_order"),
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="tender_not_negative"),
        ]


class Refund(models.Model):
    """Money the channel has given back: told once, by webhook or inside the order."""

    id = models.BigAutoField(primary_key=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, db_index=False, related_name="refunds")
    external_id = models.TextField()
    at = models.DateTimeField()
    amount_minor = models.BigIntegerField()
    shipping_minor = models.BigIntegerField()
    lines = models.JSONField()  # line, quantity, restock, amount
    because = models.TextField()

    class Meta:
        db_table = "orders_refund"
        constraints = [models.UniqueConstraint(fields=["order", "external_id"], name="refund_told_once")]
