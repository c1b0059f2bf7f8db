"""Look anew at SKUs and listings that changed: off the river, in batches, each with a constant number of
statements. What is found stays the same row, so that what a person said of it stays too."""

from collections.abc import Collection, Iterable, Sequence

from django.db import transaction
from msgspec import to_builtins

from quartermaster.core import sql
from quartermaster.core.moment import now
from quartermaster.core.river import signal
from quartermaster.events import SkuChanged
from quartermaster.quality.actions.compare import compare
from quartermaster.quality.queries.goods import goods, needs
from quartermaster.quality.queries.naming import naming
from quartermaster.quality.rules.causes import CAUSES
from quartermaster.quality.rules.goods import Found, Good
from quartermaster.quality.rules.lint import complete, lint

BATCH = 2000

# An array is asked for once; a list of ids may be asked for anew with each row, where the planner still
# takes a queue for empty that has just become long.
CLAIM = """
delete from quality_dirty where id = any(array(
  select id from quality_dirty order by id limit %s for update skip locked)) returning sku_id, listing_id
"""
MARK = "insert into quality_dirty (sku_id) select id from unnest(%s::bigint[]) as t(id) order by 1"
MARK_ALL = """
insert into quality_dirty (sku_id, listing_id)
select s.id, null from catalog_sku s
where %(all)s or not exists (select from quality_graded g where g.sku_id = s.id)
union all select null, l.id from channels_listing l where %(all)s and l.sku_id is null and l.gone_at is null
"""
# A SKU changes; so may what is said of kits it is in.
FOLLOW = """
insert into quality_dirty (sku_id)
select id from unnest(%(ids)s::bigint[]) as t(id)
union select kit_id from catalog_kit_part where part_id = any(%(ids)s)
"""
# Whoever holds these rows reads the facts after it: no older look is ever written over a newer one.
GRADED = """
insert into quality_graded (sku_id) select id from catalog_sku where id = any(%s) order by id
on conflict (sku_id) do nothing
"""
LOCK = "select sku_id from quality_graded where sku_id = any(%s) order by sku_id for update"
WRITE = """
with new as materialized (
  select * from jsonb_to_recordset(%(rows)s::jsonb) as w(sku_id bigint, cause text, about text,
    severity int, points int, says text, fix jsonb, others jsonb)),
gone as (
  delete from quality_finding f where f.sku_id = any(%(ids)s) and not exists (
    select from new n where n.sku_id = f.sku_id and n.cause = f.cause and n.about = f.about)
  returning f.others),
written as (
  insert into quality_finding as f (sku_id, cause, about, severity, points, says, fix, others, found_at)
  select sku_id, cause, about, severity, points, says, fix, others, %(at)s from new order by sku_id
  on conflict (sku_id, cause, about) where sku_id is not null do update set
    severity = excluded.severity, points = excluded.points, says = excluded.says, fix = excluded.fix,
    others = excluded.others, ignored_says = '', ignored_because = '', ignored_by = '', ignored_at = null
  where (f.severity, f.points, f.says, f.fix, f.others) is distinct from
    (excluded.severity, excluded.points, excluded.says, excluded.fix, excluded.others)
  returning f.others)
select distinct o::bigint from (select others from gone union all select others from written) t,
  jsonb_array_elements_text(t.others) o where not o::bigint = any(%(ids)s)
"""
SCORE = """
update quality_graded g set score = greatest(0, 100 - n.points), errors = n.errors, warnings = n.warnings,
  hints = n.hints, looked_at = coalesce(%(at)s::timestamptz, g.looked_at),
  channels = coalesce(w.channels, g.channels)
from unnest(%(ids)s::bigint[]) as t(id)
left join jsonb_to_recordset(%(rows)s::jsonb) as w(sku_id bigint, channels jsonb) on w.sku_id = t.id
cross join lateral (
  select coalesce(sum(points), 0) as points, coalesce(sum(errors), 0) as errors,
    coalesce(sum(warnings), 0) as warnings, coalesce(sum(hints), 0) as hints from (
    select max(f.points) as points, count(*) filter (where f.severity = 1) as errors,
      count(*) filter (where f.severity = 2) as warnings, count(*) filter (where f.severity = 3) as hints
    from quality_finding f where f.sku_id = t.id and f.ignored_at is null group by f.cause) c) n
where g.sku_id = t.id
"""
# The SKU that its barcode or its code, but for case, points to: said, and mapped only by a person's word.
ORPHANS = """
with asked as (select l.*, c.slug from channels_listing l join inbox_connection c on c.id = l.shop_id
  where l.id = any(%(ids)s)),
fit as (
  select a.id, m.code as sku, m.because from asked a cross join lateral (
    select s.code, 'its barcode ' || a.barcode || ' is one of ' || s.code as because
    from catalog_barcode b join catalog_sku s on s.id = b.sku_id where b.code = a.barcode and a.barcode <> ''
    union all
    select s.code, 'its code is ' || s.code || ' but for capital letters' from catalog_sku s
    where lower(normalize(s.code, nfkc)) = lower(normalize(a.code, nfkc)) and a.code <> ''
    limit 1) m),
gone as (
  delete from quality_finding f using asked a where f.listing_id = a.id
    and (a.sku_id is not null or a.gone_at is not null or a.mapped_by = 'person'))
insert into quality_finding as f (listing_id, cause, severity, points, says, fix, found_at)
select a.id, 'orphan', %(severity)s, 0,
  a.slug || ' lists ' || coalesce(nullif(a.code, ''), a.name) || ', which is no SKU of ours',
  case when fit.sku is not null then jsonb_build_object('column', 'map', 'before', '', 'after', fit.sku,
    'because', fit.because) end, %(at)s
from asked a left join fit on fit.id = a.id
where a.sku_id is null and a.gone_at is null and a.mapped_by <> 'person' and %(wanted)s
order by a.id
on conflict (listing_id, cause) where listing_id is not null do update set says = excluded.says,
  fix = excluded.fix
where (f.says, f.fix) is distinct from (excluded.says, excluded.fix)
"""


