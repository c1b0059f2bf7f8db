from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
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


class Replay(models.Model):
    """Messages that are to be read again, however many: gathered, rehearsed, and read by a person's word.
    Each part is written down with the cursor in one transaction, so whoever comes after a worker that died
    goes on where it was. The numbers are those of its rows."""

    id = models.BigAutoField(primary_key=True)
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, db_index=False, related_name="+")
    topic = models.TextField(db_default="")  # "": of any
    states = ArrayField(models.TextField())
    since_at = models.DateTimeField()
    until_at = models.DateTimeField()
    phase = models.TextField(db_default="gathering")
    is_stopped = models.BooleanField(db_default=False)
    reads = models.TextField(db_default="")  # "": nobody has said so; changing | all
    cursor = models.BigIntegerField(db_default=0)  # the last message that its phase is through with
    messages = models.BigIntegerField(db_default=0)
    changing = models.BigIntegerField(db_default=0)
    same = models.BigIntegerField(db_default=0)
    failing = models.BigIntegerField(db_default=0)
    unsaid = models.BigIntegerField(db_default=0)
    queued = models.BigIntegerField(db_default=0)
    settled = models.BigIntegerField(db_default=0)  # of those queued
    went_wrong = models.BigIntegerField(db_default=0)  # of those settled
    asked_by = models.TextField()
    asked_at = models.DateTimeField()
    told_by = models.TextField(db_default="")  # who said that it is to be read
    told_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField()
    failures = models.IntegerField(db_default=0)  # in a row; a worker that has a part in hand counts as one
    because = models.TextField(db_default="")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "inbox_replay"
        constraints = [
            models.CheckConstraint(
                condition=Q(phase__in=["done", "ended"], ended_at__isnull=False)
                | Q(phase__in=["gathering", "rehearsing", "rehearsed", "reading"], ended_at=None),
                name="inbox_replay_known",
            ),
            models.CheckConstraint(
                condition=Q(reads="", told_at=None, queued=0) & ~Q(phase__in=["reading", "done"])
                | Q(
                    reads__in=["changing", "all"],
                    told_at__isnull=False,
                    phase__in=["reading", "done", "ended"],
                ),
                name="inbox_replay_reads_by_a_word",
            ),
            models.CheckConstraint(
                condition=Q(
                    messages__gte=F("changing") + F("same") + F("failing") + F("unsaid"),
                    queued__lte=F("messages"),
                    settled__lte=F("queued"),
                    went_wrong__lte=F("settled"),
                ),
                name="inbox_replay_adds_up",
            ),
            models.UniqueConstraint(
                fields=["connection"], condition=Q(ended_at=None), name="inbox_one_replay_at_a_time"
            ),
        ]


class ReplayRow(models.Model):
    """A message of a replay. found: what reading it again would do; result: what it did."""

    id = models.BigAutoField(primary_key=True)
    replay = models.ForeignKey(Replay, on_delete=models.CASCADE, db_index=False, related_name="+")
    # No constraint: it would lock each message that is written down, and messages are never taken away.
    message = models.ForeignKey(
        Message, on_delete=models.PROTECT, db_index=False, db_constraint=False, related_name="+"
    )
    found = models.TextField(db_default="")  # "": not rehearsed; changing | same | failing | unsaid
    said = models.TextField(db_default="")
    changes = models.JSONField(db_default=[])  # order, field, before, after
    read_at = models.DateTimeField(null=True)  # since then it is queued again
    result = models.TextField(db_default="")  # the state it came to; "": not yet
    because = models.TextField(db_default="")

    class Meta:
        db_table = "inbox_replay_row"
        constraints = [
            models.UniqueConstraint(fields=["replay", "message"], name="inbox_replay_row_once"),
            models.CheckConstraint(
                condition=Q(found__in=["", "changing", "same", "failing", "unsaid"]),
                name="inbox_replay_row_known",
            ),
            models.CheckConstraint(
                condition=Q(result="") | Q(read_at__isnull=False), name="inbox_replay_row_read_before"
            ),
        ]
        indexes = [
            models.Index(fields=["replay", "found", "message"], name="inbox_replay_by_found"),
            models.Index(
                fields=["replay", "message"],
                name="inbox_replay_unsettled",
                condition=Q(read_at__isnull=False, result=""),
            ),
            models.Index(
                fields=["replay", "message"],
                name="inbox_replay_went_wrong",
                condition=Q(result__in=["stuck", "unreadable"]),
            ),
        ]
