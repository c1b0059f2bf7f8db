"""Versions of what customs are told, and by which of them a label was bought."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from quartermaster.catalog.actions import save_sku
from quartermaster.catalog.rules.skus import Draft
from quartermaster.core.errors import Invalid
from quartermaster.shipping.actions import write_customs
from quartermaster.shipping.queries.customs import declaration
from quartermaster.shipping.queries.customs_versions import (
    declared_by,
    profile_in_force,
    profile_versions,
    sku_history,
)
from quartermaster.shipping.rules.customs import Profile

from .conftest import AT, work
from .test_customs import known, parcel_to

OURS = Profile(exporter="Northlight Ltd", eori={"EU": "DE123"})


def test_a_label_remembers_by_which_versions_its_parcel_was_declared(db: None):
    parcel = parcel_to("CH")
    known()
    facts = Draft(code="LAMP", hs_code="940520", origin_country="DE")
    for code in ("940511", "940520"):
        save_sku(replace(facts, hs_code=code), at=AT, by="user:2", source="import:7")
    save_sku(replace(facts, title="A better lamp"), at=AT, by="user:3")
    work()
    kept = declared_by(parcel)
    assert kept is not None
    assert (kept.profile, kept.skus) == (1, {"LAMP": 3})
    assert kept.declaration == declaration(parcel)
    history = sku_history("LAMP")
    assert [(one.version, one.hs_code, one.by, one.because) for one in history] == [
        *((1, "940511", "user:2", "import:7"), (2, "940520", "user:2", "import:7")),
        (3, "940520", "user:3", "changed by hand"),
    ]

    write_customs(OURS, because="we moved", at=AT, by="user:1")
    assert declared_by(parcel) == kept
    assert declaration(parcel) != kept.declaration


def test_a_version_of_the_sender_holds_from_its_day_on(db: None):
    first = replace(OURS, exporter="Old")
    assert write_customs(first, because="we began", at=AT, by="user:1") == 1
    assert write_customs(first, because="again", at=AT, by="user:1") == 1
    later = AT.date() + timedelta(days=3)
    assert (
        write_customs(replace(OURS, exporter="New"), because="we move", from_on=later, at=AT, by="user:1")
        == 2
    )
    assert [profile_in_force(on=later - timedelta(days=n)).version for n in (0, 1, 3, 4)] == [2, 1, 1, 0]
    assert [(one.version, one.because, one.by) for one in profile_versions()] == [
        *((2, "we move", "user:1"), (1, "we began", "user:1"))
    ]
    with pytest.raises(Invalid):
        write_customs(OURS, from_on=AT.date() - timedelta(days=1), at=AT, by="user:1")
