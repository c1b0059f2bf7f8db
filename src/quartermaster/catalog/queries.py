"""Reading the catalog: from codes to SKUs, from kits to their parts. Set-based: orders wait for it."""

import unicodedata
from collections.abc import Iterable

from quartermaster.core import sql
from quartermaster.core.texts import storable

_BETWEEN = "\x1f"  # no SKU code and no alias has control characters

type Pair = tuple[int, str]  # connection id, the code its channel uses

RESOLVE = """
select told.n, coalesce(a.sku_id, s.id)
from unnest(%s::bigint[], string_to_array(%s, chr(31))) with ordinality as told(connection_id, code, n)
left join catalog_alias a on a.connection_id = told.connection_id and a.code = told.code
left join catalog_sku s on s.code = told.code and a.id is null
where a.id is not null or s.id is not null
"""
PARTS = (
    "select kit_id, part_id, quantity from catalog_kit_leaf where kit_id = any(%s) order by kit_id, part_id"
)
ALIKE = """
select told.code, array_agg(s.code order by s.code)
from unnest(%s::text[], %s::text[]) as told(code, like_this)
join catalog_sku s on lower(normalize(s.code, nfkc)) = told.like_this
group by told.code
"""


def resolve(pairs: Iterable[Pair]) -> dict[Pair, int]:
    """SKU id of each code as that connection means it: its own alias first, else a SKU of exactly this code.

    Unknown codes are absent from the answer. One statement, whatever the number of codes.
    """
    # The codes travel as one text, which is cheaper than a list. None with its separator in it can be known.
    asked = [pair for pair in dict.fromkeys(pairs) if pair[1] and _BETWEEN not in pair[1]]
    if not asked:
        return {}
    codes = storable(_BETWEEN.join([code for _, code in asked]))
    found = sql.run(RESOLVE, ([connection for connection, _ in asked], codes))
    return {asked[n - 1]: sku_id for n, sku_id in found}


def parts(sku_ids: Iterable[int]) -> dict[int, list[tuple[int, int]]]:
    """What one unit of each kit takes from the shelf: (part id, units), taken apart to the bottom.

    SKUs that are no kits are absent. One statement.
    """
    taken_apart: dict[int, list[tuple[int, int]]] = {}
    for kit, part, quantity in sql.run(PARTS, (sorted(set(sku_ids)),)):
        taken_apart.setdefault(kit, []).append((part, quantity))
    return taken_apart


def alike(codes: Iterable[str]) -> dict[str, list[str]]:
    """SKU codes that look the same but for case and Unicode form: suggestions for a person, never a match."""
    asked = {storable(code): code for code in codes}
    found = sql.run(ALIKE, (list(asked), [_folded(code).lower() for code in asked]))
    alike = {
        asked[code]: [other for other in others if _folded(other) == _folded(code)] for code, others in found
    }
    return {code: others for code, others in alike.items() if others}


def _folded(code: str) -> str:
    return unicodedata.normalize("NFKC", code).casefold()
