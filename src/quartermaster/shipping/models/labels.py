from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from quartermaster.stock.models import Location
from quartermaster.warehouse.models import Parcel


class Manifest(models.Model):
    """The list of parcels a carrier takes from a site in one go. Its number is M-{id}."""

    id = models.BigAutoField(primary_key=True)
    carrier = models.TextField()
    location = models.ForeignKey(Location, on_delete=models.PROTECT, db_index=False)
    state = models.TextField(db_default="open")  # open | closed
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.TextField(db_default="")

    class Meta:
        db_table = "shipping_manifest"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["open", "closed"]), name="manifest_state_known"),
            models.UniqueConstraint(
                fields=["carrier", "location"], condition=Q(state="open"), name="one_open_manifest"
            ),
        ]


class Told(models.Model):
    """A closed manifest as one account is told of it, and what the carrier then has on its own list."""

    id = models.BigAutoField(primary_key=True)
    manifest = models.ForeignKey(Manifest, on_delete=models.PROTECT, related_name="told", db_index=False)
    account = models.TextField()
    state = models.TextField(db_default="asked")  # asked | told | short | refused
    parcels = models.IntegerField()
    missing = models.JSONField(db_default=[])  # numbers of parcels that the carrier does not list
    surplus = models.JSONField(db_default=[])  # its names of labels that we did not give it
    carrier_ref = models.TextField(db_default="")
    paper = models.BinaryField(null=True)
    because = models.TextField(db_default="")
    rounds = models.SmallIntegerField(db_default=1)
    unclear_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "shipping_told"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["asked", "told", "short", "refused"]), name="told_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["told", "short"]) | (~Q(carrier_ref="") & Q(told_at__isnull=False)),
                name="told_manifest_has_a_name",
            ),
            models.UniqueConstraint(fields=["manifest", "account"], name="account_told_once"),
        ]
        indexes = [
            models.Index(fields=["id"], name="told_otherwise", condition=Q(state__in=["short", "refused"]))
        ]


class Pickup(models.Model):
    """A van called to a site. Its number is PU-{id}."""

    id = models.BigAutoField(primary_key=True)
    carrier = models.TextField()
    account = models.TextField()  # the connection that called it, and that cancels it
    location = models.ForeignKey(Location, on_delete=models.PROTECT, db_index=False)
    state = models.TextField(db_default="asked")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    note = models.TextField(db_default="")
    labels = models.JSONField()  # ids of the labels it is called for: always the same for one pickup
    carrier_ref = models.TextField(db_default="")
    confirmation = models.TextField(db_default="")
    because = models.TextField(db_default="")
    unclear_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField()
    asked_by = models.TextField()

    class Meta:
        db_table = "shipping_pickup"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=["asked", "booked", "refused", "cancelling", "cancelled", "done", "missed"]
                ),
                name="pickup_state_known",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")), name="pickup_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "refused"]) | ~Q(carrier_ref=""),
                name="booked_pickup_has_a_name",
            ),
            models.UniqueConstraint(
                fields=["account", "carrier", "location"],
                condition=Q(state__in=["asked", "booked", "cancelling"]),
                name="one_pickup_under_way",
            ),
        ]


