"""Work on the floor: waves, lists, picks, totes, put-backs."""

from django.db import models
from django.db.models import F, Q

from quartermaster.allocation.models import Allocation
from quartermaster.catalog.models import Sku
from quartermaster.orders.models import Line, Order
from quartermaster.stock.models import Location, Place


class PickPolicyVersion(models.Model):
    """How a site picks. The highest version is in force; older ones explain older waves."""

    location = models.ForeignKey(Location, on_delete=models.PROTECT, db_index=False)
    version = models.IntegerField()
    policy = models.JSONField()
    because = models.TextField()
    actor = models.TextField()
    created_at = models.DateTimeField()
    pk = models.CompositePrimaryKey("location_id", "version")

    class Meta:
        db_table = "warehouse_pick_policy"
        constraints = [
            models.CheckConstraint(condition=Q(version__gt=0) & ~Q(because=""), name="pick_policy_says_why")
        ]


class Wave(models.Model):
    """Released work of a site chosen at once. Its number is W-{id}. While planned, its lists wait."""

    id = models.BigAutoField(primary_key=True)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, db_index=False)
    state = models.TextField(db_default="planned")  # planned | released | cancelled
    mode = models.TextField()  # single | batch | cluster | zone
    routing = models.TextField()  # exact | s_shape | largest_gap
    because = models.JSONField()  # the decision: what was asked for, what was chosen, ways against one by one
    made_by = models.TextField()
    made_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    released_by = models.TextField(db_default="")
    cancelled_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)  # from then on nobody begins a list of it
    closed_by = models.TextField(db_default="")
    ended_because = models.TextField(db_default="")  # why it was closed or cancelled

    class Meta:
        db_table = "warehouse_wave"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["planned", "released", "cancelled"])
                & Q(mode__in=["single", "batch", "cluster", "zone"])
                & Q(routing__in=["exact", "s_shape", "largest_gap"]),
                name="wave_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="released") | Q(released_at__isnull=False), name="wave_released_at"
            ),
        ]
        indexes = [models.Index(fields=["location", "id"], name="wave_of_site")]


class PickList(models.Model):
    """Work for one picker at one site, in the order of the path. Its number is PL-{id}."""

    id = models.BigAutoField(primary_key=True)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, db_index=False)
    state = models.TextField(db_default="open")  # open | picking | done | cancelled
    because = models.JSONField(db_default={})  # why these orders: filters, order of the queue
    picker = models.TextField(db_default="")
    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, null=True, db_index=False)
    zone = models.TextField(db_default="")
    made_by = models.TextField()
    made_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "warehouse_pick_list"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "picking", "done", "cancelled"]), name="pick_list_state_known"
            )
        ]
        indexes = [
            models.Index(
                fields=["location", "id"], name="pick_list_live", condition=Q(state__in=["open", "picking"])
            ),
            models.Index(fields=["made_at"], name="pick_list_by_time"),  # the pace of the last hour
            models.Index(fields=["wave"], name="pick_list_of_wave", condition=Q(wave__isnull=False)),
        ]


class Pick(models.Model):
    """Units of one SKU to take from one place for one order line. A unit with a serial number is a pick of
    its own: which one is only a proposal until it is picked."""

    id = models.BigAutoField(primary_key=True)
    pick_list = models.ForeignKey(PickList, on_delete=models.PROTECT, related_name="picks")
    position = models.IntegerField()  # along the path
    allocation = models.ForeignKey(Allocation, on_delete=models.PROTECT, db_index=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT)
    line = models.ForeignKey(Line, on_delete=models.PROTECT, db_index=False)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, db_index=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, db_index=False)
    lot = models.TextField(db_default="")
    serial = models.TextField(db_default="")
    quantity = models.BigIntegerField()
    picked = models.BigIntegerField(db_default=0)
    state = models.TextField(db_default="to_pick")  # to_pick | picked | short | cancelled
    because = models.TextField(db_default="")
    picked_at = models.DateTimeField(null=True)
    picked_by = models.TextField(db_default="")
    is_outside = models.BooleanField(db_default=False)  # with the people of an outside site, not on our floor

    class Meta:
        db_table = "warehouse_pick"
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0, picked__gte=0, picked__lte=F("quantity")),
                name="pick_within_units",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["to_pick", "picked", "short", "cancelled"]), name="pick_state_known"
            ),
            models.CheckConstraint(
                condition=(Q(state="to_pick", picked__lt=F("quantity")))
                | Q(state="picked", picked=F("quantity"))
                | Q(state__in=["short", "cancelled"]),
                name="pick_done_when_all_is_there",
            ),
            models.CheckConstraint(condition=Q(serial="") | Q(quantity=1), name="pick_one_serial"),
        ]
        indexes = [
            # where somebody was sent already
            models.Index(fields=["sku", "place"], name="pick_under_way", condition=Q(state="to_pick")),
            models.Index(fields=["sku", "lot"], name="pick_of_lot", condition=~Q(lot="")),  # for whom
        ]


class Tote(models.Model):
    """Where the units of an order go on the cart of a list. code: what was scanned into that slot."""

    id = models.BigAutoField(primary_key=True)
    pick_list = models.ForeignKey(PickList, on_delete=models.PROTECT, db_index=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, db_index=False)
    slot = models.SmallIntegerField()
    code = models.TextField(db_default="")
    scanned_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "warehouse_tote"
        constraints = [
            models.UniqueConstraint(fields=["pick_list", "slot"], name="tote_one_a_slot"),
            models.UniqueConstraint(fields=["pick_list", "order"], name="tote_one_an_order"),
            models.CheckConstraint(condition=Q(slot__gt=0), name="tote_has_slot"),
        ]
        indexes = [models.Index(fields=["code"], name="tote_by_code", condition=~Q(code=""))]


class PutBack(models.Model):
    """Picked units that nobody wants any more: to be carried back to a bin.

    `line_units`: units of the line that end with this task. A part of a kit that was never whole ends none,
    and of a whole kit one part's task ends it.
    """

    id = models.BigAutoField(primary_key=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT)
    line = models.ForeignKey(Line, on_delete=models.PROTECT, db_index=False)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, db_index=False)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, db_index=False)
    quantity = models.BigIntegerField()
    line_units = models.BigIntegerField(db_default=0)
    lot = models.TextField(db_default="")
    serial = models.TextField(db_default="")
    because = models.TextField()
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.TextField(db_default="")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, db_index=False)

    class Meta:
        db_table = "warehouse_put_back"
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0, line_units__gte=0), name="put_back_something")
        ]
        indexes = [models.Index(fields=["location", "id"], name="put_back_open", condition=Q(done_at=None))]
