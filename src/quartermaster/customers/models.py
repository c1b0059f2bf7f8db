from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


class Customer(models.Model):
    """One person or company over all channels, recognised by merge key."""

    id = models.BigAutoField(primary_key=True)
    merge_key = models.TextField()  # "email:ann@example.com", else "acme:customer:991"
    name = models.TextField(db_default="")
    email = models.TextField(db_default="")
    phone = models.TextField(db_default="")
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "customers_customer"
        # not unique=True on the field, which would bring a second index that nothing reads
        constraints = [models.UniqueConstraint(fields=["merge_key"], name="one_customer_per_merge_key")]


class Address(models.Model):
    """An address this customer has used, kept once. Orders keep their own copy, as sold."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, db_index=False)
    digest = models.BinaryField()  # sha256 over the normalised fields
    fields = models.JSONField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "customers_address"
        constraints = [
            models.UniqueConstraint(fields=["customer", "digest"], name="address_once_per_customer")
        ]


class Merge(models.Model):
    """Two customers turned out to be one. `customer` keeps its row, so that it can be undone."""

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="merges")
    into = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    moved = models.JSONField()  # ids of customers merged into `customer` before: they moved along
    because = models.TextField()
    merged_at = models.DateTimeField()
    merged_by = models.TextField()
    unmerged_at = models.DateTimeField(null=True)
    unmerged_by = models.TextField(db_default="")

    class Meta:
        db_table = "customers_merge"
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=Q(unmerged_at=None), name="merged_once_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(customer=F("into")), name="not_merged_into_itself"),
            models.CheckConstraint(condition=~Q(because=""), name="merge_says_why"),
        ]
