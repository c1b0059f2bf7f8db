"""Write prices on a list: all rows that can be, or none when so many move far that a person has to look."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db import transaction

from quartermaster.channels.actions.prices.lists import list_called
from quartermaster.channels.actions.prices.mark import mark_prices
from quartermaster.channels.queries.prices.figures import Figure, figures
from quartermaster.channels.rules.prices.guards import moved_far
from quartermaster.channels.rules.prices.rows import ROWS_MAX, PriceRow, moved, problem
from quartermaster.core import sql
from quartermaster.core.errors import Invalid
from quartermaster.core.events import emit
from quartermaster.events import PriceListChanged

# One change of a list at a time: what it is held against stays so until it is written.
LOCK = "select 1 from channels_price_list where id = %s for no key update"
SKUS = """
select s.code, s.id, v.price_minor, v.compare_at_minor, v.least_minor, v.most_minor from catalog_sku s
left join channels_list_price v on v.sku_id = s.id and v.list_id = %s
where s.code = any(%s)
"""
PUT = """
insert into channels_list_price as v
  (list_id, sku_id, price_minor, compare_at_minor, least_minor, most_minor, changed_at, changed_by)
select %(list)s, r.sku_id, r.price_minor, r.compare_at_minor, r.least_minor, r.most_minor, %(at)s, %(by)s
from jsonb_to_recordset(%(rows)s::jsonb) as r(sku_id bigint, price_minor bigint, compare_at_minor bigint,
  least_minor bigint, most_minor bigint) order by r.sku_id
on conflict (list_id, sku_id) do update set price_minor = excluded.price_minor,
  compare_at_minor = excluded.compare_at_minor, least_minor = excluded.least_minor,
  most_minor = excluded.most_minor, changed_at = excluded.changed_at, changed_by = excluded.changed_by
