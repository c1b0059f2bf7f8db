"""Bins that are counted and filled."""

from django.db import models
from django.db.models import F, Q

from quartermaster.catalog.models import Sku
from quartermaster.stock.models import Location, Place


class CountTask(models.Model):
    """A bin to be counted, and why. What came of it: `over` and `under` are units more and fewer than the
    ledger said, side by side and never netted; `adjusted` is what was posted, in `moves` movements."""

    id = models.BigAutoField(primary_key=True)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, db_index=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, db_index=False)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, db_index=False)
    kind = models.TextField(db_default="doubt")  # due | zero | short | doubt
    abc = models.TextField(db_default="")  # class of the SKU when the task was made, A to C
    because = models.TextField()
    at = models.DateTimeField()
    state = models.TextField(db_default="open")  # open | recount | approval | done
    round = models.SmallIntegerField(db_default=1)  # the lead may have it counted all over again
    counted = models.BigIntegerField(null=True)
    over = models.BigIntegerField(db_default=0)
    under = models.BigIntegerField(db_default=0)
    value_minor = models.BigIntegerField(null=True)  # of over and under together; null: cost unknown
    currency = models.TextField(db_default="")
    settled = models.TextField(db_default="")  # agrees | moved | tolerance | twice | approved
    adjusted = models.BigIntegerField(db_default=0)
    moves = models.IntegerField(db_default=0)
    done_at = models.DateTimeField(null=True)
    done_by = models.TextField(db_default="")

    class Meta:
        db_table = "warehouse_count_task"
        constraints = [
            models.UniqueConstraint(
                fields=["place", "sku"], condition=Q(done_at=None), name="one_open_count_per_bin"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "recount", "approval"], done_at=None)
                | Q(state="done", done_at__isnull=False),
                name="count_state_known",
            ),
            models.CheckConstraint(
                condition=Q(over__gte=0, under__gte=0, moves__gte=0), name="count_differs_in_units"
            ),
        ]
        indexes = [
            models.Index(fields=["place", "sku", "done_at"], name="count_last_done"),
            models.Index(fields=["done_at"], name="count_settled", condition=Q(state="done")),
        ]


class CountEntry(models.Model):
    """One person's count. `ledger_id` and `book` are the ledger when it began: its last movement of the SKU,
    the units it had in the bin. The rest is known when the person has said a number."""

    id = models.BigAutoField(primary_key=True)
    task = models.ForeignKey(CountTask, on_delete=models.PROTECT, db_index=False)
    round = models.SmallIntegerField()
    by = models.TextField()
    started_at = models.DateTimeField()
    ledger_id = models.BigIntegerField()
    book = models.BigIntegerField()
    counted = models.BigIntegerField(null=True)
    counted_at = models.DateTimeField(null=True)
    expected = models.BigIntegerField(null=True)  # by the ledger, at that moment
    over = models.BigIntegerField(db_default=0)
    under = models.BigIntegerField(db_default=0)
    serials = models.JSONField(db_default={})  # {"seen": [], "over": [], "under": []}

    class Meta:
        db_table = "warehouse_count_entry"
        constraints = [
            models.UniqueConstraint(fields=["task", "round", "by"], name="one_count_per_person"),
            models.CheckConstraint(
                condition=Q(counted=None, counted_at=None, expected=None)
                | Q(counted__gte=0, counted_at__isnull=False, expected__isnull=False),
                name="count_said_or_not",
            ),
        ]


class PickFace(models.Model):
    """A bin that pickers take a SKU from: filled up to `units_max` when it would fall below `units_min`."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, db_index=False)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT)
    units_min = models.BigIntegerField()
    units_max = models.BigIntegerField()

    class Meta:
        db_table = "warehouse_pick_face"
        constraints = [
            models.UniqueConstraint(fields=["place", "sku"], name="one_face_per_bin_and_sku"),
            models.CheckConstraint(
                condition=Q(units_min__gte=0, units_max__gt=0, units_min__lte=F("units_max")),
                name="face_has_room",
            ),
        ]


class Refill(models.Model):
    """Units to carry from where they are kept to a pick face. `moved` of them are there."""

    id = models.BigAutoField(primary_key=True)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, db_index=False)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, db_index=False)
    source = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    target = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    lot = models.TextField(db_default="")
    quantity = models.BigIntegerField()
    moved = models.BigIntegerField(db_default=0)
    because = models.TextField()
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.TextField(db_default="")

    class Meta:
        db_table = "warehouse_refill"
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0, moved__gte=0, moved__lte=F("quantity")),
                name="refill_within_units",
            ),
            models.UniqueConstraint(  # the same units are not carried twice
                fields=["source", "target", "sku", "lot"],
                condition=Q(done_at=None),
                name="one_refill_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["location", "id"], name="refill_open", condition=Q(done_at=None))]


class SkuClass(models.Model):
    """How much of the business a SKU is: A the first 80 percent, B the next 15, C the rest."""

    sku = models.OneToOneField(Sku, on_delete=models.CASCADE, primary_key=True)
    abc = models.TextField()
    measure = models.BigIntegerField()  # minor units sold or order lines, by the policy
    at = models.DateTimeField()

    class Meta:
        db_table = "warehouse_sku_class"
        constraints = [models.CheckConstraint(condition=Q(abc__in=["A", "B", "C"]), name="sku_class_known")]
