"""Who we are for customs, as people tell it."""

from datetime import datetime

import msgspec
from django.db import transaction

from quartermaster.core.actions.setting import keep_setting
from quartermaster.core.errors import Invalid
from quartermaster.core.events import emit
from quartermaster.events import CustomsChanged
from quartermaster.shipping.queries.papers.customs import KEY
from quartermaster.shipping.rules.customs import Profile


def write_customs(profile: Profile, *, at: datetime, by: str) -> None:
    """From now on papers say this. Raises Invalid."""
    errors = {
        f"eori {country}": 'a country\'s two letters, or "EU"'
        for country in profile.eori
        if not (len(country) == 2 and country.isascii() and country.isupper())
    }
    if profile.ioss and not (profile.ioss.startswith("IM") and len(profile.ioss) == 12):
        errors["ioss"] = "begins with IM and has ten digits after it"
    if errors:
        raise Invalid(what="The customs profile", errors=errors)
    with transaction.atomic():
        keep_setting(KEY, msgspec.to_builtins(profile), at=at, by=by)
        told = CustomsChanged(
            subject="customs",
            at=at,
            actor=by,
            incoterm=profile.incoterm,
            countries=tuple(sorted(profile.eori)),
        )
        emit([told])
