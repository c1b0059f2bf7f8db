from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("stock", "0010_shelf_life")]

    operations = [
        migrations.AddIndex(
            model_name="balance",
            index=models.Index(
                fields=["place"],
                name="balance_to_carry",
                condition=models.Q(("state__in", ["expired", "recalled"])),
            ),
        ),
    ]
