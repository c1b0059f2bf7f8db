"""Keep by which versions a parcel was to be declared when its label was decided."""

from collections.abc import Mapping

import msgspec

from quartermaster.core import sql
from quartermaster.core.moment import now
from quartermaster.shipping.actions.keep_landed import Going
from quartermaster.shipping.queries.customs import of_sent, sent
from quartermaster.shipping.queries.customs_versions import profile_in_force, sku_versions
from quartermaster.shipping.rules.customs import crosses

KEEP = """
insert into shipping_declared (label_id, profile_id, skus, declaration, at)
select w.label_id, nullif(%(profile)s, 0), w.skus::jsonb, w.declaration, %(at)s
from unnest(%(labels)s::bigint[], %(skus)s::text[], %(declarations)s::bytea[])
  as w(label_id, skus, declaration)
on conflict (label_id) do update set profile_id = excluded.profile_id, skus = excluded.skus,
  declaration = excluded.declaration, at = excluded.at
"""


def keep_declared(going: Mapping[int, Going]) -> None:
    """By parcel. A constant number of statements; none when nothing crosses a border."""
    if not going:
        return
    known = profile_in_force()
    told = {
        key: of_sent(one, known.profile)
        for key, one in sent(list(going)).items()
        if crosses(one.country, one.receiver.country)
    }
    if not told:
        return
    of_sku = sku_versions(row.sku for each in told.values() for row in each.rows)
    skus = [{row.sku: of_sku.get(row.sku, 0) for row in each.rows} for each in told.values()]
    rows = {
        "profile": known.version,
        "labels": [going[key].label_id for key in told],
        "skus": [msgspec.json.encode(each).decode() for each in skus],
        "declarations": [msgspec.json.encode(each) for each in told.values()],
        "at": now(),
    }
    sql.run(KEEP, rows)
