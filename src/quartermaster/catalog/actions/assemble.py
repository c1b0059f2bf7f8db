"""Say what kits are made of. What they take from the shelf is worked out at once, for the kits above too."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from msgspec import Struct, json

from quartermaster.catalog.actions.outcomes import Outcome, lock
from quartermaster.catalog.rules import kits as rules
from quartermaster.core import sql
from quartermaster.core.errors import Invalid
from quartermaster.core.events import emit
from quartermaster.core.quantities import QUANTITY_MAX
from quartermaster.core.texts import storable
from quartermaster.events import SkuChanged


class Kit(Struct, frozen=True):
    """A virtual kit: SKU -> how many of it are in one. No parts: it is no kit (any more)."""

    code: str
    parts: Mapping[str, int]


# The kits above those asked for, and everything inside all of these.
GRAPH = """
with recursive above(id) as (
  select id from catalog_sku where code = any(%(kits)s)
  union select k.kit_id from catalog_kit_part k join above on k.part_id = above.id),
inside(id) as (
  select id from above
  union select id from catalog_sku where code = any(%(parts)s)
  union select k.part_id from catalog_kit_part k join inside on k.kit_id = inside.id)
select s.id, s.code, coalesce((
  select jsonb_object_agg(k.part_id, k.quantity) from catalog_kit_part k where k.kit_id = s.id), '{}')::text
from inside join catalog_sku s using (id)
"""
WRITE = """
with new as (
  select * from jsonb_to_recordset(%(parts)s::jsonb) as w(kit_id bigint, part_id bigint, quantity bigint)),
gone as (
  delete from catalog_kit_part where kit_id = any(%(changed)s)
    and (kit_id, part_id) not in (select kit_id, part_id from new)),
kind as (
  update catalog_sku s set is_kit = s.id in (select kit_id from new), version = s.version + 1
  where s.id = any(%(changed)s))
insert into catalog_kit_part (kit_id, part_id, quantity)
select kit_id, part_id, quantity from new
on conflict (kit_id, part_id) do update set quantity = excluded.quantity
"""
PROJECT = """
with new as (
  select * from jsonb_to_recordset(%(leaves)s::jsonb) as w(kit_id bigint, part_id bigint, quantity bigint)),
gone as (
  delete from catalog_kit_leaf where kit_id = any(%(kits)s)
    and (kit_id, part_id) not in (select kit_id, part_id from new))
insert into catalog_kit_leaf (kit_id, part_id, quantity)
select kit_id, part_id, quantity from new
on conflict (kit_id, part_id) do update set quantity = excluded.quantity
"""

type _Graph = dict[int, dict[int, int]]
_PARTS = json.Decoder(dict[int, int])


@transaction.atomic
def set_kits(kits: Sequence[Kit], *, at: datetime, by: str, source: str = "") -> list[Outcome]:
    """Set the parts of kits; one outcome per kit, in their order. All SKUs must be there already.

    A kit that would hold itself is refused with the circle named. Of several for one SKU the last counts.
    """
    lock()
    names, graph = _graph(kits)
    ids = {code: id for id, code in names.items()}
    before = dict(graph)
    outcomes = []
    for kit in kits:
        if errors := _errors(kit, ids):
            refused = Invalid(what=f"The kit {kit.code[:80]!r}", errors=errors)
            outcomes.append(Outcome(None, refused))
            continue
        id = ids[kit.code]
        was, graph[id] = graph[id], {ids[code]: quantity for code, quantity in kit.parts.items()}
        if why := rules.fault(graph, id, names):
            graph[id] = was
            refused = Invalid(what=f"The kit {kit.code}", errors={"kit": why})
            outcomes.append(Outcome(None, refused))
        else:
            outcomes.append(Outcome(id, is_new=graph[id] != before[id]))
    changed = [id for id, parts in graph.items() if parts != before[id]]
    if changed:
        touched = rules.above(graph, changed)
        leaves = {id: rules.leaves(graph, id) for id in touched}
        parts = {id: graph[id] for id in changed}
        sql.run(WRITE, {"changed": changed, "parts": sql.rows(_rows(parts))})
        sql.run(PROJECT, {"kits": sorted(touched), "leaves": sql.rows(_rows(leaves))})
        _tell(changed, before, graph, names, at=at, by=by, source=source)
    return outcomes


def _graph(kits: Sequence[Kit]) -> tuple[dict[int, str], _Graph]:
    asked = [storable(kit.code) for kit in kits]
    inside = [storable(code) for kit in kits for code in kit.parts]
    found = sql.run(GRAPH, {"kits": asked, "parts": inside})
    return (
        {id: code for id, code, _ in found},
        {id: _PARTS.decode(parts) for id, _, parts in found},
    )


def _errors(kit: Kit, ids: Mapping[str, int]) -> dict[str, str]:
    if kit.code not in ids:
        return {"sku": f"there is no SKU {kit.code[:80]}"}
    if unknown := sorted(kit.parts.keys() - ids.keys()):
        return {"kit": f"there is no SKU {', '.join(unknown)[:300]}"}
    if not all(0 < quantity <= QUANTITY_MAX for quantity in kit.parts.values()):
        return {"kit": "at least one of each part"}
    return {}


def _rows(kits: Mapping[int, Mapping[int, int]]) -> list[dict[str, int]]:
    return [
        {"kit_id": kit, "part_id": part, "quantity": quantity}
        for kit, parts in kits.items()
        for part, quantity in parts.items()
    ]


def _tell(
    changed: Sequence[int],
    before: _Graph,
    after: _Graph,
    names: Mapping[int, str],
    *,
    at: datetime,
    by: str,
    source: str,
) -> None:
    """A kit tells its parts; a kit above it, what it takes from the shelf now."""
    facts: dict[int, dict[str, tuple[object, object]]] = {
        id: {"kit": (_named(before[id], names), _named(after[id], names))} for id in changed
    }
    for id in rules.above(after, changed) - facts.keys():
        was, now = rules.leaves(before, id), rules.leaves(after, id)
        if was != now:
            facts[id] = {"leaves": (_named(was, names), _named(now, names))}
    emit(
        SkuChanged(subject=f"sku:{names[id]}", at=at, actor=by, source=source, sku_id=id, changed=facts[id])
        for id in sorted(facts, key=names.__getitem__)
    )


def _named(parts: Mapping[int, int], names: Mapping[int, str]) -> dict[str, int]:
    return {names[part]: quantity for part, quantity in parts.items()}
