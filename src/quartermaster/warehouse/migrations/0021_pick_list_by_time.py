from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("warehouse", "0020_count_settled")]

    operations = [
        migrations.AddIndex(
            model_name="picklist",
            index=models.Index(fields=["made_at"], name="pick_list_by_time"),
        ),
    ]
