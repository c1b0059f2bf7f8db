from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from quartermaster.catalog.models import Sku
from quartermaster.inbox.models import Connection


class Location(models.Model):
    """A site that holds stock: own warehouse, 3PL, store, dropshipper, FBA."""

    class Kind(models.TextChoices):
        OWN = "own"
        THIRD_PARTY = "3pl"
        STORE = "store"
        DROPSHIP = "dropship"
        FBA = "fba"

    code = models.TextField(unique=True)
    name = models.TextField(db_default="")
    kind = models.TextField(choices=Kind.choices, db_default=Kind.OWN)
    country = models.TextField(db_default="")
    region = models.TextField(db_default="")
    postcode = models.TextField(db_default="")
    timezone = models.TextField(db_default="UTC")
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    cutoff = models.TimeField(null=True)  # local: orders after it leave the next day
    orders_per_day_max = models.IntegerField(null=True)
    takes_hazmat = models.BooleanField(db_default=True)
    ships_to = models.JSONField(db_default=[])  # countries; empty: everywhere
    is_active = models.BooleanField(db_default=True)

    class Meta:
        db_table = "stock_location"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["own", "3pl", "store", "dropship", "fba"]), name="location_kind_known"
            ),
            models.CheckConstraint(condition=~Q(code="") & ~Q(code="world"), name="location_has_code"),
        ]


class Calendar(models.Model):
    """A site's days from a day on (rules.calendar). Never changed: a newer version takes its place."""

    location = models.ForeignKey(Location, on_delete=models.PROTECT, db_index=False)
    version = models.IntegerField()  # counted per site
    from_on = models.DateField()
    week = models.TextField()  # ISO weekdays: "12345"
    handling_days = models.SmallIntegerField()
    keeps_holidays = models.BooleanField()
    closed = models.JSONField()  # [{on, because}]
    opened = models.JSONField()
    cutoffs = models.JSONField()  # [{at, weekdays, carrier, service}]
    because = models.TextField()
    actor = models.TextField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "stock_calendar"
        constraints = [
            models.UniqueConstraint(fields=["location", "version"], name="calendar_version_once"),
            models.CheckConstraint(
                condition=Q(week__regex="^1?2?3?4?5?6?7?$") & ~Q(week=""), name="calendar_has_a_week"
            ),
            models.CheckConstraint(
                condition=Q(handling_days__gte=0, handling_days__lte=30) & ~Q(because=""),
                name="calendar_makes_sense",
            ),
        ]


class Place(models.Model):
    """Where units can be: a site, a zone or bin in it, or a `world:` place that closes the sums (negative
    id)."""

    id = models.BigAutoField(primary_key=True)  # the world has -1 … -4
    code = models.TextField(unique=True)  # "BER", "BER/A-01-3", "world:supplier"
    location = models.ForeignKey(Location, on_delete=models.PROTECT, null=True)
    kind = models.TextField()  # site | zone | bin | world
    within = models.ForeignKey("self", on_delete=models.PROTECT, null=True)

    class Meta:
        db_table = "stock_place"
        constraints = [
            models.CheckConstraint(
                condition=(Q(id__lt=0) & Q(location=None) & Q(kind="world"))
                | (Q(id__gt=0) & Q(location__isnull=False) & Q(kind__in=["site", "zone", "bin"])),
                name="only_the_world_has_no_location",
            )
        ]


class FloorPlan(models.Model):
    """How a site's hall is laid out: cross aisles lie at these distances from its front, all in mm, and
    walks begin where the depot's aisle meets the depot's cross aisle."""

    location = models.OneToOneField(Location, on_delete=models.PROTECT, primary_key=True)
    cross_aisles_mm = models.JSONField()  # ascending, two at least
    depot_aisle = models.TextField(db_default="")  # "": the first
    depot_cross = models.IntegerField(db_default=0)

    class Meta:
        db_table = "stock_floor_plan"
        constraints = [models.CheckConstraint(condition=Q(depot_cross__gte=0), name="plan_has_depot")]


class Aisle(models.Model):
    """An aisle of a site. `x_mm`: how far it is from the first one, sideways."""

    location = models.ForeignKey(Location, on_delete=models.PROTECT, db_index=False)
    code = models.TextField()
    x_mm = models.IntegerField()

    class Meta:
        db_table = "stock_aisle"
        constraints = [
            models.UniqueConstraint(fields=["location", "code"], name="aisle_once_per_site"),
            models.CheckConstraint(condition=Q(x_mm__gte=0) & ~Q(code=""), name="aisle_somewhere"),
        ]


