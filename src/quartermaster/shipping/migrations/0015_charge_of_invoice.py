from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shipping", "0014_printed")]

    operations = [
        migrations.AddIndex(
            model_name="charge",
            index=models.Index(
                fields=["invoice", "tracking_number"], include=("amount_minor",), name="charge_of_invoice"
            ),
        ),
    ]
