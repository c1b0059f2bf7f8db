"""Say what a marketplace holds us to from a day on."""

from datetime import date, datetime
from typing import Final

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import Invalid
from quartermaster.core.events import emit
from quartermaster.core.texts import short
from quartermaster.events import TermsWritten
from quartermaster.marketplaces.rules.rolling import today
from quartermaster.marketplaces.rules.terms import Measure, Terms, wrong_with
from quartermaster.marketplaces.rules.zones import ZONES

WRITE: Final = """
insert into marketplaces_terms (marketplace, country, measure, from_on, terms, because, actor, recorded_at)
select marketplace, country, measure, from_on, terms, because, actor, recorded_at
from jsonb_to_recordset(%s::jsonb) as t(marketplace text, country text, measure text, from_on date,
  terms jsonb, because text, actor text, recorded_at timestamptz)
"""
KNOWN: Final = "select from inbox_connection where kind = %s limit 1"
_BECAUSE_MAX = 1000


def write_terms(
    marketplace: str,
    country: str,
    measure: Measure,
    terms: Terms,
    *,
    from_on: date | None,
    because: str,
    at: datetime,
    by: str,
) -> date:
    """From `from_on` on, today (None) or later: past days keep what held then. Of two for the same day the
    newer holds. country "": wherever a country has none of its own. Today is the marketplace's own day.
    Returns the first day. Raises Invalid with every field."""
    errors = wrong_with(measure, terms)
    if not sql.run(KNOWN, (marketplace,)):
        errors["marketplace"] = "no shop of that kind is connected"
    if country and country not in ZONES:
        errors["country"] = f"empty, or one of {', '.join(sorted(ZONES))}"
    elif from_on is not None and from_on < today(country, at):
        errors["from_on"] = "today or later: past days keep what held then"
    if not because.strip():
        errors["because"] = "say why"
    if errors:
        raise Invalid(what="The terms", errors=errors)
    first = from_on or today(country, at)
    why = short(because.strip(), _BECAUSE_MAX)
    row = {
        "marketplace": marketplace,
        "country": country,
        "measure": measure,
        "from_on": first,
        "terms": terms,
        "because": why,
        "actor": by,
        "recorded_at": at,
    }
    with transaction.atomic():
        sql.run(WRITE, (sql.rows([row]),))
        emit(
            [
                TermsWritten(
                    subject=f"marketplace:{marketplace}",
                    at=at,
                    actor=by,
                    marketplace=marketplace,
                    country=country,
                    measure=measure,
                    from_on=first,
                    because=why,
                )
            ]
        )
    return first
