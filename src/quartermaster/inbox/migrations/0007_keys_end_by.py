from django.db import migrations, models

# What was kept before was entered by somebody, or counted from the day of entering.
KNOWN = """
update inbox_connection c set keys_end_by = (
  select jsonb_object_agg(e.key, jsonb_build_object('by', 'person', 'at', c.created_at))
  from jsonb_each(c.keys_end) e)
where c.keys_end <> '{}'::jsonb
"""


class Migration(migrations.Migration):

    dependencies = [
        ('inbox', '0006_unproven'),
    ]

    operations = [
        migrations.AddField(
            model_name='connection',
            name='keys_end_by',
            field=models.JSONField(db_default={}),
        ),
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
    ]
