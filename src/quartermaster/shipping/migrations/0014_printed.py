from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('shipping', '0013_customs_versions'),
    ]

    operations = [
        migrations.AddField(
            model_name='label',
            name='printed_at',
            field=models.DateTimeField(null=True),
        ),
    ]
