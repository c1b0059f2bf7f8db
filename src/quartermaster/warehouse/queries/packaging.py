"""The versions of the packaging."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime

import msgspec

from quartermaster.core import sql
from quartermaster.core.csvs import guarded
from quartermaster.core.queries import versions
from quartermaster.core.queries.versions import Document, in_force, version_of
from quartermaster.warehouse.rules.carton_rows import COLUMNS, row_of
from quartermaster.warehouse.rules.packaging import FIRST, Carton, Packaging
from quartermaster.warehouse.rules.scale import Weighed


class Version(msgspec.Struct, frozen=True):
    """Packaging with why it was made. made_at is None for what we start with."""

    packaging: Packaging
    because: str
    actor: str
    made_at: datetime | None


PACKAGING = Document(
    "The packaging",
    "warehouse_packaging",
    "packaging",
    Packaging,
    FIRST,
    "What we start with: plain mailers and boxes.",
)
INSERTS_G = "select coalesce(sum(weight_g), 0) from warehouse_parcel_insert where parcel_id = %s"
PACKED = """
select coalesce(s.code, l.code), sum(i.quantity)::bigint, s.weight_g
from warehouse_parcel_item i join orders_line l on l.id = i.line_id
left join catalog_sku s on s.id = i.sku_id where i.parcel_id = %s group by 1, 3 order by 1
"""


def packaging_in_force() -> Version:
    """The highest version; what we start with while nobody has changed it."""
    return _told(in_force(PACKAGING))


def packaging_of(version: int) -> Version:
    """One version. Raises NotFound."""
    return _told(version_of(PACKAGING, version))


def _told(found: versions.Version[Packaging]) -> Version:
    return Version(found.content, found.because, found.actor, found.made_at)


def table_of(cartons: Iterable[Carton]) -> str:
    """Cartons as CSV, for a spreadsheet and for the way back."""
    text = io.StringIO()
    rows = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    rows.writeheader()
    rows.writerows({k: guarded(v) for k, v in row_of(each).items()} for each in cartons)
    return text.getvalue()


def packed_in(parcel_id: int) -> list[Weighed]:
    """What is in a parcel, with the weight of one unit."""
    return [Weighed(*row) for row in sql.run(PACKED, (parcel_id,))]


def inserts_g(parcel_id: int) -> int:
    """What the inserts of a parcel weigh together."""
    return int(sql.run(INSERTS_G, (parcel_id,))[0][0])