class Label(models.Model):
    """A label asked of a carrier, and what became of it. A parcel has one that counts, at most."""

    class State(models.TextChoices):
        QUEUED = "queued"
        BOUGHT = "bought"
        REFUSED = "refused"
        UNKNOWN = "unknown"  # asked, no clear answer
        VOIDING = "voiding"
        VOIDED = "voided"
        STRANDED = "stranded"  # paid, on no parcel, and the carrier does not take it back

    id = models.BigAutoField(primary_key=True)
    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="labels")
    reference = models.TextField(unique=True)  # ours, told to the carrier: what makes a purchase happen once
    carrier = models.TextField(db_default="")  # empty until it is decided
    service = models.TextField(db_default="")
    account = models.TextField(db_default="")  # the connection that bought it, and that voids it
    state = models.TextField(choices=State.choices, db_default=State.QUEUED)
    tracking_number = models.TextField(db_default="")
    carrier_ref = models.TextField(db_default="")  # the carrier's own name for it
    cost_minor = models.BigIntegerField(null=True)
    currency = models.TextField(db_default="")
    inputs = models.BinaryField(null=True)  # msgspec JSON of rules.Inputs, byte for byte
    decision = models.BinaryField(null=True)  # msgspec JSON of rules.Choice
    by_hand = models.JSONField(null=True)  # carrier, service, because: what a person chose
    ship_to = models.JSONField(db_default={})  # the address on the label
    zpl = models.TextField(db_default="")  # empty: we print it ourselves
    pdf = models.BinaryField(null=True)
    because = models.TextField(db_default="")
    manifest = models.ForeignKey(Manifest, on_delete=models.PROTECT, null=True, related_name="labels")
    scanned_out_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField()
    asked_by = models.TextField(db_default="")
    unclear_at = models.DateTimeField(null=True)  # since when nobody knows whether it was bought
    bought_at = models.DateTimeField(null=True)
    printed_at = models.DateTimeField(null=True)  # for the first time
    voided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "shipping_label"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=["queued", "bought", "refused", "unknown", "voiding", "voided", "stranded"]
                ),
                name="label_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="bought") | (Q(bought_at__isnull=False) & ~Q(tracking_number="")),
                name="bought_label_has_a_number",
            ),
            models.CheckConstraint(
                condition=Q(manifest=None) | Q(state="bought"), name="only_bought_labels_on_a_manifest"
            ),
            models.CheckConstraint(
                condition=Q(manifest=None, scanned_out_at=None)
                | Q(manifest__isnull=False, scanned_out_at__isnull=False),
                name="on_a_manifest_by_a_scan",
            ),
            models.UniqueConstraint(
                fields=["parcel"],
                condition=Q(state__in=["queued", "bought", "unknown", "voiding"]),
                name="one_label_that_counts",
            ),
        ]
        indexes = [
            models.Index(fields=["tracking_number"], name="label_by_tracking"),
            models.Index(fields=["bought_at"], name="label_by_day", condition=Q(state="bought")),
            models.Index(
                fields=["state", "id"],
                name="label_unsettled",
                condition=Q(state__in=["queued", "unknown", "refused", "voiding", "stranded"]),
            ),
        ]


class Pause(models.Model):
    """A time in which a carrier is offered nothing: it is on strike, it is down, its van did not come."""

    id = models.BigAutoField(primary_key=True)
    carrier = models.TextField()
    because = models.TextField()
    moves_labels = models.BooleanField()  # what has a label of it and is in the house gets another one
    began_at = models.DateTimeField()
    began_by = models.TextField()
    ends_at = models.DateTimeField(null=True)  # by itself; empty: a person ends it
    ended_at = models.DateTimeField(null=True)
    ended_by = models.TextField(db_default="")

    class Meta:
        db_table = "shipping_pause"
        constraints = [
            models.UniqueConstraint(
                fields=["carrier"], condition=Q(ended_at=None), name="one_pause_of_a_carrier"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=models.F("began_at")), name="pause_ends_later"
            ),
        ]


class Issued(models.Model):
    """A label our own table-rated carriers have issued: their memory, as another carrier has its own."""

    id = models.BigAutoField(primary_key=True)
    reference = models.TextField(unique=True)
    carrier = models.TextField()
    service = models.TextField()
    tracking_number = models.TextField(unique=True)
    cost_minor = models.BigIntegerField(null=True)
    currency = models.TextField()
    issued_at = models.DateTimeField(db_default=Now())
    voided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "shipping_issued"


class Invoice(models.Model):
    """What a carrier bills, as its file tells it: the charges are rows of their own."""

    id = models.BigAutoField(primary_key=True)
    carrier = models.TextField()
    number = models.TextField()  # the carrier's
    currency = models.TextField()
    told_at = models.DateTimeField()
    told_by = models.TextField()
    audited_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "shipping_invoice"
        constraints = [models.UniqueConstraint(fields=["carrier", "number"], name="one_invoice_of_a_number")]


class Charge(models.Model):
    """One line of an invoice. `digest` stands for what the row says and `nth` counts equal rows of a file, so
    that a file told twice is one, and a charge billed twice is two."""

    id = models.BigAutoField(primary_key=True)
    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="charges", db_index=False)
    tracking_number = models.TextField()
    kind = models.TextField(db_default="")  # freight, fuel …: the carrier's word
    amount_minor = models.BigIntegerField()  # below zero: a credit
    billed_weight_g = models.IntegerField(null=True)
    shipped_on = models.DateField(null=True)
    digest = models.BinaryField()
    nth = models.IntegerField()

    class Meta:
        db_table = "shipping_charge"
        constraints = [
            models.UniqueConstraint(fields=["invoice", "digest", "nth"], name="charge_told_once"),
            models.CheckConstraint(condition=~Q(tracking_number=""), name="charge_has_a_number"),
        ]
        indexes = [
            models.Index(fields=["tracking_number"], name="charge_by_tracking"),
            # an invoice is added up from here, without its rows
            models.Index(
                fields=["invoice", "tracking_number"], include=["amount_minor"], name="charge_of_invoice"
            ),
        ]