class Bin(models.Model):
    """What is known about a place in a site beside its code. A place without it is plain storage with no
    limits. null: no limit, no such knowledge."""

    place = models.OneToOneField(Place, on_delete=models.PROTECT, primary_key=True)
    kind = models.TextField(db_default="storage")
    units_max = models.BigIntegerField(null=True)
    volume_max_ml = models.BigIntegerField(null=True)
    weight_max_g = models.BigIntegerField(null=True)
    length_mm = models.IntegerField(null=True)
    width_mm = models.IntegerField(null=True)
    height_mm = models.IntegerField(null=True)
    pick_sequence = models.IntegerField(null=True)
    aisle = models.ForeignKey(Aisle, on_delete=models.PROTECT, null=True)
    position_mm = models.IntegerField(null=True)  # along the aisle, from the hall's front
    side = models.TextField(db_default="")  # left | right
    level = models.SmallIntegerField(null=True)  # 0 is the floor
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, null=True)  # its fixed bin
    is_active = models.BooleanField(db_default=True)  # false: nothing is put there any more
    changed_at = models.DateTimeField(null=True)
    is_withdrawn = models.BooleanField(db_default=False)  # switched off by the undo of an import, and only so

    class Meta:
        db_table = "stock_bin"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        *("storage", "bulk", "pick_face", "receiving", "staging", "packing"),
                        *("quarantine", "returns"),
                    ]
                )
                & Q(side__in=["", "left", "right"]),
                name="bin_kind_known",
            ),
            models.CheckConstraint(
                condition=(Q(aisle=None) & Q(position_mm=None))
                | (Q(aisle__isnull=False) & Q(position_mm__gte=0)),
                name="bin_stands_in_an_aisle",
            ),
            models.CheckConstraint(
                condition=(Q(units_max=None) | Q(units_max__gt=0))
                & (Q(volume_max_ml=None) | Q(volume_max_ml__gt=0))
                & (Q(weight_max_g=None) | Q(weight_max_g__gt=0)),
                name="bin_takes_something",
            ),
        ]


class Lot(models.Model):
    """What is known about a lot of a SKU. A lot is named by the movement that brings it; a date may come
    later."""

    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, db_index=False)
    code = models.TextField()
    expires_on = models.DateField()
    pk = models.CompositePrimaryKey("sku_id", "code")

    class Meta:
        db_table = "stock_lot"
        constraints = [models.CheckConstraint(condition=~Q(code=""), name="lot_has_code")]


class Recall(models.Model):
    """A lot that nobody may get any more, and why: RC-{id}. While it stands its units are not sold, whatever
    comes in."""

    id = models.BigAutoField(primary_key=True)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, db_index=False)
    lot = models.TextField()
    because = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.TextField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.TextField(db_default="")
    lifted_because = models.TextField(db_default="")

    class Meta:
        db_table = "stock_recall"
        constraints = [
            models.CheckConstraint(condition=~Q(lot="") & ~Q(because=""), name="recall_says_what_and_why"),
            models.UniqueConstraint(
                fields=["sku", "lot"], condition=Q(lifted_at=None), name="one_recall_of_a_lot"
            ),
        ]


class ShelfLife(models.Model):
    """Days that must be left of a lot that a channel's customers get: of every SKU, or (`sku`) of one, which
    takes the place of the channel's own. What the SKU asks for everybody counts beside it."""

    id = models.BigAutoField(primary_key=True)
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, db_index=False)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, null=True, db_index=False)
    days = models.SmallIntegerField()
    because = models.TextField()
    at = models.DateTimeField()
    by = models.TextField()

    class Meta:
        db_table = "stock_shelf_life"
        constraints = [
            models.CheckConstraint(condition=Q(days__gte=0, days__lte=3650), name="shelf_life_in_days"),
            models.UniqueConstraint(
                fields=["connection", "sku"], nulls_distinct=False, name="one_shelf_life_of_a_channel"
            ),
        ]


class Movement(models.Model):
    """Units moved from one place to another. Append-only: never changed, posted back instead."""

    id = models.BigAutoField(primary_key=True)
    key = models.TextField(unique=True)  # same key, same content: once
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, db_index=False)
    quantity = models.BigIntegerField()
    source = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    target = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    source_state = models.TextField(db_default="available")
    target_state = models.TextField(db_default="available")
    lot = models.TextField(db_default="")
    serial = models.TextField(db_default="")
    because = models.TextField()
    document = models.TextField(db_default="")  # "order:SO-1042", "import:7"
    actor = models.TextField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "stock_movement"
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="movement_moves_something"),
            models.CheckConstraint(condition=~Q(because=""), name="movement_says_why"),
            models.CheckConstraint(
                condition=~Q(source=F("target")) | ~Q(source_state=F("target_state")),
                name="movement_goes_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(source_id__gt=0) | Q(target_id__gt=0), name="movement_touches_a_site"
            ),
            models.CheckConstraint(condition=Q(serial="") | Q(quantity=1), name="a_serial_is_one_unit"),
        ]
        indexes = [
            models.Index(fields=["sku", "id"], name="movement_of_sku"),
            # and movement_by_time, a summary: see the migration
            models.Index(
                fields=["at"],
                name="movement_arrived",
                condition=Q(source_id__lt=0, target_id__gt=0),
                include=["sku", "quantity"],
            ),
        ]


