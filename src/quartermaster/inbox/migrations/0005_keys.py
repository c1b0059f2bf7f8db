from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('inbox', '0004_heard'),
    ]

    operations = [
        migrations.AddField(
            model_name='connection',
            name='keys_refused_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='connection',
            name='keys_because',
            field=models.TextField(db_default=''),
        ),
        migrations.AddField(
            model_name='connection',
            name='keys_tried_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='connection',
            name='keys_end',
            field=models.JSONField(db_default={}),
        ),
        migrations.AddField(
            model_name='connection',
            name='forget_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name='connection',
            constraint=models.CheckConstraint(condition=models.Q(('keys_refused_at', None), models.Q(('keys_because', ''), _negated=True), _connector='OR'), name='refused_keys_say_why'),
        ),
    ]