class Claim(models.Model):
    """Money we want back from a carrier: found by the audit of an invoice, or raised by a person. Its number
    is CL-{id}."""

    class State(models.TextChoices):
        OPEN = "open"
        SENT = "sent"
        CREDITED = "credited"
        REJECTED = "rejected"
        DROPPED = "dropped"  # by a person, or because a later audit does not find it any more

    id = models.BigAutoField(primary_key=True)
    carrier = models.TextField()
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, null=True, db_index=False)
    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, null=True, db_index=False)
    tracking_number = models.TextField()
    kind = models.TextField()
    state = models.TextField(choices=State.choices, db_default=State.OPEN)
    billed_minor = models.BigIntegerField(null=True)
    expected_minor = models.BigIntegerField(null=True)
    amount_minor = models.BigIntegerField()
    currency = models.TextField()
    because = models.TextField()
    evidence = models.TextField(db_default="")  # of a weight: who weighed it where and when
    credited_minor = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    raised_by = models.TextField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.TextField(db_default="")
    settled_because = models.TextField(db_default="")

    class Meta:
        db_table = "shipping_claim"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "sent", "credited", "rejected", "dropped"]),
                name="claim_state_known",
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="claim_wants_something"),
            models.CheckConstraint(
                condition=Q(state="credited", credited_minor__gte=0)
                | (~Q(state="credited") & Q(credited_minor=None)),
                name="credit_of_a_credited_claim",
            ),
            models.UniqueConstraint(
                fields=["invoice", "tracking_number", "kind"], name="one_claim_of_a_finding"
            ),
        ]
        indexes = [models.Index(fields=["state", "id"], name="claim_by_state")]


class RateTable(models.Model):
    """A version of what the built-in carriers charge and promise. The highest version is in force."""

    version = models.IntegerField(primary_key=True)
    tables = models.JSONField()
    because = models.TextField()
    actor = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "shipping_rate_table"


class Arrival(models.Model):
    """A parcel that arrived, and whether in time: what the choice learns about a carrier's lane."""

    parcel = models.OneToOneField(Parcel, on_delete=models.PROTECT, primary_key=True)
    carrier = models.TextField()
    service = models.TextField()
    country = models.TextField()  # of the receiver
    arrived_at = models.DateTimeField()
    is_late = models.BooleanField()  # after its promise

    class Meta:
        db_table = "shipping_arrival"
        indexes = [
            models.Index(
                fields=["country", "carrier", "service", "-arrived_at"], name="arrival_newest_of_lane"
            ),
        ]


class ReturnLabel(models.Model):
    """A label for the way back of a parcel. A parcel has one that counts, at most. States as of a Label."""

    id = models.BigAutoField(primary_key=True)
    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, db_index=False)
    reference = models.TextField(unique=True)  # ours, told to the carrier
    state = models.TextField(db_default="queued")
    wanted = models.BinaryField(null=True)  # msgspec JSON of ports.Wanted once it is decided: always the same
    account = models.TextField(db_default="")  # the connection that bought it, and that voids it
    is_paid_on_scan = models.BooleanField()
    tracking_number = models.TextField(db_default="")
    carrier_ref = models.TextField(db_default="")
    cost_minor = models.BigIntegerField(null=True)
    currency = models.TextField(db_default="")
    pdf = models.BinaryField(null=True)
    zpl = models.TextField(db_default="")
    because = models.TextField(db_default="")
    unclear_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField()
    asked_by = models.TextField()

    class Meta:
        db_table = "shipping_return_label"
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="bought") | ~Q(tracking_number=""), name="bought_return_has_a_number"
            ),
            models.UniqueConstraint(
                fields=["parcel"],
                condition=Q(state__in=["queued", "unknown", "bought", "voiding"]),
                name="one_return_label_that_counts",
            ),
        ]
