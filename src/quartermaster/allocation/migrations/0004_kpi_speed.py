"""The cut-offs of all allocations, also of those long gone, for the figures.

A summary of blocks (BRIN), not an entry for each row: rows come in the order of their cut-offs, nearly, and an
entry would be written anew at each of the five steps of an allocation.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("allocation", "0003_promise")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX allocation_by_cut_off ON allocation_allocation USING brin (ship_by) "
            "WITH (pages_per_range = 32, autosummarize = on)",
            "DROP INDEX allocation_by_cut_off",
        )
    ]
