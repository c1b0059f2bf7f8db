"""Carriers rated by our own tables, whose labels we print: the built-in side of the carrier port."""

from collections.abc import Sequence

from quartermaster.core import sql
from quartermaster.shipping.ports import Account, Bought, Offer, RefusedByCarrier, Shipment, Wanted
from quartermaster.shipping.queries.tables import tables_in_force
from quartermaster.shipping.rules import rate
from quartermaster.shipping.rules.addresses import faults

# The number carries a check digit, so that a mistyped one is not another parcel's.
ISSUE = """
with new as materialized (
  select nextval(pg_get_serial_sequence('shipping_issued', 'id')) as id, w.*
  from jsonb_to_recordset(%s::jsonb) as w(
    reference text, carrier text, service text, cost_minor bigint, currency text)
  where not exists (select from shipping_issued i where i.reference = w.reference))
insert into shipping_issued (id, reference, carrier, service, tracking_number, cost_minor, currency)
select id, reference, carrier, service,
  upper(left(regexp_replace(carrier, '[^a-z0-9]', '', 'g'), 2)) || lpad(id::text, 9, '0')
    || (10 - (select sum(d::int * (1 + 2 * (n %% 2))) %% 10
              from unnest(string_to_array(lpad(id::text, 9, '0'), null)) with ordinality as x(d, n))) %% 10,
  cost_minor, currency
from new on conflict (reference) do nothing
"""
FIND = """
select reference, tracking_number, cost_minor, currency, voided_at is not null
from shipping_issued where reference = any(%s)
"""
VOID = "update shipping_issued set voided_at = coalesce(voided_at, now()) where reference = %s"


class OwnLabels:
    """Every carrier of the rate tables. It needs no account and no network. The way back costs what the way
    there does."""

    returns_on_scan = False

    def rate(self, *, account: Account, shipment: Shipment) -> tuple[Offer, ...]:
        return self.rate_all(account=account, shipments=[shipment])[0]

    def rate_all(self, *, account: Account, shipments: Sequence[Shipment]) -> list[tuple[Offer, ...]]:
        tables = tables_in_force().tables
        return [rate(shipment, tables, account=account.slug) for shipment in shipments]

    def buy(self, *, account: Account, wanted: Wanted) -> Bought:
        (answer,) = self.buy_all(account=account, wanted=[wanted])
        if isinstance(answer, RefusedByCarrier):
            raise answer
        return answer

    def buy_all(self, *, account: Account, wanted: Sequence[Wanted]) -> list[Bought | RefusedByCarrier]:
        known = {(c.code, p.code) for c in tables_in_force().tables.carriers for p in c.products}
        refused = [_refusal(each, known) for each in wanted]
        taken = [each for each, refusal in zip(wanted, refused, strict=True) if refusal is None]
        if taken:
            sql.run(ISSUE, (sql.rows(_issued(each) for each in taken),))
        found = _find([each.reference for each in taken])
        return [refusal or found[each.reference] for each, refusal in zip(wanted, refused, strict=True)]

    def find(self, *, account: Account, reference: str, ref: str = "") -> Bought | None:
        return _find([reference]).get(reference)

    def void(
        self,
        *,
        account: Account,
        reference: str,
        tracking_number: str,
        ref: str = "",
        carrier_ref: str = "",
    ) -> None:
        if not sql.change(VOID, (reference,)):
            raise RefusedByCarrier(f"No label was ever issued for {reference}.")


def _refusal(wanted: Wanted, known: set[tuple[str, str]]) -> RefusedByCarrier | None:
    if (wanted.carrier, wanted.service) not in known:
        return RefusedByCarrier(f"The rate tables have no {wanted.carrier} {wanted.service} any more.")
    if wrong := faults(wanted.shipment.receiver):
        return RefusedByCarrier(f"The address cannot be delivered to: {', '.join(wrong)}.")
    return None


def _issued(wanted: Wanted) -> dict[str, object]:
    return {
        "reference": wanted.reference,
        "carrier": wanted.carrier,
        "service": wanted.service,
        "cost_minor": wanted.cost_minor,
        "currency": wanted.currency,
    }


def _find(references: Sequence[str]) -> dict[str, Bought]:
    return {
        reference: Bought(reference, tracking_number, cost_minor, currency, is_void=is_void)
        for reference, tracking_number, cost_minor, currency, is_void in sql.run(FIND, (list(references),))
    }