def lint_dirty() -> int:
    """The chore: the next batch of what changed. Returns how many were looked at."""
    with transaction.atomic():
        claimed = sql.run(CLAIM, (BATCH,))
        if not claimed:
            return 0
        skus = {sku for sku, _ in claimed if sku is not None}
        listings = {listing for _, listing in claimed if listing is not None}
        rules = naming()
        if listings:
            facts = {"ids": sorted(listings), "severity": CAUSES["orphan"].severity, "at": now()}
            sql.run(ORPHANS, {**facts, "wanted": "orphan" not in rules.off})
        if skus:
            _look(skus)
        compare(skus, listings)
    return len(claimed)


def follow_skus(changes: Sequence[SkuChanged]) -> None:
    """The listener: what changed is looked at soon."""
    sql.run(FOLLOW, {"ids": sorted({change.sku_id for change in changes})})
    transaction.on_commit(signal.wake)


def mark(sku_ids: Iterable[int]) -> None:
    """Have these looked at anew, in the caller's transaction."""
    sql.run(MARK, (sorted(set(sku_ids)),))
    transaction.on_commit(signal.wake)


@transaction.atomic
def look_at_all(*, only_new: bool = False) -> int:
    """Everything is looked at anew, or what never was. Returns how many."""
    marked = sql.change(MARK_ALL, {"all": not only_new})
    transaction.on_commit(signal.wake)
    return marked


def score(sku_ids: Collection[int]) -> None:
    """Work out the scores of these from what is found of them, in the caller's transaction."""
    sql.run(SCORE, {"ids": sorted(sku_ids), "rows": "[]", "at": None})


def _look(skus: Collection[int]) -> None:
    ids = sorted(skus)
    sql.run(GRADED, (ids,))
    sql.run(LOCK, (ids,))
    rules, asked, at = naming(), needs(), now()
    looked = goods(ids, title_pattern=rules.title_pattern, code_pattern=rules.code_pattern)
    rows = [_row(good, found) for good in looked for found in lint(good, off=rules.off)]
    others = sql.run(WRITE, {"rows": sql.rows(rows), "ids": ids, "at": at}, prepare=False)
    graded = [{"sku_id": good.id, "channels": complete(good, asked)} for good in looked]
    sql.run(SCORE, {"ids": [good.id for good in looked], "rows": sql.rows(graded), "at": at}, prepare=False)
    if others:
        mark(sku_id for (sku_id,) in others)


def _row(good: Good, found: Found) -> dict[str, object]:
    cause = CAUSES[found.cause]
    return {
        "sku_id": good.id,
        "cause": found.cause,
        "about": found.about[:300],
        "severity": cause.severity,
        "points": cause.points,
        "says": found.says,
        "fix": to_builtins(found.fix),
        "others": found.others,
    }
