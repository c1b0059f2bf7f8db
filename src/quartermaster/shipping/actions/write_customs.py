"""Say who we are for customs."""

from collections.abc import Mapping
from datetime import date, datetime

import msgspec
from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import Invalid
from quartermaster.core.events import emit
from quartermaster.events import CustomsChanged
from quartermaster.shipping.queries.customs_versions import NOBODY, profile_versions
from quartermaster.shipping.rules.customs import Profile, eori_fault, ioss_fault

WRITE = """
insert into shipping_customs_profile (version, from_on, profile, because, at, by)
values (%s, %s, %s::jsonb, %s, %s, %s)
"""
SITES = "select code from stock_location where code = any(%s)"


def write_customs(
    profile: Profile, *, because: str = "", from_on: date | None = None, at: datetime, by: str
) -> int:
    """From today on, or from a later day, papers say this: a new version, unless it says the same as the
    newest from the same day on. Returns its number. Raises Invalid."""
    errors = _faults(profile.eori, profile.ioss)
    known = {code for (code,) in sql.run(SITES, (sorted(profile.sites),))} if profile.sites else set()
    for code, site in profile.sites.items():
        if code not in known:
            errors[f"sites {code[:40]}"] = "there is no such site"
        errors |= _faults(site.eori, site.ioss, f"sites {code[:40]} ")
    for n, limit in enumerate(profile.forms):
        if limit.value_max_minor < 0 or limit.weight_max_g < 1:
            errors[f"forms {n}"] = "a value and a weight"
        if not limit.source.strip():
            errors[f"forms {n} source"] = "say who tells so"
    first = from_on or at.date()
    if first < at.date():
        errors["from_on"] = "today or later: what was declared before stays as it was"
    if errors:
        raise Invalid(what="The customs profile", errors=errors)
    with transaction.atomic():
        sql.run("select pg_advisory_xact_lock(hashtextextended('customs profile', 0))")
        newest = next(iter(profile_versions(most=1)), NOBODY)
        if newest.profile == profile and newest.from_on and newest.from_on <= first:
            return newest.version
        made = newest.version + 1
        told_as = msgspec.json.encode(profile).decode()
        sql.run(WRITE, (made, first, told_as, because.strip(), at, by))
        told = CustomsChanged(
            subject="customs",
            at=at,
            actor=by,
            version=made,
            from_on=first,
            because=because.strip(),
            incoterm=profile.incoterm,
            countries=tuple(
                sorted({*profile.eori, *(c for site in profile.sites.values() for c in site.eori)})
            ),
        )
        emit([told])
    return made


def _faults(eori: Mapping[str, str], ioss: str, where: str = "") -> dict[str, str]:
    faults = {f"{where}eori {country}": eori_fault(country, number) for country, number in eori.items()}
    faults[f"{where}ioss"] = ioss_fault(ioss)
    return {field: fault for field, fault in faults.items() if fault}
