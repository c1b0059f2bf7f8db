"""For the figures: movements by time, as a summary (they are written in its order, and never again), and each
arrival, which are few."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0003_kept'),
        ('stock', '0004_floor'),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX movement_by_time ON stock_movement USING brin (at) "
            "WITH (pages_per_range = 64, autosummarize = on)",
            "DROP INDEX movement_by_time",
        ),
        migrations.AddIndex(
            model_name='movement',
            index=models.Index(condition=models.Q(('source_id__lt', 0), ('target_id__gt', 0)), fields=['at'], include=('sku', 'quantity'), name='movement_arrived'),
        ),
    ]
