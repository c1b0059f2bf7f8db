from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outside", "0001_outside")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="account",
            field=models.TextField(db_default=""),
        ),
    ]
