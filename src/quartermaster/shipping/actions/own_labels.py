"""Carriers rated by our own tables, whose labels we print: the built-in side of the carrier port."""

from quartermaster.core import sql
from quartermaster.shipping.ports import Account, Bought, Offer, RefusedByCarrier, Shipment, Wanted
from quartermaster.shipping.queries.tables import tables_in_force
from quartermaster.shipping.rules import rate
from quartermaster.shipping.rules.addresses import faults

# The number carries a check digit, so that a mistyped one is not another parcel's.
ISSUE = """
with new as (select nextval(pg_get_serial_sequence('shipping_issued', 'id')) as id)
insert into shipping_issued (id, reference, carrier, service, tracking_number, cost_minor, currency)
select id, %(reference)s, %(carrier)s, %(service)s,
  upper(left(regexp_replace(%(carrier)s, '[^a-z0-9]', '', 'g'), 2)) || lpad(id::text, 9, '0')
    || (10 - (select sum(d::int * (1 + 2 * (n %% 2))) %% 10
              from unnest(string_to_array(lpad(id::text, 9, '0'), null)) with ordinality as x(d, n))) %% 10,
  %(cost_minor)s, %(currency)s
from new on conflict (reference) do nothing
"""
FIND = """
select reference, tracking_number, cost_minor, currency, voided_at is not null
from shipping_issued where reference = %s
"""
VOID = "update shipping_issued set voided_at = coalesce(voided_at, now()) where reference = %s"


class OwnLabels:
    """Every carrier of the rate tables. It needs no account and no network."""

    def rate(self, *, account: Account, shipment: Shipment) -> tuple[Offer, ...]:
        return rate(shipment, tables_in_force().tables, account=account.slug)

    def buy(self, *, account: Account, wanted: Wanted) -> Bought:
        known = {(c.code, p.code) for c in tables_in_force().tables.carriers for p in c.products}
        if (wanted.carrier, wanted.service) not in known:
            raise RefusedByCarrier(f"The rate tables have no {wanted.carrier} {wanted.service} any more.")
        if wrong := faults(wanted.shipment.receiver):
            raise RefusedByCarrier(f"The address cannot be delivered to: {', '.join(wrong)}.")
        sql.run(
            ISSUE,
            {
                "reference": wanted.reference,
                "carrier": wanted.carrier,
                "service": wanted.service,
                "cost_minor": wanted.cost_minor,
                "currency": wanted.currency,
            },
        )
        found = self.find(account=account, reference=wanted.reference)
        assert found is not None, "it was written a moment ago"
        return found

    def find(self, *, account: Account, reference: str) -> Bought | None:
        for number, tracking_number, cost_minor, currency, is_void in sql.run(FIND, (reference,)):
            return Bought(number, tracking_number, cost_minor, currency, is_void=is_void)
        return None

    def void(self, *, account: Account, reference: str, tracking_number: str) -> None:
        if not sql.change(VOID, (reference,)):
            raise RefusedByCarrier(f"No label was ever issued for {reference}.")
