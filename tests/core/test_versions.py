"""Documents whose versions are kept."""

import pytest
from django.db import transaction

from quartermaster.core.actions.versions import VersionMoved, next_version, write_version
from quartermaster.core.errors import Invalid, NotFound
from quartermaster.core.queries.versions import Document, in_force, version_of
from quartermaster.testing.builders import SOLD_AT

pytestmark = pytest.mark.django_db
CHAIN = Document("The chain", "inbound_put_away_rules", "rules", list[str], [], "Ours.", 0, "at")


@transaction.atomic
def write(content: list[str], basis: int | None, *, because: str = "more", wrong: str = "") -> int:
    number = next_version(CHAIN, basis)
    problems = {"rules": wrong} if wrong else {}
    return write_version(CHAIN, number, content, wrong=problems, because=because, at=SOLD_AT, by="user:1")


def test_every_version_stays_readable_with_who_wrote_it_and_why():
    assert (in_force(CHAIN).version, in_force(CHAIN).content, in_force(CHAIN).actor) == (0, [], "system")
    assert [write(["a"], 0), write(["a", "b"], 1), write([], None)] == [1, 2, 3]

    assert in_force(CHAIN).version == 3
    found = version_of(CHAIN, 2)
    assert (found.content, found.because, found.actor, found.made_at) == (
        ["a", "b"],
        "more",
        "user:1",
        SOLD_AT,
    )
    assert version_of(CHAIN, 0).because == "Ours."
    with pytest.raises(NotFound, match="version of the chain"):
        version_of(CHAIN, 4)


def test_what_was_made_from_an_older_version_or_is_wrong_is_refused():
    write(["a"], 0)
    with pytest.raises(VersionMoved, match="The chain is at version 1 now, not at 0"):
        write(["b"], 0)
    with pytest.raises(Invalid) as refused:
        write(["b"], 1, because=" ", wrong="no rule is called b")
    assert refused.value.errors == {"rules": "no rule is called b", "because": "say why"}
    assert in_force(CHAIN).content == ["a"]
