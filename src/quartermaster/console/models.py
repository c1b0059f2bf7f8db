from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


class LoginLink(models.Model):
    """A link that signs one person in, once. Only its hash is kept: whoever reads the table cannot use it."""

    digest = models.BinaryField(unique=True)  # sha256 of the token
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "console_login_link"
        constraints = [
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(used_at__lte=F("expires_at")), name="link_used_in_time"
            )
        ]


class FloorScan(models.Model):
    """A scan a device made, under the id it gave it, with what was answered: sent twice, it is heard once."""

    id = models.UUIDField(primary_key=True)
    topic = models.TextField()  # what was scanned for: pick:17, pack:17
    text = models.TextField()
    by = models.TextField()
    scanned_at = models.DateTimeField()  # by the device, never later than it was heard
    heard_at = models.DateTimeField()
    is_right = models.BooleanField(db_default=False)
    said = models.TextField(db_default="")

    class Meta:
        db_table = "console_floor_scan"
