"""A SKU's code is its name in every ledger: never changed. And an index that finds codes that look alike."""

from django.db import migrations

FOREVER = """
CREATE FUNCTION catalog_sku_code_is_forever() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the code of a SKU is never changed: give it an alias, or make another SKU'
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER catalog_sku_code_is_forever BEFORE UPDATE OF code ON catalog_sku
  FOR EACH ROW WHEN (OLD.code IS DISTINCT FROM NEW.code) EXECUTE FUNCTION catalog_sku_code_is_forever();
"""
NOT_FOREVER = """
DROP TRIGGER catalog_sku_code_is_forever ON catalog_sku; DROP FUNCTION catalog_sku_code_is_forever()
"""
ALIKE = "CREATE INDEX sku_alike ON catalog_sku (lower(normalize(code, NFKC)))"


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]

    operations = [
        migrations.RunSQL(FOREVER, NOT_FOREVER),
        migrations.RunSQL(ALIKE, "DROP INDEX sku_alike"),
    ]
