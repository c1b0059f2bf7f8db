from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("warehouse", "0019_wave_preview")]

    operations = [
        migrations.AddIndex(
            model_name="counttask",
            index=models.Index(
                fields=["done_at"], name="count_settled", condition=models.Q(("state", "done"))
            ),
        ),
    ]
