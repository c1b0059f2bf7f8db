from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from quartermaster.console.people.roles import PIN_TRIES, ROLES


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


class Person(models.Model):
    """What a user may do and where. Who has no row may do nothing. `sites`: codes; none means all of them."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True)
    role = models.TextField()
    sites = ArrayField(models.TextField(), default=list)
    # Scrypt of the PIN with the installation's secret key in it: the table alone cannot be tried out.
    pin_salt = models.BinaryField(null=True)
    pin_digest = models.BinaryField(null=True)
    pin_wrong = models.SmallIntegerField(db_default=0)  # in a row; at PIN_TRIES no PIN is heard any more
    pin_tried_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "console_person"
        constraints = [
            models.CheckConstraint(condition=Q(role__in=ROLES), name="person_has_a_known_role"),
            models.CheckConstraint(
                condition=Q(pin_wrong__gte=0, pin_wrong__lte=PIN_TRIES), name="pin_tries_are_limited"
            ),
            models.CheckConstraint(
                condition=Q(pin_salt__isnull=True, pin_digest__isnull=True)
                | Q(pin_salt__isnull=False, pin_digest__isnull=False),
                name="pin_has_its_salt",
            ),
        ]


class Device(models.Model):
    """A handheld that people share. It is known by a cookie, of which only the hash is kept."""

    name = models.TextField()
    location = models.ForeignKey("stock.Location", on_delete=models.PROTECT)
    digest = models.BinaryField(unique=True)  # sha256 of the cookie
    enrolled_at = models.DateTimeField()
    enrolled_by = models.TextField()
    seen_at = models.DateTimeField(null=True)  # somebody came in here last
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "console_device"
        constraints = [
            models.UniqueConstraint(fields=["name"], condition=Q(revoked_at=None), name="device_name_once"),
        ]


class Badge(models.Model):
    """A printed code that, with its person's PIN, signs in at an enrolled device. Only its hash is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    digest = models.BinaryField(unique=True)  # sha256 of the code
    made_at = models.DateTimeField()
    made_by = models.TextField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "console_badge"
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(revoked_at=None), name="one_badge_a_person"),
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
        indexes = [models.Index(fields=["heard_at"], name="floor_scan_by_time")]


class ExceptionCare(models.Model):
    """Of one row of one exception (a cause, what its rows have in common, the row): who sees to it, and the
    answer that was given last, for the money that was at stake then. What was there before the last act is
    kept, so that the act can be taken back."""

    id = models.BigAutoField(primary_key=True)
    cause = models.TextField()
    of = models.TextField()
    act = models.TextField()  # by what the row is told: SO-17, the id of a message
    assignee = models.TextField(db_default="")  # user:3; "" nobody
    answer = models.TextField(db_default="")  # acknowledged | snoozed; "" none, or taken back
    minor = models.BigIntegerField(
        null=True
    )  # at stake when it was given; null where there is no money in it
    note = models.TextField(db_default="")
    snoozed_until = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.TextField(db_default="")
    changed_at = models.DateTimeField()
    changed_by = models.TextField()
    turn = models.UUIDField(null=True)  # the act that changed it last; null when that was taken back
    was = models.JSONField(null=True)  # before that act; null when there was nothing

    class Meta:
        db_table = "console_exception_care"
        constraints = [
            models.UniqueConstraint(fields=["cause", "act", "of"], name="console_care_once"),
            models.CheckConstraint(
                condition=Q(answer="", snoozed_until=None)
                | Q(answer="acknowledged", snoozed_until=None, answered_at__isnull=False) & ~Q(note="")
                | Q(answer="snoozed", snoozed_until__isnull=False, answered_at__isnull=False),
                name="console_care_is_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["turn"], name="console_care_by_turn", condition=Q(turn__isnull=False)),
            models.Index(fields=["changed_at"], name="console_care_by_age"),
        ]
