"""Remember what customers said, in batches of plain structs; a constant number of statements a batch."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec
from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.kept import Became, Kept, refused
from quartermaster.support.rules import history as rules
from quartermaster.support.rules.history import PastRating

REMEMBER: Final = """
with told as (
  select t.*, o.id as order_id from jsonb_to_recordset(%(ratings)s::jsonb) as t(
    n int, external_id text, kind text, score smallint, "order" text, comment text, at timestamptz)
  left join orders_order o on o.connection_id = %(connection)s and o.external_id = t."order"),
sound as (select * from told where "order" = '' or order_id is not null),
old as (
  select s.n, r.id from sound s join support_rating r on r.source = %(source)s
    and r.external_id = s.external_id),
fresh as (
  insert into support_rating (source, external_id, order_id, kind, score, comment, at, recorded_at)
  select %(source)s, external_id, order_id, kind, score, comment, at, %(at)s from sound s
  where not exists (select from old where old.n = s.n) order by n
  on conflict (source, external_id) do nothing
  returning id, external_id),
changed as (
  update support_rating r set
    order_id = s.order_id, kind = s.kind, score = s.score, comment = s.comment, at = s.at
  from sound s join old using (n)
  where r.id = old.id and (r.order_id, r.kind, r.score, r.comment, r.at)
    is distinct from (s.order_id, s.kind, s.score, s.comment, s.at)
  returning r.id)
select t.n, coalesce(fresh.id, old.id), case
  when t."order" <> '' and t.order_id is null then 'lost'
  when fresh.id is not null then 'new'
  when changed.id is not null then 'changed'
  else 'same' end
from told t left join fresh using (external_id) left join old using (n) left join changed
  on changed.id = old.id
order by t.n
"""


@transaction.atomic
def remember_ratings(
    ratings: Sequence[PastRating], *, connection_id: int, slug: str, at: datetime
) -> list[Kept]:
    """Keep what customers said, one answer for each. `slug` names the connection and is their source."""
    answers: dict[int, Kept] = {}
    firsts: dict[str, int] = {}
    for n, rating in enumerate(ratings):
        if wrong := rules.wrong_with(rating):
            answers[n] = refused(wrong)
        elif firsts.setdefault(rating.external_id, n) != n:
            answers[n] = refused(f"review: {rating.external_id} stands there twice")
    rows = [
        {"n": n, **msgspec.structs.asdict(rating)} for n, rating in enumerate(ratings) if n not in answers
    ]
    given = {"ratings": sql.rows(rows), "connection": connection_id, "source": slug, "at": at}
    for n, rating_id, became in sql.run(REMEMBER, given):
        if became == "lost":
            answers[n] = refused(f"order: there is no order {ratings[n].order}; import it first")
        else:
            answers[n] = Kept(rating_id, Became(became))
    return [answers[n] for n in range(len(ratings))]
