from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('channels', '0013_told'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='drift',
            name='shop_drift_kind_known',
        ),
        migrations.AddField(
            model_name='payout',
            name='asked',
            field=models.SmallIntegerField(db_default=1),
        ),
        migrations.AddField(
            model_name='seen',
            name='refunded_minor',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='seen',
            name='version',
            field=models.TextField(db_default=''),
        ),
        migrations.AlterField(
            model_name='drift',
            name='kind',
            field=models.TextField(choices=[('late', 'Late'), ('missing', 'Missing'), ('vanished', 'Vanished'), ('unshipped', 'Unshipped'), ('uncancelled', 'Uncancelled'), ('gap', 'Gap'), ('refund', 'Refund')]),
        ),
        migrations.AddConstraint(
            model_name='drift',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['late', 'missing', 'vanished', 'unshipped', 'uncancelled', 'gap', 'refund'])), name='shop_drift_kind_known'),
        ),
    ]
