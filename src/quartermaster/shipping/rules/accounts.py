"""Which account a site ships with."""

from collections.abc import Mapping


def serves(settings: Mapping[str, object], site: str) -> bool:
    """Whether parcels of a site use this account: its `sites`, codes with commas between, or all of them."""
    sites = [each.strip() for each in str(settings.get("sites", "")).split(",") if each.strip()]
    return not sites or site in sites
