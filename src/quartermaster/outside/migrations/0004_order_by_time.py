from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outside", "0003_notices")]

    operations = [
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["site", "asked_at"], name="outside_order_by_time"),
        ),
    ]
