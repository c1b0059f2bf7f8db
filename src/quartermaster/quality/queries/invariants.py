"""What must hold of what was found. Rows come back as sentences."""

from itertools import batched

from quartermaster.core import sql
from quartermaster.quality.queries.differences import DIFFERING
from quartermaster.quality.queries.goods import goods
from quartermaster.quality.queries.naming import naming
from quartermaster.quality.rules.lint import lint

ROWS_MAX, CHECKED, SAMPLE = 100, 2000, 10_000
SETTLED = """
select g.sku_id from quality_graded g where g.looked_at is not null
  and not exists (select from quality_dirty d where d.sku_id = g.sku_id)
  and not exists (select from core_delivery d where d.listener = 'quality.follow_skus')
order by g.sku_id limit %s
"""
FOUND = "select sku_id, cause, about from quality_finding where sku_id = any(%s)"
SCORES = """
select s.code, g.score, n.points from quality_graded g join catalog_sku s on s.id = g.sku_id
cross join lateral (select coalesce(sum(points), 0) as points from (
  select max(points) as points from quality_finding f where f.sku_id = g.sku_id and f.ignored_at is null
  group by cause) c) n
where g.score <> greatest(0, 100 - n.points) order by g.sku_id limit %s
"""
STALE = """
select s.code, f.cause from quality_finding f join catalog_sku s on s.id = f.sku_id
where f.ignored_at is not null and f.ignored_says <> f.says order by f.id limit %s
"""
# Not of SKUs that are about to be looked at.
DIFFER = f"""
with live as materialized ({DIFFERING.format(which="true")})
select coalesce(v.field, d.field), l.name, d.field is null from live v
full join quality_differing d on d.field = v.field and d.listing_id = v.id
join channels_listing l on l.id = coalesce(v.id, d.listing_id)
where (v.id is null or d.field is null)
  and not exists (select from quality_dirty y where y.sku_id = l.sku_id or y.listing_id = l.id)
  and not exists (select from core_delivery y where y.listener = 'quality.follow_skus')
order by l.id limit %s
"""  # noqa: S608 - constants only
EDITS = """
select e.id, e.changed, e.refused, n.changed, n.refused from catalog_edit e cross join lateral (
  select count(*) filter (where r.refused = '' and r.changes <> '{}')::int as changed,
    count(*) filter (where r.refused <> '')::int as refused
  from catalog_edit_row r where r.edit_id = e.id) n
where (e.changed, e.refused) <> (n.changed, n.refused) order by 1 limit %s
"""


def findings_the_rules_do_not_give() -> list[str]:
    """The usual weight of variants moves with each of them: what hangs on it is not looked at here."""
    rules, wrong = naming(), []
    for part in batched([sku for (sku,) in sql.run(SETTLED, (SAMPLE,))], CHECKED):
        looked = goods(part, title_pattern=rules.title_pattern, code_pattern=rules.code_pattern)
        due = {(g.id, one.cause, one.about) for g in looked for one in lint(g, off=rules.off)}
        kept = set(sql.run(FOUND, (list(part),)))
        still = {row[0] for row in sql.run(SETTLED, (SAMPLE,))}
        names = {good.id: good.code for good in looked}
        wrong += [
            f"{names.get(sku, sku)}: {cause} {'is missing' if (sku, cause, about) in due else 'is left over'}"
            for sku, cause, about in sorted(due ^ kept)
            if cause not in ("weight-off", "not-listed") and sku in still
        ]
    return wrong[:ROWS_MAX]


def differences_that_are_not_written() -> list[str]:
    return [
        f"{name}: {field} {'differs, and is not written down' if is_missing else 'does not differ any more'}"
        for field, name, is_missing in sql.run(DIFFER, (ROWS_MAX,), prepare=False)
    ]


def scores_that_do_not_add_up() -> list[str]:
    return [
        f"{code} has {score}, its findings take off {off}"
        for code, score, off in sql.run(SCORES, (ROWS_MAX,))
    ]


def ignored_that_says_something_else() -> list[str]:
    return [
        f"{code}: {cause} was let be when it said something else"
        for code, cause in sql.run(STALE, (ROWS_MAX,))
    ]


def changes_that_do_not_add_up() -> list[str]:
    return [
        f"change {number} says {changed} changed, {refused} refused; its rows say {told}, {not_done}"
        for number, changed, refused, told, not_done in sql.run(EDITS, (ROWS_MAX,))
    ]


INVARIANTS = (
    (
        "quality.findings",
        "What is kept of a SKU that nothing waits for is what the rules find (the first 10,000)",
        findings_the_rules_do_not_give,
    ),
    ("quality.scores", "The score of a SKU is 100 less the points of its causes", scores_that_do_not_add_up),
    (
        "quality.ignored",
        "What was let be is let be only while it says the same",
        ignored_that_says_something_else,
    ),
    (
        "quality.differences",
        "Written down are just the listings that say something else than their products",
        differences_that_are_not_written,
    ),
    ("quality.changes", "The rows of a change add up to what it says", changes_that_do_not_add_up),
)
