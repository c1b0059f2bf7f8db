"""The versions of the rate tables."""

from datetime import datetime

import msgspec

from quartermaster.core.queries import versions
from quartermaster.core.queries.versions import Document, in_force, version_of
from quartermaster.shipping.rules import FIRST, Tables


class Version(msgspec.Struct, frozen=True):
    """Rate tables with why they were made. made_at is None for those we start with."""

    tables: Tables
    because: str
    actor: str
    made_at: datetime | None


TABLES = Document(
    "The rate tables",
    "shipping_rate_table",
    "tables",
    Tables,
    FIRST,
    "What we start with: two invented carriers.",
)


def tables_in_force() -> Version:
    """The highest version; those we start with while nobody has changed them."""
    return _told(in_force(TABLES))


def tables_of(version: int) -> Version:
    """One version. Raises NotFound."""
    return _told(version_of(TABLES, version))


def _told(found: versions.Version[Tables]) -> Version:
    return Version(found.content, found.because, found.actor, found.made_at)
