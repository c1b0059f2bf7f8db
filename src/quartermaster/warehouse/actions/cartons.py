"""Change the packaging: cartons by hand or from a table, inserts."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from msgspec.structs import replace

from quartermaster.core import sql
from quartermaster.core.errors import Invalid
from quartermaster.warehouse.actions.write_packaging import write_packaging
from quartermaster.warehouse.queries.packaging import packaging_in_force
from quartermaster.warehouse.rules.carton_rows import merged, read_rows
from quartermaster.warehouse.rules.packaging import Carton, Insert, Packaging

ARTICLE = "select 1 from catalog_sku where code = %s"
SITES = "select code from stock_location where code = any(%s)"


def change_cartons(
    cartons: Sequence[Carton], *, because: str, version: int | None = None, at: datetime, by: str
) -> Packaging:
    """Put these in the place of their namesakes, new ones behind; all others stay. Raises Invalid, also for a
    site nobody knows, and VersionMoved."""
    with transaction.atomic():
        named = {site for carton in cartons for site in carton.sites}
        known = {code for (code,) in sql.run(SITES, (sorted(named),))}
        errors = {
            f"carton {carton.code}": f"no site is called {', '.join(sorted(unknown))}"
            for carton in cartons
            if (unknown := set(carton.sites) - known)
        }
        if errors:
            raise Invalid(what="The packaging", errors=errors)
        now = packaging_in_force().packaging
        changed = replace(now, cartons=merged(now.cartons, cartons))
        basis = now.version if version is None else version
        return write_packaging(changed, because=because, version=basis, at=at, by=by)


def import_cartons(
    text: str, *, because: str, version: int | None = None, at: datetime, by: str
) -> Packaging:
    """`change_cartons` with the rows of a CSV. All of them or none: raises Invalid with what is wrong, row by
    row."""
    cartons, errors = read_rows(text)
    if errors:
        raise Invalid(what="The table of cartons", errors=errors)
    return change_cartons(cartons, because=because, version=version, at=at, by=by)


def change_insert(
    insert: Insert, *, is_gone: bool = False, because: str, version: int | None = None, at: datetime, by: str
) -> Packaging:
    """Put it in the place of its namesake, or behind the others; `is_gone` takes it out. Raises Invalid, also
    for an article nobody knows, and VersionMoved."""
    with transaction.atomic():
        if insert.sku and not sql.run(ARTICLE, (insert.sku,)):
            raise Invalid(what="The insert", errors={"sku": f"no SKU is called {insert.sku}"})
        now = packaging_in_force().packaging
        others = {one.code: one for one in now.inserts}
        if is_gone:
            others.pop(insert.code, None)
        else:
            others[insert.code] = insert
        changed = replace(now, inserts=tuple(others.values()))
        basis = now.version if version is None else version
        return write_packaging(changed, because=because, version=basis, at=at, by=by)
