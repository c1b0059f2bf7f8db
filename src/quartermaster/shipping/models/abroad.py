from django.db import models
from django.db.models import Q

from quartermaster.orders.models import Order
from quartermaster.shipping.models.labels import Label


class Content(models.Model):
    """Why an order is sent, for customs, and by SKU what a unit is worth where its price does not say."""

    order = models.OneToOneField(Order, on_delete=models.CASCADE, primary_key=True)
    purpose = models.TextField()
    worth = models.JSONField(db_default={})  # {"CARD": 100}: minor units of the order's currency
    told_at = models.DateTimeField()
    told_by = models.TextField()

    class Meta:
        db_table = "shipping_content"
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose__in=["sale", "gift", "sample", "return", "other"]),
                name="content_purpose_known",
            )
        ]


class CustomsProfile(models.Model):
    """A version of who we are for customs. Of those that hold on a day the one that began last counts, and
    of these the newest. Versions are never changed: declarations name them."""

    version = models.IntegerField(primary_key=True)
    from_on = models.DateField()
    profile = models.JSONField()  # rules.customs.Profile
    because = models.TextField(db_default="")
    at = models.DateTimeField()
    by = models.TextField()

    class Meta:
        db_table = "shipping_customs_profile"


class Tariff(models.Model):
    """A line of what a destination takes for goods that come in: rules.landed says what it means. All lines
    of one write have its version."""

    id = models.BigAutoField(primary_key=True)
    kind = models.TextField()  # duty | vat | duty_free | vat_free | fee
    country = models.TextField()
    hs_prefix = models.TextField(db_default="")
    origin = models.TextField(db_default="")
    carrier = models.TextField(db_default="")
    service = models.TextField(db_default="")
    percent_bp = models.IntegerField(db_default=0)  # hundredths of a percent
    amount_minor = models.BigIntegerField(db_default=0)
    currency = models.TextField(db_default="")
    basis = models.TextField(db_default="goods")  # goods | cif: with the freight
    from_on = models.DateField()
    until_on = models.DateField(null=True)  # the last day
    source = models.TextField()
    is_example = models.BooleanField(db_default=False)
    version = models.IntegerField()
    written_at = models.DateTimeField()
    written_by = models.TextField()

    class Meta:
        db_table = "shipping_tariff"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["duty", "vat", "duty_free", "vat_free", "fee"]),
                name="tariff_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(percent_bp__gte=0, amount_minor__gte=0), name="tariff_not_negative"
            ),
            models.UniqueConstraint(
                fields=["kind", "country", "hs_prefix", "origin", "carrier", "service", "from_on"],
                name="one_tariff_from_a_day",
            ),
        ]


class Landed(models.Model):
    """What duties and taxes a parcel was expected to cost when its label was decided, with all it was made
    from."""

    label = models.OneToOneField(Label, on_delete=models.CASCADE, primary_key=True)
    version = models.IntegerField()  # of the tariff; 0: there was none
    inputs = models.BinaryField()  # msgspec JSON of rules.landed.Asked
    estimate = models.BinaryField()  # msgspec JSON of rules.landed.Estimate

    class Meta:
        db_table = "shipping_landed"


class Declared(models.Model):
    """What was to be declared of a parcel when its label was decided, and by which versions: of the sender
    (null: nobody had told one) and, by SKU, of what is known of the goods."""

    label = models.OneToOneField(Label, on_delete=models.CASCADE, primary_key=True)
    profile = models.ForeignKey(CustomsProfile, on_delete=models.PROTECT, null=True, db_index=False)
    skus = models.JSONField()  # {"LAMP": 2}: rules.customs.versions counts them
    declaration = models.BinaryField()  # msgspec JSON of rules.customs.Declaration
    at = models.DateTimeField()

    class Meta:
        db_table = "shipping_declared"