class Balance(models.Model):
    """What is where: the fold of all movements, kept in their transaction."""

    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, db_index=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, db_index=False)
    state = models.TextField(db_default="available")
    lot = models.TextField(db_default="")
    serial = models.TextField(db_default="")
    quantity = models.BigIntegerField()
    pk = models.CompositePrimaryKey("sku_id", "place_id", "state", "lot", "serial")

    class Meta:
        db_table = "stock_balance"
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gte=0) | Q(place_id__lt=0), name="stock_never_negative"
            ),
            models.CheckConstraint(
                condition=Q(serial="") | Q(quantity__lte=1) | Q(place_id__lt=0), name="a_serial_is_there_once"
            ),
            models.UniqueConstraint(
                fields=["sku", "serial"],
                condition=~Q(serial="") & Q(place_id__gt=0) & Q(quantity__gt=0),
                name="a_serial_is_in_one_place",
            ),
        ]
        indexes = [
            models.Index(fields=["place", "sku"], name="balance_of_place"),
            models.Index(
                fields=["place"], name="balance_to_carry", condition=Q(state__in=["expired", "recalled"])
            ),
        ]


class Level(models.Model):
    """Stock of one SKU at one site: what is there, what can be sold, what is promised. The row every
    decision locks."""

    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, db_index=False)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, db_index=False)
    on_hand = models.BigIntegerField(db_default=0)  # units there in any state
    sellable = models.BigIntegerField(db_default=0)  # of those, in state available
    reserved = models.BigIntegerField(db_default=0)  # pending reservations
    incoming = models.BigIntegerField(db_default=0)
    safety = models.BigIntegerField(db_default=0)  # kept back from promising
    links = models.BigIntegerField(db_default=0)  # length of the hash chain
    head = models.BinaryField(db_default=b"")  # its last hash
    pk = models.CompositePrimaryKey("sku_id", "location_id")

    class Meta:
        db_table = "stock_level"
        constraints = [
            models.CheckConstraint(condition=Q(reserved__gte=0), name="reserved_not_negative"),
            models.CheckConstraint(condition=Q(reserved__lte=F("sellable")), name="never_oversold"),
            models.CheckConstraint(
                condition=Q(sellable__gte=0, sellable__lte=F("on_hand"), incoming__gte=0, safety__gte=0),
                name="level_makes_sense",
            ),
        ]
        indexes = [models.Index(fields=["location", "sku"], name="level_of_location")]


class Link(models.Model):
    """One link of the hash chain of a SKU at a site: hash(previous hash + this movement).

    No foreign keys: nothing here is ever changed, and the chain itself proves what it points to.
    """

    movement = models.ForeignKey(Movement, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    number = models.BigIntegerField()
    hash = models.BinaryField()
    pk = models.CompositePrimaryKey("sku_id", "location_id", "number")

    class Meta:
        db_table = "stock_link"


class Reservation(models.Model):
    """Units promised out of a level: pending until consumed by a movement or released. Stock knows no order:
    `claim` and `holder` are numbers the owner chose (order line and allocation)."""

    class State(models.TextChoices):
        PENDING = "pending"
        CONSUMED = "consumed"
        RELEASED = "released"

    id = models.BigAutoField(primary_key=True)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    quantity = models.BigIntegerField()
    per_unit = models.BigIntegerField(db_default=1)  # of a kit: units of this part in one kit
    claim = models.BigIntegerField()
    holder = models.BigIntegerField()
    state = models.TextField(choices=State.choices, db_default=State.PENDING)
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.TextField(db_default="")  # consumed: the prefix of the movements' keys
    because = models.TextField(db_default="")

    class Meta:
        db_table = "stock_reservation"
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="reservation_holds_something"),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "consumed", "released"]), name="reservation_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["claim"], name="reservation_by_claim"),
            models.Index(
                fields=["sku", "location", "id"], name="reservation_pending", condition=Q(state="pending")
            ),
        ]
