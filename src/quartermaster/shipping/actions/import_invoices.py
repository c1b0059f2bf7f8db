"""Import what carriers bill. A file told twice changes nothing; a charge billed twice is two."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec
from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.events import emit
from quartermaster.core.imports import Given, Kind, Step, Taken
from quartermaster.events import InvoiceTold
from quartermaster.shipping.rules import invoice_rows as rows

INVOICES: Final = """
insert into shipping_invoice (carrier, number, currency, told_at, told_by)
select carrier, number, currency, %(at)s, %(by)s
from jsonb_to_recordset(%(told)s::jsonb) as t(carrier text, number text, currency text)
order by carrier, number
on conflict (carrier, number) do nothing
"""
KNOWN: Final = """
select id, carrier, number, currency from shipping_invoice i
join jsonb_to_recordset(%s::jsonb) as t(carrier text, number text) using (carrier, number)
"""
CHARGES: Final = """
insert into shipping_charge (invoice_id, tracking_number, kind, amount_minor, billed_weight_g, shipped_on,
  digest, nth)
select invoice_id, tracking_number, kind, amount_minor, billed_weight_g, shipped_on,
  decode(digest, 'hex'), nth
from jsonb_to_recordset(%s::jsonb) as t(invoice_id bigint, tracking_number text, kind text,
  amount_minor bigint, billed_weight_g int, shipped_on date, digest text, nth int)
on conflict (invoice_id, digest, nth) do nothing
returning invoice_id, encode(digest, 'hex'), nth
"""


class Invoices(Kind):
    """The kind of import named `carrier_invoices`."""

    columns = rows.COLUMNS
    required = rows.REQUIRED
    days = ("shipped_on",)
    numbers = ("amount",)
    rows_depend = False

    def __init__(self, *, at: datetime, by: str) -> None:
        self._at, self._by = at, by

    def steps(self, *, digest: str, name: str) -> Sequence[Step]:
        return [_Charges(self._at, self._by)]


class _Charges:
    """One file. Equal rows are counted by their line, so that a batch may be tried again in parts."""

    def __init__(self, at: datetime, by: str) -> None:
        self._at, self._by = at, by
        self._lines: defaultdict[str, list[int]] = defaultdict(list)

    def wants(self, row: Given) -> bool:
        return True

    @transaction.atomic
    def take(self, given: Sequence[Given]) -> list[Taken]:
        read = [rows.row(each.cells) for each in given]
        sound = [row for row, _ in read if row is not None]
        invoices = self._invoices(sound)
        taken: list[Taken | None] = []
        charges: list[dict[str, object]] = []
        for each, (row, errors) in zip(given, read, strict=True):
            if row is None:
                taken.append(Taken("; ".join(f"{column}: {what}" for column, what in errors.items())))
                continue
            invoice_id, currency = invoices[row.carrier, row.invoice]
            if currency != row.currency:
                taken.append(Taken(f"currency: the invoice is in {currency}"))
                continue
            taken.append(None)
            charge = msgspec.structs.asdict(row)
            charges.append({**charge, "invoice_id": invoice_id, "nth": self._nth(row.digest, each.number)})
        new = {tuple(found) for found in sql.run(CHARGES, (sql.rows(charges),))} if charges else set()
        self._tell({invoice_id for invoice_id, _, _ in new})
        kept = iter(charges)
        return [one or self._taken(next(kept), new) for one in taken]

    def _invoices(self, sound: Sequence[rows.Row]) -> dict[tuple[str, str], tuple[int, str]]:
        """(carrier, number) -> its id and currency; the first row of an invoice says its currency."""
        named: dict[tuple[str, str], dict[str, str]] = {}
        for row in sound:
            told = {"carrier": row.carrier, "number": row.invoice, "currency": row.currency}
            named.setdefault((row.carrier, row.invoice), told)
        if not named:
            return {}
        names = sql.rows(named.values())
        sql.run(INVOICES, {"told": names, "at": self._at, "by": self._by})
        return {(carrier, number): (key, money) for key, carrier, number, money in sql.run(KNOWN, (names,))}

    def _nth(self, digest: str, line: int) -> int:
        lines = self._lines[digest]
        if line not in lines:
            lines.append(line)
        return lines.index(line)

    def _tell(self, invoice_ids: set[int]) -> None:
        emit(
            [
                InvoiceTold(subject=f"invoice:{key}", at=self._at, actor=self._by, invoice_id=key)
                for key in sorted(invoice_ids)
            ]
        )

    def _taken(self, charge: dict[str, object], new: set[tuple[object, ...]]) -> Taken:
        return Taken(is_new=(charge["invoice_id"], charge["digest"], charge["nth"]) in new)
