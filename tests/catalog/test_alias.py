from datetime import UTC, datetime

import pytest

from quartermaster.catalog.actions import NewAlias, add_aliases, remove_alias, save_skus
from quartermaster.catalog.models import Alias
from quartermaster.catalog.queries import resolve
from quartermaster.catalog.rules.skus import Draft
from quartermaster.core.errors import NotFound
from quartermaster.core.models import EventRow
from quartermaster.inbox.models import Connection

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture
def acme(db: None) -> int:
    save_skus([Draft(code="LAMP"), Draft(code="SHADE")], at=AT, by="user:3")
    return Connection.objects.create(slug="acme", kind="shop").pk


def added(*aliases: tuple[str, str, str]) -> list[dict[str, str]]:
    outcomes = add_aliases([NewAlias(*alias) for alias in aliases], at=AT, by="user:3")
    return [dict(outcome.refused.errors) if outcome.refused else {} for outcome in outcomes]


def told() -> list[tuple[str, object]]:
    rows = EventRow.objects.filter(name="SkuChanged", body__changed__has_key="aliases").order_by("id")
    return [(row.subject, row.body["changed"]["aliases"]) for row in rows]


def test_an_alias_is_resolved_and_told_once(acme: int):
    assert added(("acme", "product:7", "LAMP"), ("acme", "L-1", "LAMP")) == [{}, {}]
    assert added(("acme", "L-1", "LAMP")) == [{}]
    assert len(resolve([(acme, "product:7"), (acme, "L-1")])) == 2
    assert told() == [("sku:LAMP", [[], ["acme: L-1", "acme: product:7"]])]


def test_a_moved_alias_is_told_by_both_skus(acme: int):
    added(("acme", "L-1", "LAMP"))
    added(("acme", "L-1", "SHADE"))
    assert told()[1:] == [("sku:LAMP", [["acme: L-1"], []]), ("sku:SHADE", [[], ["acme: L-1"]])]
    assert Alias.objects.get().sku.code == "SHADE"


def test_the_last_of_several_for_one_name_counts(acme: int):
    added(("acme", "L-1", "LAMP"), ("acme", "L-1", "SHADE"))
    assert Alias.objects.get().sku.code == "SHADE"


def test_wrong_rows_are_named_by_field_and_stop_no_other(acme: int):
    found = added(("nobody", "L\x00", "NOTHING"), ("acme", "", "LAMP"), ("acme", "L-2", "LAMP"))
    assert [set(errors) for errors in found] == [{"connection", "code", "sku"}, {"code"}, set()]
    assert Alias.objects.get().code == "L-2"


def test_a_removed_alias_is_told_and_cannot_be_removed_again(acme: int):
    added(("acme", "L-1", "LAMP"))
    remove_alias("acme", "L-1", at=AT, by="user:3")
    assert told()[1:] == [("sku:LAMP", [["acme: L-1"], []])]
    with pytest.raises(NotFound):
        remove_alias("acme", "L-1", at=AT, by="user:3")
