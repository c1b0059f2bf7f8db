"""What carriers say about the addresses of orders."""

from django.db import models
from django.db.models import Q

from quartermaster.orders.models import Order


class AddressVerdict(models.Model):
    """The newest verdict about an order's address. verdict "": somebody was asked, and said nothing yet, or
    nothing that can be read: that is never a reason to hold. Counts while the address has this digest."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT, primary_key=True)
    address_sha256 = models.TextField()
    verdict = models.TextField(db_default="")  # "" | good | doubtful | bad
    account = models.TextField(db_default="")
    because = models.JSONField(db_default=[])
    suggested = models.JSONField(null=True)  # orders.ports.Address, as the carrier would write it
    at = models.DateTimeField()

    class Meta:
        db_table = "shipping_address_verdict"
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__in=["", "good", "doubtful", "bad"]), name="address_verdict_known"
            ),
            models.CheckConstraint(
                condition=Q(verdict="", account="", suggested__isnull=True)
                | (~Q(verdict="") & ~Q(account="")),
                name="address_verdict_of_somebody",
            ),
        ]
