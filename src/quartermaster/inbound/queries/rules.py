"""The put-away chain in force."""

from quartermaster.core.queries.versions import Document, in_force
from quartermaster.inbound.rules.put_away import ORDINARY, Chain

CHAIN = Document(
    "The put-away chain",
    "inbound_put_away_rules",
    "rules",
    Chain,
    ORDINARY,
    "What we come with.",
    first_version=0,
    moment="at",
)


def chain_in_force() -> tuple[int, Chain]:
    """Its version and itself; version 0 is the one we come with."""
    found = in_force(CHAIN)
    return found.version, found.content
