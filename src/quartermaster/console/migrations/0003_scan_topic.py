from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('console', '0002_floor_scan'),
    ]

    operations = [
        migrations.RenameField('floorscan', 'pick_list_id', 'topic'),
        migrations.AlterField('floorscan', 'topic', models.TextField()),
        migrations.RunSQL(
            "update console_floor_scan set topic = 'pick:' || topic", migrations.RunSQL.noop
        ),
    ]
