"""The terms there are: what is published, and what people wrote over it."""

from datetime import date, datetime

import msgspec

from quartermaster.core import sql
from quartermaster.marketplaces.rules.published import PUBLISHED
from quartermaster.marketplaces.rules.terms import Measure, Terms, Written

WRITTEN = """
select row_to_json(x)::text from (
  select id as rank, marketplace, country, measure, from_on, terms, because, actor, recorded_at
  from marketplaces_terms
  where %(marketplace)s = '' or marketplace = %(marketplace)s order by id desc) x
"""


class TermsShown(msgspec.Struct, frozen=True):
    """Terms from a day on, and who wrote them: "" where they are as published."""

    marketplace: str
    country: str
    measure: Measure
    from_on: date
    terms: Terms
    because: str
    rank: int = 0
    actor: str = ""
    recorded_at: datetime | None = None


def written(marketplace: str = "") -> list[TermsShown]:
    """Those people wrote, the newest first."""
    rows = sql.run(WRITTEN, {"marketplace": marketplace})
    return [msgspec.json.decode(row, type=TermsShown) for (row,) in rows]


def terms_of(marketplace: str) -> list[Written]:
    """All that may be in force there."""
    ours = [
        Written(one.marketplace, one.country, one.measure, one.from_on, one.terms, one.because, one.rank)
        for one in written(marketplace)
    ]
    return [*(one for one in PUBLISHED if one.marketplace == marketplace), *ours]


def published(marketplace: str = "") -> list[TermsShown]:
    return [
        TermsShown(one.marketplace, one.country, one.measure, one.from_on, one.terms, one.because)
        for one in PUBLISHED
        if marketplace in ("", one.marketplace)
    ]
