from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class EventRow(models.Model):
    """One fact. The only log: timeline, flow map, KPIs, automations
    and audit are read from it. Never changed."""

    id = models.BigAutoField(primary_key=True)
    name = models.TextField()
    subject = models.TextField()  # "order:SO-1042", "sku:LAMP": what it happened to
    at = models.DateTimeField()  # when it happened in the world
    recorded_at = models.DateTimeField(db_default=Now())
    actor = models.TextField()  # who: "user:3", "token:erp", "system", "connection:acme"
    source = models.TextField(db_default="")  # by what: "message:17", "api", "rule 4"
    body = models.JSONField(db_default={})

    class Meta:
        db_table = "core_event"
        indexes = [models.Index(fields=["subject", "id"], name="event_by_subject")]


class Delivery(models.Model):
    """An event one listener has still to hear. Gone when heard; stuck when it could not be."""

    id = models.BigAutoField(primary_key=True)
    # Made with its event in one statement, and events are for ever: a constraint would only be looked up
    # again.
    event = models.ForeignKey(EventRow, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    listener = models.TextField()
    subject = models.TextField()
    attempts = models.SmallIntegerField(db_default=0)
    retry_at = models.DateTimeField(null=True)
    stuck_at = models.DateTimeField(null=True)
    because = models.TextField(db_default="")

    class Meta:
        db_table = "core_delivery"
        indexes = [
            models.Index(fields=["listener", "event"], name="delivery_due", condition=Q(stuck_at=None)),
            models.Index(fields=["listener", "subject", "event"], name="delivery_of_subject"),
            models.Index(fields=["id"], name="delivery_stuck", condition=Q(stuck_at__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(stuck_at=None) | ~Q(because=""), name="stuck_delivery_says_why"
            )
        ]


class OutboxRow(models.Model):
    """A wish to change something outside, recorded with the fact that caused it, and what became of it."""

    class State(models.TextChoices):
        QUEUED = "queued"
        SENT = "sent"  # handed over, no answer yet
        CONFIRMED = "confirmed"
        REFUSED = "refused"
        UNKNOWN = "unknown"  # asked, no clear answer: settled by asking the other side, never by guessing

    id = models.BigAutoField(primary_key=True)
    key = models.TextField(unique=True)  # idempotency key, also told to the other side
    task = models.TextField()  # "shop.fulfil": which effect, registered by the stage that owns it
    subject = models.TextField()
    body = models.JSONField()
    state = models.TextField(choices=State.choices, db_default=State.QUEUED)
    attempts = models.SmallIntegerField(db_default=0)
    waited = models.SmallIntegerField(db_default=0)  # of the attempts: those that were told to wait
    waits_for = models.TextField(db_default="")  # "keys:acme": what lets it go on at once
    due_at = models.DateTimeField(db_default=Now())
    lease_until = models.DateTimeField(null=True)
    because = models.TextField(db_default="")
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "core_outbox"
        indexes = [
            models.Index(
                fields=["due_at"], name="outbox_due", condition=Q(state__in=["queued", "sent", "unknown"])
            ),
            models.Index(fields=["subject"], name="outbox_of_subject"),
            models.Index(fields=["waits_for"], name="outbox_waits_for", condition=~Q(waits_for="")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["queued", "sent", "confirmed", "refused", "unknown"]),
                name="outbox_state_known",
            )
        ]


class Pace(models.Model):
    """How far ahead the calls of one class to an outside system are counted (core.actions.pace)."""

    name = models.TextField(primary_key=True)
    next_at = models.DateTimeField()

    class Meta:
        db_table = "core_pace"


class Answer(models.Model):
    """The stored answer to a POST with an Idempotency-Key: the same
    request is done once, however often it comes."""

    key = models.TextField()
    caller = models.TextField()
    fingerprint = models.BinaryField()  # sha256 over method, path and body
    status = models.SmallIntegerField()
    content_type = models.TextField()
    body = models.BinaryField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "core_answer"
        constraints = [models.UniqueConstraint(fields=["caller", "key"], name="one_answer_per_key")]
        indexes = [models.Index(fields=["created_at"], name="answer_by_age")]


class Token(models.Model):
    """An API token: stored as a hash, shown once."""

    name = models.TextField(unique=True)
    digest = models.BinaryField(unique=True)
    scopes = models.JSONField()
    created_at = models.DateTimeField(db_default=Now())
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "core_token"


class Setting(models.Model):
    """One thing this installation knows about itself: that it is the demo company, say."""

    key = models.TextField(primary_key=True)
    value = models.JSONField()
    changed_at = models.DateTimeField(db_default=Now())
    changed_by = models.TextField(db_default="system")

    class Meta:
        db_table = "core_setting"
        constraints = [models.CheckConstraint(condition=~Q(key=""), name="setting_has_key")]


class Report(models.Model):
    """What takes long to count (core.queries.reports), as it was counted last. `name`: what; `asked`: how."""

    id = models.BigAutoField(primary_key=True)
    name = models.TextField()
    asked = models.TextField()
    told = models.JSONField()
    computed_at = models.DateTimeField()
    took_ms = models.IntegerField()

    class Meta:
        db_table = "core_report"
        constraints = [models.UniqueConstraint(fields=["name", "asked"], name="core_report_once")]


class Import(models.Model):
    """One file that was imported, and what came of it."""

    id = models.BigAutoField(primary_key=True)
    kind = models.TextField()  # "orders"
    file = models.TextField()
    at = models.DateTimeField()
    by = models.TextField()
    finished_at = models.DateTimeField(null=True)  # null: interrupted, or still at work
    rows = models.BigIntegerField(db_default=0)
    changed = models.BigIntegerField(db_default=0)
    known = models.BigIntegerField(db_default=0)
    refused = models.BigIntegerField(db_default=0)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.TextField(db_default="")

    class Meta:
        db_table = "core_import"
        constraints = [
            models.CheckConstraint(condition=~Q(kind="") & ~Q(file=""), name="import_of_something")
        ]


class ImportMade(models.Model):
    """What one batch of an import made: rows of one sort, by id, so that they can be taken back."""

    id = models.BigAutoField(primary_key=True)
    made_by = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="made")
    what = models.TextField()  # "order", "line", "parcel"
    ids = models.JSONField()  # a list

    class Meta:
        db_table = "core_import_made"
