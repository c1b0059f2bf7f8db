from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Connection(models.Model):
    """One account at an outside system: `acme-shopify`. Secrets are
    encrypted and never read back by people."""

    slug = models.TextField(unique=True)
    kind = models.TextField()
    settings = models.JSONField(db_default={})
    sealed = models.BinaryField(db_default=b"")  # encrypted {name: secret}
    secret_names = models.JSONField(db_default=[])
    is_active = models.BooleanField(db_default=True)
    # The other side does not accept our keys: it is neither asked nor told until it gets new ones. What it
    # sends is taken in all the same.
    keys_refused_at = models.DateTimeField(null=True)
    keys_because = models.TextField(db_default="")
    keys_tried_at = models.DateTimeField(null=True)  # since then, by one harmless call
    keys_unproven = models.TextField(db_default="")  # why nobody could tell whether those that are kept count
    keys_end = models.JSONField(db_default={})  # name of a secret -> day (ISO) on which it ends, where known
    # The same names -> by whom the day is known, and since when: inbox.rules.Source.
    keys_end_by = models.JSONField(db_default={})
    forget_at = models.DateTimeField(null=True)  # the first of the secrets that were replaced ends
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "inbox_connection"
        constraints = [
            models.CheckConstraint(
                condition=Q(keys_refused_at=None) | ~Q(keys_because=""), name="refused_keys_say_why"
            )
        ]


class Message(models.Model):
    """A message as it came: raw bytes and headers, and what became of it. Bytes and headers never change."""

    class State(models.TextChoices):
        RECEIVED = "received"
        USED = "used"
        IGNORED = "ignored"
        UNREADABLE = "unreadable"
        STUCK = "stuck"

    id = models.BigAutoField(primary_key=True)
    # No constraint: every message and order would lock the one row of its connection. A trigger keeps it
    # there.
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    delivery_id = models.TextField()  # the sender's, or "sha256:…" when it gives none
    topic = models.TextField()
    sha256 = models.BinaryField()
    headers = models.JSONField()
    body = models.BinaryField()
    received_at = models.DateTimeField()
    state = models.TextField(choices=State.choices, db_default=State.RECEIVED)
    because = models.TextField(db_default="")
    waits_for = models.TextField(null=True)  # "order:5/4711": parked until that appears
    attempts = models.SmallIntegerField(db_default=0)
    retry_at = models.DateTimeField(null=True)
    handled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "inbox_message"
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "delivery_id", "sha256"], name="one_message_per_delivery"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["received", "used", "ignored", "unreadable", "stuck"]),
                name="message_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state="received") | ~Q(because=""), name="settled_message_says_why"
            ),
        ]
        indexes = [
            # serves the queue and the Messages page; a used message leaves it
            models.Index(fields=["state", "id"], name="message_open", condition=~Q(state="used")),
            models.Index(fields=["waits_for"], name="message_waiting", condition=Q(waits_for__isnull=False)),
            models.Index(fields=["connection", "sha256"], name="message_by_content"),
            # when a connection was last heard, and its own list, whatever the others send
            models.Index(fields=["connection", "id"], name="message_of_connection"),
            # they lie in the order they came in: a few pages say where a day's are, and cost nothing to keep
            BrinIndex(fields=["received_at"], name="message_by_time", autosummarize=True),
        ]
