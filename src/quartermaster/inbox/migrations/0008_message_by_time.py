from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("inbox", "0007_keys_end_by")]

    operations = [
        migrations.AddIndex(
            model_name="message",
            index=BrinIndex(autosummarize=True, fields=["received_at"], name="message_by_time"),
        ),
    ]
