from django.db import migrations

# What was owed before there were refunds.
OWED = """
with made as (
  insert into money_refund (order_id, cause, currency, amount_minor, items_minor, discount_minor,
    shipping_minor, tax_minor, fees_minor, covered_minor, is_tax_included, paid_minor, refunded_minor,
    told_minor, because, at, actor)
  select o.id, 'change', o.currency, d.owed_minor, -d.items_minor, -d.discount_minor, -d.shipping_minor,
    -d.tax_minor, -d.fees_minor, -d.total_minor - d.owed_minor, o.is_tax_included, o.paid_minor,
    o.refunded_minor, o.refunded_minor, 'owed since it was changed', now(), 'system'
  from orders_difference d join orders_order o on o.id = d.order_id
  where d.owed_minor > 0 and d.owed_minor <= o.paid_minor - o.refunded_minor
  returning id, order_id)
insert into money_refund_line (refund_id, line_id, units, items_minor, discount_minor, tax_minor)
select m.id, l.id, greatest(0, least(l.cancelled_here, l.sold) - least(l.cancelled_there, l.sold)),
  -u.items_now_minor, -u.discount_now_minor, -u.tax_now_minor
from made m join orders_line l on l.order_id = m.order_id join orders_ours u on u.line_id = l.id
where (u.items_now_minor, u.discount_now_minor, u.tax_now_minor) <> (0, 0, 0)
"""
# At the end of the transaction, for what is due is often moved from one cause to another within it.
CAPTURED = """
CREATE FUNCTION refunds_are_within_what_was_captured() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE due bigint; here bigint;
BEGIN
  SELECT greatest(0, paid_minor - refunded_minor) INTO here FROM orders_order WHERE id = NEW.order_id
    FOR NO KEY UPDATE;
  SELECT coalesce(sum(amount_minor), 0) INTO due FROM money_refund
    WHERE order_id = NEW.order_id AND state = 'due';
  IF due > here THEN
    RAISE EXCEPTION 'SO-%: % is due to be given back, of % that is here', NEW.order_id, due, here
      USING ERRCODE = 'check_violation', CONSTRAINT = 'refunds_within_captured';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER refunds_within_captured AFTER INSERT OR UPDATE OF amount_minor, state
  ON money_refund DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.state = 'due') EXECUTE FUNCTION refunds_are_within_what_was_captured();
"""
NOT_CAPTURED = """
DROP TRIGGER refunds_within_captured ON money_refund;
DROP FUNCTION refunds_are_within_what_was_captured();
"""


class Migration(migrations.Migration):

    dependencies = [("money", "0001_initial")]

    operations = [
        migrations.RunSQL(OWED, migrations.RunSQL.noop),
        migrations.RunSQL(CAPTURED, NOT_CAPTURED),
    ]
