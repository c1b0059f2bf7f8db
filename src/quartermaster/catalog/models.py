from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from quartermaster.inbox.models import Connection


class Product(models.Model):
    """What a customer calls one thing: groups the variants that are bought and stocked as SKUs."""

    code = models.TextField(unique=True)
    title = models.TextField()

    class Meta:
        db_table = "catalog_product"


class Sku(models.Model):
    """A stock-keeping unit. Quantities of it are whole base units."""

    class Policy(models.TextChoices):
        DENY = "deny"  # sold without stock is a shortage a person must solve
        BACKORDER = "backorder"
        PREORDER = "preorder"

    id = models.BigAutoField(primary_key=True)
    code = models.TextField(unique=True)
    title = models.TextField(db_default="")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True)
    options = models.JSONField(db_default={})  # {"colour": "brass"}: what tells variants apart
    attributes = models.JSONField(db_default={})
    base_unit = models.TextField(db_default="each")
    is_kit = models.BooleanField(db_default=False)  # virtual: stocked, reserved and picked as its parts
    weight_g = models.IntegerField(null=True)
    length_mm = models.IntegerField(null=True)
    width_mm = models.IntegerField(null=True)
    height_mm = models.IntegerField(null=True)
    cost_minor = models.BigIntegerField(null=True)
    currency = models.TextField(db_default="")
    hs_code = models.TextField(db_default="")
    origin_country = models.TextField(db_default="")
    is_hazmat = models.BooleanField(db_default=False)
    policy = models.TextField(choices=Policy.choices, db_default=Policy.BACKORDER)
    # units that may wait at most; null: a backorder has no limit, a preorder has what is incoming
    backorder_cap = models.BigIntegerField(null=True)
    available_on = models.DateField(null=True)  # preorder: first day it can ship
    is_active = models.BooleanField(db_default=True)
    created_at = models.DateTimeField(db_default=Now())
    version = models.BigIntegerField(db_default=1)  # counts the changes, of barcodes, units and parts too

    class Meta:
        db_table = "catalog_sku"
        constraints = [
            models.CheckConstraint(condition=~Q(code=""), name="sku_has_code"),
            models.CheckConstraint(
                condition=(Q(weight_g__isnull=True) | Q(weight_g__gte=0))
                & (Q(cost_minor__isnull=True) | Q(cost_minor__gte=0)),
                name="sku_measures_positive",
            ),
        ]


class Unit(models.Model):
    """A unit of measure of one SKU: a `case` is 12 base units."""

    sku = models.ForeignKey(Sku, on_delete=models.CASCADE)
    name = models.TextField()
    factor = models.BigIntegerField()  # base units in one

    class Meta:
        db_table = "catalog_unit"
        constraints = [
            models.UniqueConstraint(fields=["sku", "name"], name="unit_once_per_sku"),
            models.CheckConstraint(condition=Q(factor__gt=0), name="unit_factor_positive"),
        ]


class Barcode(models.Model):
    """What a scanner reads: one unit, or a pack of several."""

    code = models.TextField(unique=True)
    sku = models.ForeignKey(Sku, on_delete=models.CASCADE)
    pack_quantity = models.BigIntegerField(db_default=1)  # base units one scan stands for

    class Meta:
        db_table = "catalog_barcode"
        constraints = [models.CheckConstraint(condition=Q(pack_quantity__gt=0), name="pack_positive")]


