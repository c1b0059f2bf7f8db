from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0006_pace'),
    ]

    operations = [
        migrations.AddField(
            model_name='outboxrow',
            name='waits_for',
            field=models.TextField(db_default=''),
        ),
        migrations.AddIndex(
            model_name='outboxrow',
            index=models.Index(condition=models.Q(('waits_for', ''), _negated=True), fields=['waits_for'], name='outbox_waits_for'),
        ),
    ]
