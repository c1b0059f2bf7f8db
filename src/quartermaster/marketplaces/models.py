from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from quartermaster.inbox.models import Connection
from quartermaster.orders.models import Order

MEASURES = ["odr", "lsr", "cr", "vtr", "otdr", "rtd"]
_WEIGHED = Q(n__gte=0, bad__gte=0, bad__lte=F("n"), unsure__gte=0)


class WrittenTerms(models.Model):
    """Terms of a measure from a day on, as a person wrote them over what is published. Never changed: they
    explain the figures of their days. Of two for the same day the newer holds."""

    marketplace = models.TextField()  # the connection's kind
    country = models.TextField(db_default="")  # "": wherever a country has none of its own
    measure = models.TextField()
    from_on = models.DateField()
    terms = models.JSONField()
    because = models.TextField()
    actor = models.TextField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "marketplaces_terms"
        constraints = [
            models.CheckConstraint(
                condition=Q(measure__in=MEASURES) & ~Q(because=""), name="marketplaces_terms_say_why"
            )
        ]


class Defect(models.Model):
    """What a buyer told a marketplace of an order: the same `external_id` of a source is the same one."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+")
    kind = models.TextField()  # feedback | claim | chargeback
    source = models.TextField()  # by whom we know: a person, a file, a connection
    external_id = models.TextField(db_default="")
    stars = models.SmallIntegerField(null=True)
    outcome = models.TextField(db_default="open")
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True)  # when we learned of its outcome
    note = models.TextField(db_default="")
    actor = models.TextField()

    class Meta:
        db_table = "marketplaces_defect"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["feedback", "claim", "chargeback"])
                & Q(outcome__in=["open", "granted", "denied", "withdrawn", "removed"]),
                name="marketplaces_defect_known",
            ),
            models.CheckConstraint(
                condition=Q(stars=None) | Q(kind="feedback", stars__gte=1, stars__lte=5),
                name="marketplaces_stars_of_feedback",
            ),
            models.UniqueConstraint(
                fields=["order", "kind", "external_id"], name="marketplaces_defect_told_once"
            ),
        ]


class Day(models.Model):
    """A day of a measure: n counted, bad of them defects, unsure: those of which nobody knows."""

    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, db_index=False, related_name="+")
    country = models.TextField()
    measure = models.TextField()
    day_on = models.DateField()
    n = models.BigIntegerField()
    bad = models.BigIntegerField()
    unsure = models.BigIntegerField(db_default=0)

    class Meta:
        db_table = "marketplaces_day"
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "measure", "country", "day_on"], name="marketplaces_one_day"
            ),
            models.CheckConstraint(condition=_WEIGHED, name="marketplaces_day_adds_up"),
        ]


class Counted(models.Model):
    """An order that counts as a defect, or of which nobody knows, and the sentence why. Made anew with the
    days, from the same rows."""

    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, db_index=False, related_name="+")
    country = models.TextField()
    measure = models.TextField()
    day_on = models.DateField()
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+")
    reference = models.TextField(db_default="")  # P-12 where a parcel counts
    weight = models.BigIntegerField()
    is_defect = models.BooleanField()
    because = models.TextField()

    class Meta:
        db_table = "marketplaces_counted"
        constraints = [
            models.UniqueConstraint(
                fields=["order", "measure", "reference"], name="marketplaces_counted_once"
            ),
            models.CheckConstraint(
                condition=Q(weight__gt=0) & ~Q(because=""), name="marketplaces_counted_says_why"
            ),
        ]
        indexes = [
            models.Index(
                fields=["connection", "measure", "country", "-day_on", "-id"],
                name="marketplaces_counted_by_day",
            )
        ]


class Contest(models.Model):
    """A person says that an order should not count, or what there is to know of it. It changes no figure."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+")
    measure = models.TextField()
    reference = models.TextField(db_default="")
    because = models.TextField()
    actor = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "marketplaces_contest"
        constraints = [
            models.CheckConstraint(
                condition=Q(measure__in=MEASURES) & ~Q(because=""), name="marketplaces_contest_says_why"
            )
        ]


class Standing(models.Model):
    """How a window of a measure stood on a day, with the terms of that day: a later change leaves it."""

    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, db_index=False, related_name="+")
    country = models.TextField()
    measure = models.TextField()
    window_days = models.IntegerField()
    day_on = models.DateField()
    first_on = models.DateField()
    last_on = models.DateField()
    n = models.BigIntegerField()
    bad = models.BigIntegerField()
    unsure = models.BigIntegerField()
    state = models.TextField()
    headroom = models.BigIntegerField(null=True)
    needs_good = models.BigIntegerField()
    good_on = models.DateField(null=True)  # when it is good again by itself
    terms = models.JSONField()
    told = models.TextField()  # the sentence that a list shows
    since = models.DateTimeField()  # it has been in this state
    is_newest = models.BooleanField()
    computed_at = models.DateTimeField()

    class Meta:
        db_table = "marketplaces_standing"
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "measure", "country", "window_days", "day_on"],
                name="marketplaces_one_standing",
            ),
            models.UniqueConstraint(
                fields=["connection", "measure", "country", "window_days"],
                condition=Q(is_newest=True),
                name="marketplaces_one_newest",
            ),
            models.CheckConstraint(condition=_WEIGHED, name="marketplaces_standing_adds_up"),
            models.CheckConstraint(
                condition=Q(state__in=["none", "few", "green", "amber", "red"])
                & (Q(n__gt=0) | Q(state="none")),
                name="marketplaces_standing_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["connection"],
                name="marketplaces_in_danger",
                condition=Q(is_newest=True, state__in=["amber", "red"]),
            )
        ]


class Official(models.Model):
    """What the marketplace itself says of a measure over some days. Told again for the same days, the newer
    one holds; the older stays."""

    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, db_index=False, related_name="+")
    country = models.TextField()
    measure = models.TextField()
    first_on = models.DateField()
    last_on = models.DateField()
    n = models.BigIntegerField()
    bad = models.BigIntegerField()
    source = models.TextField()  # report | person | program | file
    actor = models.TextField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "marketplaces_official"
        constraints = [
            models.CheckConstraint(
                condition=Q(measure__in=MEASURES)
                & Q(n__gte=0, bad__gte=0, bad__lte=F("n"), last_on__gte=F("first_on")),
                name="marketplaces_official_adds_up",
            )
        ]
        indexes = [
            models.Index(
                fields=["connection", "measure", "country", "-last_on", "-id"],
                name="marketplaces_official_newest",
            )
        ]


class Report(models.Model):
    """A report of a marketplace: asked for once a day, and looked at until it is read. One row of each."""

    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, db_index=False, related_name="+")
    what = models.TextField()  # figures | feedback
    reference = models.TextField(db_default="")  # theirs; "": none is under way
    since_on = models.DateField(null=True)  # from which day on it tells
    next_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    note = models.TextField(db_default="")  # what the last one brought
    failures = models.IntegerField(db_default=0)  # in a row
    because = models.TextField(db_default="")  # of the last failure

    class Meta:
        db_table = "marketplaces_report"
        constraints = [
            models.UniqueConstraint(fields=["connection", "what"], name="marketplaces_report_of_each"),
            models.CheckConstraint(
                condition=Q(what__in=["figures", "feedback"]), name="marketplaces_report_known"
            ),
            models.CheckConstraint(
                condition=Q(failures=0) | ~Q(because=""), name="marketplaces_failed_report_says_why"
            ),
        ]
