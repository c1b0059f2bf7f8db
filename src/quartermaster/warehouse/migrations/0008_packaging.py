from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('warehouse', '0007_waves'),
    ]

    operations = [
        migrations.CreateModel(
            name='PackagingVersion',
            fields=[
                ('version', models.IntegerField(primary_key=True, serialize=False)),
                ('packaging', models.JSONField()),
                ('because', models.TextField()),
                ('actor', models.TextField()),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'warehouse_packaging',
            },
        ),
        migrations.AddField(
            model_name='parcel',
            name='tare_g',
            field=models.IntegerField(null=True),
        ),
    ]
