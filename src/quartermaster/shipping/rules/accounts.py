"""Which account a site ships with."""

from collections.abc import Mapping


def is_off(settings: Mapping[str, object], service: str) -> bool:
    """Whether a service of this account is switched off: its `services_off`, codes with commas between."""
    off = (each.strip() for each in str(settings.get("services_off", "")).split(","))
    return service in filter(None, off)


def serves(settings: Mapping[str, object], site: str) -> bool:
    """Whether parcels of a site use this account: its `sites`, codes with commas between, or all of them."""
    sites = [each.strip() for each in str(settings.get("sites", "")).split(",") if each.strip()]
    return not sites or site in sites
