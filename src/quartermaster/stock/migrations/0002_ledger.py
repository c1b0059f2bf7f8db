"""What makes the tables a ledger: the world's places, and a trigger that keeps what was written.

Not here: a trigger that compares balances with movements at commit. Comparing costs the whole history of a SKU,
and keeping a second, running sum only to compare it doubles the writes of a posting. The CHECKs keep every single
row sane, the hash chain names a changed one, and `./qm doctor` proves that the sums agree.
"""

from django.db import migrations

WORLD = """
INSERT INTO stock_place (id, code, location_id, kind, within_id) VALUES
  (-1, 'world:supplier', NULL, 'world', NULL),
  (-2, 'world:customer', NULL, 'world', NULL),
  (-3, 'world:scrap', NULL, 'world', NULL),
  (-4, 'world:adjustment', NULL, 'world', NULL)
"""

FOREVER = """
CREATE FUNCTION stock_is_forever() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is never changed: post a movement back instead', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation', HINT = 'A movement with source and target swapped undoes one, and both stay readable.';
END $$;
CREATE TRIGGER stock_movement_is_forever BEFORE UPDATE OR DELETE OR TRUNCATE ON stock_movement
  FOR EACH STATEMENT EXECUTE FUNCTION stock_is_forever();
CREATE TRIGGER stock_link_is_forever BEFORE UPDATE OR DELETE OR TRUNCATE ON stock_link
  FOR EACH STATEMENT EXECUTE FUNCTION stock_is_forever();
"""

# Levels and balances change far more often than they appear: room on the page keeps an update off the indexes.
ROOM = """
ALTER TABLE stock_level SET (fillfactor = 70);
ALTER TABLE stock_balance SET (fillfactor = 70);
"""


class Migration(migrations.Migration):
    dependencies = [("stock", "0001_initial")]

    operations = [
        migrations.RunSQL(WORLD, "DELETE FROM stock_place WHERE id < 0"),
        migrations.RunSQL(
            FOREVER,
            "DROP TRIGGER stock_movement_is_forever ON stock_movement;"
            "DROP TRIGGER stock_link_is_forever ON stock_link;"
            "DROP FUNCTION stock_is_forever()",
        ),
        migrations.RunSQL(
            ROOM, "ALTER TABLE stock_level RESET (fillfactor); ALTER TABLE stock_balance RESET (fillfactor)"
        ),
    ]
