"""The country of an order's marketplace, and whose days it counts.

Amazon counts the days of the marketplace: those of the US and Canada by Pacific time, the European ones by
their own. No source of Amazon's says so of every country; an official figure is compared over the days of UTC
that it names.
"""

from typing import Final

ZONES: Final = {
    "AE": "Asia/Dubai", "AU": "Australia/Sydney", "BE": "Europe/Brussels", "BR": "America/Sao_Paulo",
    "CA": "America/Los_Angeles", "DE": "Europe/Berlin", "EG": "Africa/Cairo", "ES": "Europe/Madrid",
    "FR": "Europe/Paris", "GB": "Europe/London", "IE": "Europe/Dublin", "IN": "Asia/Kolkata",
    "IT": "Europe/Rome", "JP": "Asia/Tokyo", "MX": "America/Mexico_City", "NL": "Europe/Amsterdam",
    "PL": "Europe/Warsaw", "SA": "Asia/Riyadh", "SE": "Europe/Stockholm", "SG": "Asia/Singapore",
    "TR": "Europe/Istanbul", "US": "America/Los_Angeles", "ZA": "Africa/Johannesburg",
}  # fmt: skip
NAMES: Final = {  # the name a channel gives its marketplace -> country
    "amazon.com": "US", "amazon.ca": "CA", "amazon.com.mx": "MX", "amazon.com.br": "BR", "amazon.ie": "IE",
    "amazon.es": "ES", "amazon.co.uk": "GB", "amazon.fr": "FR", "amazon.com.be": "BE", "amazon.nl": "NL",
    "amazon.de": "DE", "amazon.it": "IT", "amazon.se": "SE", "amazon.co.za": "ZA", "amazon.pl": "PL",
    "amazon.eg": "EG", "amazon.com.tr": "TR", "amazon.sa": "SA", "amazon.ae": "AE", "amazon.in": "IN",
    "amazon.sg": "SG", "amazon.com.au": "AU", "amazon.co.jp": "JP",
}  # fmt: skip
ALONE: Final = {"flipkart": "IN"}  # marketplaces of one country


def zone_of(country: str) -> str:
    return ZONES.get(country, "UTC")


def first_country(kind: str, setting: str) -> str:
    """That of a shop whose orders do not name theirs: the first of its setting "DE, FR"; "" where it names
    none."""
    named = [one.strip().upper() for one in setting.split(",")]
    code = {"UK": "GB"}.get(named[0], named[0])
    return ALONE.get(kind) or (code if code in ZONES else "")
