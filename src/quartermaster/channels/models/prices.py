"""What SKUs are to cost: the lists prices stand on, the sales that end by themselves, each shop's rule."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now

from quartermaster.catalog.models import Sku
from quartermaster.channels.models.shops import Shop


def _only(name: str) -> Func:
    return Func(name, name, Value("[]"), function="int8range", output_field=BigIntegerRangeField())


def _while(since: str, until: str) -> Func:
    return Func(since, until, function="tstzrange", output_field=DateTimeRangeField())


class PriceList(models.Model):
    """Prices in one currency. Shops follow a list; several may follow the same one."""

    name = models.TextField(unique=True)
    currency = models.TextField()
    far_percent = models.SmallIntegerField(db_default=30)  # a price that moves by more has moved far
    far_rows = models.IntegerField(db_default=10)  # so many of them in one change stop all of it
    needs_two = models.BooleanField(db_default=False)  # whoever made a change does not let it through
    market = models.TextField(db_default="")  # the country it is for, "EU" for all of it; "" not said
    shows_was = models.BooleanField(db_default=False)  # what it cost before is shown beside a sale
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.TextField()

    class Meta:
        db_table = "channels_price_list"
        constraints = [
            models.CheckConstraint(
                condition=~Q(name="") & Q(currency__regex="^[A-Z]{3}$"), name="price_list_has_a_currency"
            ),
            models.CheckConstraint(
                condition=Q(far_percent__gte=1, far_rows__gte=1), name="price_list_knows_what_is_far"
            ),
            models.CheckConstraint(
                condition=Q(market="") & Q(shows_was=False) | Q(market__regex="^[A-Z]{2}$"),
                name="price_list_that_shows_what_was_has_a_market",
            ),
        ]


class ListPrice(models.Model):
    """What a SKU costs by a list, in minor units."""

    id = models.BigAutoField(primary_key=True)
    list = models.ForeignKey(PriceList, on_delete=models.PROTECT, db_index=False)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+")
    price_minor = models.BigIntegerField()
    compare_at_minor = models.BigIntegerField(null=True)  # what it is said to have cost before
    least_minor = models.BigIntegerField(null=True)  # no shop goes below
    most_minor = models.BigIntegerField(null=True)  # nor above
    changed_at = models.DateTimeField()
    changed_by = models.TextField()

    class Meta:
        db_table = "channels_list_price"
        constraints = [
            models.UniqueConstraint(fields=["list", "sku"], name="list_price_once_per_sku"),
            models.CheckConstraint(
                condition=Q(price_minor__gt=0)
                & (Q(compare_at_minor=None) | Q(compare_at_minor__gt=F("price_minor")))
                & (Q(least_minor=None) | Q(least_minor__gt=0))
                & (Q(most_minor=None) | Q(most_minor__gt=0))
                & (Q(least_minor=None) | Q(most_minor=None) | Q(most_minor__gte=F("least_minor"))),
                name="list_price_makes_sense",
            ),
        ]


class Sale(models.Model):
    """A price of a list for a time: it holds from `starts_at` on and no more at `ends_at`."""

    class State(models.TextChoices):
        PLANNED = "planned"
        ON = "on"
        OVER = "over"
        WITHDRAWN = "withdrawn"

    id = models.BigAutoField(primary_key=True)
    list = models.ForeignKey(PriceList, on_delete=models.PROTECT, db_index=False)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", db_index=False)
    price_minor = models.BigIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.TextField(choices=State.choices, db_default=State.PLANNED)
    because = models.TextField(db_default="")
    made_at = models.DateTimeField()
    made_by = models.TextField()

    class Meta:
        db_table = "channels_sale"
        constraints = [
            models.CheckConstraint(
                condition=Q(price_minor__gt=0, ends_at__gt=F("starts_at")), name="sale_makes_sense"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "on", "over", "withdrawn"]), name="sale_state_known"
            ),
            # What ends as another begins does not overlap it. Ids are ranges of one, so that it takes no
            # extension of the database.
            ExclusionConstraint(
                name="sales_of_a_sku_do_not_overlap",
                expressions=[
                    (_only("list"), RangeOperators.OVERLAPS),
                    (_only("sku"), RangeOperators.OVERLAPS),
                    (_while("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
                condition=Q(state__in=["planned", "on"]),
            ),
        ]
        indexes = [
            models.Index(fields=["sku", "list", "-starts_at"], name="sale_of_sku"),
            models.Index(fields=["ends_at"], name="sale_to_turn", condition=Q(state__in=["planned", "on"])),
        ]


class PriceBatch(models.Model):
    """Prices that came together: written at once, or held as one until a person lets them through."""

    class State(models.TextChoices):
        WRITTEN = "written"
        HELD = "held"
        LET = "let"
        WITHDRAWN = "withdrawn"

    id = models.BigAutoField(primary_key=True)
    list = models.ForeignKey(PriceList, on_delete=models.PROTECT, db_index=False)
    state = models.TextField(choices=State.choices)
    rows = models.JSONField(db_default=[])  # of a held one: what is to be written
    counted = models.IntegerField()
    far = models.IntegerField(db_default=0)
    sentence = models.TextField(db_default="")  # why it is held
    made_at = models.DateTimeField()
    made_by = models.TextField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.TextField(db_default="")
    decided_because = models.TextField(db_default="")

    class Meta:
        db_table = "channels_price_batch"
        constraints = [
            models.CheckConstraint(
                condition=Q(state="written")
                | Q(state="held") & ~Q(sentence="")
                | Q(state__in=["let", "withdrawn"], decided_at__isnull=False) & ~Q(decided_because=""),
                name="price_batch_says_why",
            )
        ]
        indexes = [
            models.Index(fields=["list", "-id"], name="price_batch_of_list"),
            models.Index(fields=["id"], name="price_batch_held", condition=Q(state="held")),
        ]


class Pricing(models.Model):
    """How a shop makes its prices of its list's, what they are held against, and whether it is told."""

    class Mode(models.TextChoices):
        OBSERVE = "observe"  # what would be sent is shown, and not sent
        LIVE = "live"

    shop = models.OneToOneField(Shop, on_delete=models.PROTECT, primary_key=True, related_name="+")
    mode = models.TextField(choices=Mode.choices, db_default=Mode.OBSERVE)
    list = models.ForeignKey(PriceList, on_delete=models.PROTECT, null=True, related_name="+")
    factor_bp = models.IntegerField(db_default=10_000)  # basis points: 11500 is times 1.15
    amount_minor = models.BigIntegerField(db_default=0)
    step_minor = models.BigIntegerField(db_default=1)  # prices lie so far apart
    ending_minor = models.BigIntegerField(db_default=0)  # and end so: step 100, ending 99
    fee_bp = models.IntegerField(db_default=0)  # the marketplace keeps so much of what a buyer pays
    fee_minor = models.BigIntegerField(db_default=0)  # and so much of each unit
    tax_bp = models.IntegerField(db_default=0)  # prices include so much tax on the net
    margin_bp = models.IntegerField(db_default=0)  # of the net, at least, that has to be left
    change_percent = models.SmallIntegerField(null=True, db_default=30)
    period_days = models.SmallIntegerField(db_default=7)
    stops_without_cost = models.BooleanField(db_default=False)
    time_zone = models.TextField(db_default="UTC")  # in which moments are shown beside UTC
    push_at = models.DateTimeField(db_default=Now())
    push_failures = models.IntegerField(db_default=0)  # in a row
    push_because = models.TextField(db_default="")

    class Meta:
        db_table = "channels_pricing"
        constraints = [
            models.CheckConstraint(condition=Q(mode__in=["observe", "live"]), name="pricing_mode_known"),
            models.CheckConstraint(
                condition=Q(factor_bp__gt=0, step_minor__gt=0, ending_minor__gte=0)
                & Q(ending_minor__lt=F("step_minor"))
                & Q(fee_bp__gte=0, fee_bp__lt=10_000, fee_minor__gte=0, tax_bp__gte=0)
                & Q(margin_bp__gte=0, margin_bp__lt=10_000, period_days__gte=0)
                & (Q(change_percent=None) | Q(change_percent__gte=1)),
                name="pricing_makes_sense",
            ),
        ]
