from django.db import models
from django.db.models.functions import Now


class Customer(models.Model):
    """One person or company over all channels, recognised by merge key."""

    id = models.BigAutoField(primary_key=True)
    merge_key = models.TextField(unique=True)  # "email:ann@example.com", else "acme:customer:991"
    name = models.TextField(db_default="")
    email = models.TextField(db_default="")
    phone = models.TextField(db_default="")
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "customers_customer"


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
