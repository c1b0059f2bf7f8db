from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('channels', '0008_hooks'),
    ]

    operations = [
        migrations.AddField(
            model_name='hooks',
            name='renews',
            field=models.BooleanField(db_default=False),
        ),
        migrations.AddField(
            model_name='hooks',
            name='off_since',
            field=models.DateTimeField(null=True),
        ),
    ]
