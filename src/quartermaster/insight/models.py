from django.db import models


class Overview(models.Model):
    """The figures of a period as they were computed at some moment, for pages that must be fast.

    Never read where a figure is asked for exactly: that is always counted from the rows. `seen` holds the
    newest ids of what figures are made of, so that the doctor knows whether it must still be the same.
    """

    tz = models.TextField()
    first = models.DateField()
    last = models.DateField()
    told = models.JSONField()  # figures, those of the period before, and a value for each day
    seen = models.JSONField()
    computed_at = models.DateTimeField()
    took_ms = models.IntegerField()  # what a page would have waited

    class Meta:
        db_table = "insight_overview"
        constraints = [models.UniqueConstraint(fields=["tz", "first", "last"], name="one_overview_a_period")]
