"""Say who we are for customs."""

from collections.abc import Mapping
from datetime import datetime

import msgspec
from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.actions.setting import keep_setting
from quartermaster.core.errors import Invalid
from quartermaster.core.events import emit
from quartermaster.events import CustomsChanged
from quartermaster.shipping.queries.customs import KEY
from quartermaster.shipping.rules.customs import Profile, eori_fault, ioss_fault

SITES = "select code from stock_location where code = any(%s)"


def write_customs(profile: Profile, *, at: datetime, by: str) -> None:
    """From now on papers say this. Raises Invalid."""
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
    if errors:
        raise Invalid(what="The customs profile", errors=errors)
    with transaction.atomic():
        keep_setting(KEY, msgspec.to_builtins(profile), at=at, by=by)
        told = CustomsChanged(
            subject="customs",
            at=at,
            actor=by,
            incoterm=profile.incoterm,
            countries=tuple(
                sorted({*profile.eori, *(c for site in profile.sites.values() for c in site.eori)})
            ),
        )
        emit([told])


def _faults(eori: Mapping[str, str], ioss: str, where: str = "") -> dict[str, str]:
    faults = {f"{where}eori {country}": eori_fault(country, number) for country, number in eori.items()}
    faults[f"{where}ioss"] = ioss_fault(ioss)
    return {field: fault for field, fault in faults.items() if fault}
