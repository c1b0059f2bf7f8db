from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('inbox', '0005_keys'),
    ]

    operations = [
        migrations.AddField(
            model_name='connection',
            name='keys_unproven',
            field=models.TextField(db_default=''),
        ),
    ]