"""
TAKE_OFF = "delete from channels_list_price where list_id = %s and sku_id = any(%s)"
BATCH = """
insert into channels_price_batch (list_id, state, rows, counted, far, sentence, made_at, made_by)
values (%(list)s, %(state)s, %(rows)s::jsonb, %(counted)s, %(far)s, %(sentence)s, %(at)s, %(by)s) returning id
"""
LISTINGS = """
select l.id from channels_listing l join channels_listing_price p on p.listing_id = l.id
join channels_pricing g on g.shop_id = l.shop_id
where g.list_id = %s and l.sku_id = any(%s) and l.gone_at is null order by 1
"""


class RowResult(msgspec.Struct, frozen=True):
    """What became, or would become, of a row. outcome: new, changed, same, removed, refused (because says
    why). blocked: what a guard says, shop by shop, of prices it would hold back."""

    sku: str
    outcome: str
    was_minor: int | None = None
    minor: int | None = None
    is_far: bool = False
    because: str = ""
    blocked: tuple[str, ...] = ()


class PutResult(msgspec.Struct, frozen=True):
    """batch: its number; None for a preview. state: written, held (sentence says why) or preview."""

    batch: int | None
    state: str
    sentence: str
    rows: tuple[RowResult, ...]


def put_prices(
    list_name: str, rows: Sequence[PriceRow], *, is_preview: bool = False, at: datetime, by: str
) -> PutResult:
    """Row by row: one that is wrong harms no other. Prices follow to the shops within seconds. Held as one,
    and nothing written, when as many move far as the list says. A preview writes nothing, and says what
    every guard of every shop would. Raises NotFound, Invalid."""
    if not 0 < len(rows) <= ROWS_MAX:
        raise Invalid(what="The prices", errors={"rows": f"from 1 to {ROWS_MAX:,} rows"})
    with transaction.atomic():
        found = _put(list_name, rows, is_preview=is_preview, at=at, by=by)
        if is_preview:
            transaction.set_rollback(True)
    return found


def _put(list_name: str, rows: Sequence[PriceRow], *, is_preview: bool, at: datetime, by: str) -> PutResult:
    list_id, name, _, percent, rows_max, _ = list_called(list_name)
    sql.run(LOCK, (list_id,))
    known = {code: tuple(rest) for code, *rest in sql.run(SKUS, (list_id, [row.sku for row in rows]))}
    results: dict[str, RowResult] = {}
    good: dict[str, PriceRow] = {}
    for row in rows:
        results[row.sku] = result = _result(row, known, percent, is_again=row.sku in results)
        if result.outcome in ("new", "changed", "removed"):
            good[row.sku] = row
        elif result.outcome == "refused":
            good.pop(row.sku, None)
    was = {code: one[1] for code, one in known.items() if one[1] is not None}
    judged = moved(was, list(good.values()), percent=percent, rows_max=rows_max)
    is_held = bool(judged.sentence) and not is_preview
    if good and not is_held:
        write_rows(list_id, {known[sku][0]: row for sku, row in good.items()}, at=at, by=by)
    if is_preview:
        ids = {known[sku][0]: sku for sku in good}
        blocked = _blocked(list_id, ids, at)
        told = tuple(
            msgspec.structs.replace(one, blocked=blocked.get(sku, ())) for sku, one in results.items()
        )
        return PutResult(None, "preview", judged.sentence, told)
    batch = None
    if good:
        kept = sql.rows(good.values()) if is_held else "[]"
        state = "held" if is_held else "written"
        facts = {"list": list_id, "state": state, "rows": kept, "counted": len(good), "far": judged.far}
        sentence = judged.sentence if is_held else ""
        ((batch,),) = sql.run(BATCH, {**facts, "sentence": sentence, "at": at, "by": by})
        tell_list(name, state, len(good), judged.far, sentence, at=at, by=by)
    return PutResult(
        batch, "held" if is_held else "written", judged.sentence if is_held else "", (*results.values(),)
    )


def _result(
    row: PriceRow, known: dict[str, tuple[int | None, ...]], percent: int, *, is_again: bool
) -> RowResult:
    if row.sku not in known:
        return RowResult(row.sku, "refused", because="there is no such SKU")
    was, *beside = known[row.sku][1:]
    wrong = "the SKU stands there twice" if is_again else problem(row)
    if wrong:
        return RowResult(row.sku, "refused", was, row.price_minor, because=wrong)
    if row.price_minor is None:
        return RowResult(row.sku, "removed" if was is not None else "same", was)
    is_same = (was, *beside) == (row.price_minor, row.compare_at_minor, row.least_minor, row.most_minor)
    outcome = "new" if was is None else "same" if is_same else "changed"
    is_far = was is not None and moved_far(was, row.price_minor, percent)
    return RowResult(row.sku, outcome, was, row.price_minor, is_far)


def write_rows(list_id: int, rows: dict[int | None, PriceRow], *, at: datetime, by: str) -> None:
    """Write them (SKU's id -> row) and have the listings worked out, in the caller's transaction."""
    put = [
        {"sku_id": sku_id, **msgspec.structs.asdict(row)}
        for sku_id, row in rows.items()
        if row.price_minor is not None
    ]
    off = [sku_id for sku_id, row in rows.items() if row.price_minor is None]
    if put:
        sql.run(PUT, {"list": list_id, "rows": sql.rows(put), "at": at, "by": by})
    if off:
        sql.run(TAKE_OFF, (list_id, off))
    mark_prices(sku_id for sku_id in rows if sku_id is not None)


def figures_of(list_id: int, sku_ids: Sequence[int], at: datetime) -> list[Figure]:
    """The listings that follow the list with these SKUs, as they are to cost now."""
    return figures([id_ for (id_,) in sql.run(LISTINGS, (list_id, list(sku_ids)))], at)


def _blocked(list_id: int, ids: dict[int | None, str], at: datetime) -> dict[str, tuple[str, ...]]:
    said: dict[str, list[str]] = {}
    for one in figures_of(list_id, [id_ for id_ in ids if id_ is not None], at):
        if one.stops:
            said.setdefault(one.facts.sku, []).append(f"{one.facts.connection}: {one.because}")
    return {sku: tuple(told) for sku, told in said.items()}


def tell_list(name: str, what: str, rows: int, far: int, because: str, *, at: datetime, by: str) -> None:
    subject = f"price_list:{name}"
    told = PriceListChanged(
        subject=subject, at=at, actor=by, price_list=name, what=what, rows=rows, far=far, because=because
    )
    emit([told])
