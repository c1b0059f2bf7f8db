"""The event log is only ever added to: it is the audit."""

from django.db import migrations

FOREVER = """
CREATE FUNCTION core_event_is_forever() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'events are never changed: record what happened since as another event'
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER core_event_is_forever BEFORE UPDATE OR DELETE OR TRUNCATE ON core_event
  FOR EACH STATEMENT EXECUTE FUNCTION core_event_is_forever();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [
        migrations.RunSQL(
            FOREVER, "DROP TRIGGER core_event_is_forever ON core_event; DROP FUNCTION core_event_is_forever()"
        )
    ]
