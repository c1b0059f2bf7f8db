"""Rows that thousands of others name without a constraint of their own: a trigger keeps them there for ever."""

from django.db import migrations

KEPT = """
CREATE FUNCTION core_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are never deleted: switch them off instead', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0002_forever")]

    operations = [migrations.RunSQL(KEPT, "DROP FUNCTION core_is_kept()")]
