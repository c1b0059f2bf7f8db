from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from quartermaster.allocation.models import Allocation
from quartermaster.catalog.models import Sku
from quartermaster.orders.models import Line, Order
from quartermaster.stock.models import Location, Place


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
            models.Index(fields=["sku", "place"], name="pick_under_way", condition=Q(state="to_pick"))
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
        indexes = [models.Index(fields=["place", "sku", "done_at"], name="count_last_done")]


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


class Parcel(models.Model):
    """One box of one order from one site. Its number is P-{id}.

    History that was imported has parcels too: those know neither allocation nor carton, perhaps not even a
    site. What the carrier tells of a parcel is kept by tracking.
    """

    class State(models.TextChoices):
        PACKING = "packing"
        PACKED = "packed"
        LABELLED = "labelled"
        HANDED_OVER = "handed_over"
        CANCELLED = "cancelled"

    id = models.BigAutoField(primary_key=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="parcels")
    allocation = models.ForeignKey(Allocation, on_delete=models.PROTECT, null=True, db_index=False)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, null=True, db_index=False)
    state = models.TextField(choices=State.choices, db_default=State.PACKING)
    carton = models.TextField(db_default="")
    weight_g = models.IntegerField(null=True)
    length_mm = models.IntegerField(null=True)
    width_mm = models.IntegerField(null=True)
    height_mm = models.IntegerField(null=True)
    carrier = models.TextField(db_default="")
    service = models.TextField(db_default="")
    tracking_number = models.TextField(db_default="")
    promised_on = models.DateField(null=True)  # the receiver's calendar
    promised_by = models.DateTimeField(null=True)  # the same as a moment, where one was given
    ship_by = models.DateTimeField(null=True)  # hand-over later than this is late
    made_at = models.DateTimeField()
    packed_at = models.DateTimeField(null=True)
    packed_by = models.TextField(db_default="")
    handed_over_at = models.DateTimeField(null=True)
    handed_over_recorded_at = models.DateTimeField(null=True)  # when we learned of it
    external_id = models.TextField(db_default="")  # the key of an imported parcel
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "warehouse_parcel"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["packing", "packed", "labelled", "handed_over", "cancelled"]),
                name="parcel_state_known",
            ),
            models.CheckConstraint(
                # history may know that it left, and not when
                condition=~Q(state="handed_over") | Q(handed_over_at__isnull=False) | ~Q(external_id=""),
                name="parcel_left_at_some_moment",
            ),
            models.UniqueConstraint(
                fields=["order", "external_id"], condition=~Q(external_id=""), name="parcel_imported_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["location", "id"],
                name="parcel_in_the_house",
                condition=Q(state__in=["packing", "packed", "labelled"]),
            ),
            models.Index(
                fields=["tracking_number"], name="parcel_by_tracking", condition=~Q(tracking_number="")
            ),
            models.Index(fields=["handed_over_at"], name="parcel_by_hand_over"),
            models.Index(  # those of history: all others leave with their allocation
                fields=["ship_by"],
                name="parcel_by_cut_off",
                condition=Q(allocation=None, ship_by__isnull=False),
            ),
        ]


class ParcelItem(models.Model):
    """Units in a parcel: of a kit, its parts.

    `line_units`, known once the parcel is closed: units of the line that are whole with this item. For a
    plain line that is the quantity; a kit counts with the part that completes it. What a parcel brings a line
    in packed, labelled and shipped units is the sum of these.
    """

    id = models.BigAutoField(primary_key=True)
    parcel = models.ForeignKey(Parcel, on_delete=models.CASCADE, related_name="items")
    line = models.ForeignKey(Line, on_delete=models.PROTECT)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, null=True, db_index=False)
    quantity = models.BigIntegerField()
    line_units = models.BigIntegerField(db_default=0)
    lot = models.TextField(db_default="")
    serial = models.TextField(db_default="")

    class Meta:
        db_table = "warehouse_parcel_item"
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0, line_units__gte=0), name="parcel_item_is_something"
            )
        ]
