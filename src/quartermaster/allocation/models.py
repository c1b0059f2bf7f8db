from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from quartermaster.orders.models import Order
from quartermaster.stock.models import Location


class Rules(models.Model):
    """A version of the rule stack. The highest version is in force; older ones explain older decisions."""

    version = models.IntegerField(primary_key=True)
    rules = models.JSONField()
    because = models.TextField()
    actor = models.TextField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "allocation_rules"


class Lane(models.Model):
    """What a parcel from a site to a country costs and how many days
    it takes. Country "" is everywhere else."""

    location = models.ForeignKey(Location, on_delete=models.CASCADE)
    country = models.TextField(db_default="")
    cost_minor = models.BigIntegerField(null=True)
    currency = models.TextField(db_default="")
    days = models.SmallIntegerField(null=True)

    class Meta:
        db_table = "allocation_lane"
        constraints = [models.UniqueConstraint(fields=["location", "country"], name="one_lane_per_country")]


class Transit(models.Model):
    """What was learned of a lane from parcels that arrived: to a region of a country, or (region "") all of
    it.

    days: within which `share` of them arrived; n: how many that were. arrived[k]: parcels that came on
    working day k, waiting[k]: seen through day k and not come (rules.transit). widened: the lane they were
    seen on where the lane itself has too few.
    """

    location = models.ForeignKey(Location, on_delete=models.CASCADE)
    country = models.TextField()
    region = models.TextField(db_default="")
    days = models.SmallIntegerField()
    share = models.FloatField()
    n = models.IntegerField()
    arrived = models.JSONField()
    waiting = models.JSONField()
    widened = models.TextField(db_default="")
    learned_at = models.DateTimeField()

    class Meta:
        db_table = "allocation_transit"
        constraints = [
            models.UniqueConstraint(fields=["location", "country", "region"], name="one_transit_per_lane"),
            models.CheckConstraint(
                condition=Q(days__gte=0) & Q(n__gt=0) & Q(share__gt=0) & Q(share__lt=1), name="transit_sound"
            ),
        ]


class Decision(models.Model):
    """One routing decision with everything it was made from. Kept byte
    for byte, so that it can be asked again."""

    id = models.BigAutoField(primary_key=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, db_index=False)
    at = models.DateTimeField()
    actor = models.TextField()
    trigger = models.TextField()  # the event that asked: OrderAccepted, StockArrived, by hand ...
    rule_version = models.IntegerField()
    inputs = models.BinaryField()  # msgspec JSON of rules.Inputs
    routing = models.BinaryField()  # msgspec JSON of rules.Routing

    class Meta:
        db_table = "allocation_decision"
        indexes = [models.Index(fields=["order", "id"], name="decision_of_order")]


class Allocation(models.Model):
    """What one site serves of one order. Its units are the pending reservations it holds."""

    class State(models.TextChoices):
        WAITING = "waiting"  # reserved, but a hold keeps it from the floor
        RELEASED = "released"  # the warehouse may pick it
        PICKING = "picking"  # on a pick list
        PACKED = "packed"  # all of it is in parcels
        SHIPPED = "shipped"
        CANCELLED = "cancelled"

    id = models.BigAutoField(primary_key=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, db_index=False, related_name="allocations")
    # No constraint: every allocation would lock the row of its site. A trigger keeps sites there for ever.
    location = models.ForeignKey(Location, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, db_index=False)
    because = models.JSONField()
    state = models.TextField(choices=State.choices)
    at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    ship_by = models.DateTimeField(null=True)  # the cut-off it was promised with
    promised_on = models.DateField(null=True)  # day of the receiver's calendar
    promised_by = models.DateTimeField(null=True)  # the end of it, where it ends last in that country

    class Meta:
        db_table = "allocation_allocation"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "released", "picking", "packed", "shipped", "cancelled"]),
                name="allocation_state_known",
            )
        ]
        indexes = [
            models.Index(fields=["order"], name="allocation_of_order"),
            models.Index(fields=["location", "id"], name="allocation_to_pick", condition=Q(state="released")),
            models.Index(
                fields=["ship_by", "id"],
                name="allocation_to_hand_over",
                condition=Q(state__in=["waiting", "released", "picking", "packed"]),
            ),
            # and allocation_by_cut_off, a summary of all of them: see the migration
        ]
