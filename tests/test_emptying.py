"""What a test that commits leaves behind, another one does not find."""

import pytest
from tests import emptying

from quartermaster.core import doctor, sql
from quartermaster.testing.builders import a_location, a_sku, an_order

FILLED = "select name from (values {values}) t (name, is_filled) where is_filled order by 1"


def filled() -> list[str]:
    names = [name for (name,) in sql.run(emptying.TABLES)]
    values = ", ".join(f"('{name}', exists (select from {name}))" for name in names)
    return [name for (name,) in sql.run(FILLED.format(values=values))]


@pytest.mark.parametrize("large", [emptying.LARGE, -1])
def test_nothing_is_left_but_what_migrations_made(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch, large: int
) -> None:
    monkeypatch.setattr(emptying, "LARGE", large)
    a_location("BER")
    a_sku("LAMP", BER=30)
    an_order(("LAMP", 2))
    assert {"stock_movement", "orders_order", "core_event"} <= set(filled())

    emptying.empty()

    assert filled() == sorted({*emptying.KEPT, "stock_place"})
    assert sql.run("select count(*) from stock_place where id >= 0") == [(0,)]


def test_what_is_named_goes_with_all_that_refers_to_it(transactional_db: None) -> None:
    a_location("BER")
    a_sku("LAMP", BER=30)
    an_order(("LAMP", 2))

    emptying.empty("orders_order")

    assert {"orders_line", "allocation_allocation"}.isdisjoint(filled())
    assert {"stock_movement", "catalog_sku"} <= set(filled())


def test_what_was_kept_is_put_back_as_it_was(transactional_db: None) -> None:
    a_location("BER")
    a_sku("LAMP", BER=30)
    an_order(("LAMP", 2))
    before = filled(), doctor.examine()
    kept = emptying.keep()
    emptying.empty()

    emptying.put_back(kept)

    assert (filled(), doctor.examine()) == before
    assert emptying.keep() == kept
    an_order(("LAMP", 1))
    assert [finding for finding in doctor.examine() if finding.rows] == []