class Alias(models.Model):
    """What a channel calls a SKU. Exact match only; likeness merely suggests."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE)
    code = models.TextField()  # the channel's SKU text or "product:123"
    sku = models.ForeignKey(Sku, on_delete=models.CASCADE)

    class Meta:
        db_table = "catalog_alias"
        constraints = [
            models.UniqueConstraint(fields=["connection", "code"], name="alias_once_per_connection")
        ]


class KitPart(models.Model):
    """A virtual kit as it was defined: it may hold other kits."""

    kit = models.ForeignKey(Sku, on_delete=models.CASCADE, related_name="parts")
    part = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="part_of")
    quantity = models.BigIntegerField()

    class Meta:
        db_table = "catalog_kit_part"
        constraints = [
            models.UniqueConstraint(fields=["kit", "part"], name="part_once_per_kit"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="part_quantity_positive"),
            models.CheckConstraint(condition=~Q(kit=F("part")), name="kit_not_in_itself"),
        ]


class KitLeaf(models.Model):
    """A kit taken apart to the bottom: what one unit of it takes from the shelf. A projection of KitPart."""

    kit = models.ForeignKey(Sku, on_delete=models.CASCADE, related_name="leaves")
    part = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+")
    quantity = models.BigIntegerField()

    class Meta:
        db_table = "catalog_kit_leaf"
        constraints = [
            models.UniqueConstraint(fields=["kit", "part"], name="leaf_once_per_kit"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="leaf_quantity_positive"),
        ]


class Restriction(models.Model):
    """A line of the list of goods that may not go everywhere: rules.restrictions says what it means."""

    id = models.BigAutoField(primary_key=True)
    level = models.TextField()  # prohibited | restricted
    because = models.TextField()
    country = models.TextField(db_default="")  # of the receiver
    site = models.TextField(db_default="")
    carrier = models.TextField(db_default="")
    service = models.TextField(db_default="")
    hs_prefix = models.TextField(db_default="")
    sku = models.TextField(db_default="")
    is_hazmat = models.BooleanField(db_default=False)
    tag = models.TextField(db_default="")
    from_on = models.DateField()
    until_on = models.DateField(null=True)  # the last day
    source = models.TextField(db_default="")  # who says so, for a person to look it up
    is_import = models.BooleanField(db_default=False)  # only what comes into the country from another
    written_at = models.DateTimeField()
    written_by = models.TextField()

    class Meta:
        db_table = "catalog_restriction"
        constraints = [
            models.CheckConstraint(
                condition=Q(level__in=["prohibited", "restricted"]), name="restriction_level_known"
            ),
            models.CheckConstraint(
                condition=~Q(hs_prefix="", sku="", tag="", is_hazmat=False), name="restriction_is_about_goods"
            ),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")), name="restriction_ends_later"
            ),
            models.CheckConstraint(
                condition=Q(is_import=False) | ~Q(country=""), name="import_into_a_country"
            ),
            models.UniqueConstraint(
                fields=[
                    *("country", "site", "carrier", "service", "hs_prefix", "sku", "is_hazmat", "tag"),
                    "from_on",
                ],
                name="one_restriction_from_a_day",
            ),
        ]


class Edit(models.Model):
    """Many SKUs changed at once: by a table, a file, a fix, or by taking one of these back."""

    id = models.BigAutoField(primary_key=True)
    kind = models.TextField()  # table | file | fix | listing | undo
    because = models.TextField(db_default="")
    # asked: a file that was looked at; waiting: its rows are still to be taken
    state = models.TextField(db_default="done")
    made_at = models.DateTimeField()
    made_by = models.TextField()
    ended_at = models.DateTimeField(null=True)
    undoes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="undone_by")
    rows = models.IntegerField(db_default=0)  # asked for, or in the file
    looked_at = models.IntegerField(db_default=0)  # of those, so far
    changed = models.IntegerField(db_default=0)
    refused = models.IntegerField(db_default=0)

    class Meta:
        db_table = "catalog_edit"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["table", "file", "fix", "listing", "undo"])
                & Q(state__in=["asked", "waiting", "done"]),
                name="catalog_edit_known",
            ),
            models.CheckConstraint(
                condition=Q(kind="undo", undoes__isnull=False) | (~Q(kind="undo") & Q(undoes=None)),
                name="catalog_undo_names_what",
            ),
            models.CheckConstraint(
                condition=Q(
                    looked_at__gte=F("changed") + F("refused"), rows__gte=F("looked_at"), changed__gte=0
                ),
                name="catalog_edit_rows_add_up",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="catalog_edit_waiting", condition=Q(state="waiting")),
        ]


class EditRow(models.Model):
    """A row of an edit that changed something or was refused. `changes`: column -> [before, after], texts."""

    id = models.BigAutoField(primary_key=True)
    edit = models.ForeignKey(Edit, on_delete=models.CASCADE, db_index=False)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    code = models.TextField()
    line = models.IntegerField(null=True)  # of the file
    changes = models.JSONField(db_default={})
    refused = models.TextField(db_default="")
    notes = models.TextField(db_default="")

    class Meta:
        db_table = "catalog_edit_row"
        indexes = [
            models.Index(fields=["edit", "id"], name="catalog_row_of_edit"),
            models.Index(fields=["sku", "id"], name="catalog_row_of_sku"),
        ]


class EditFile(models.Model):
    """The rows of a file that are still to be taken, in parts."""

    id = models.BigAutoField(primary_key=True)
    edit = models.ForeignKey(Edit, on_delete=models.CASCADE)
    rows = models.JSONField()

    class Meta:
        db_table = "catalog_edit_file"
