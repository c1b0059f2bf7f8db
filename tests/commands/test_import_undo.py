"""Imports of products, locations, bins and stock are undone row by row; nothing is deleted."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from quartermaster.commands import import_, main
from quartermaster.core import doctor, sql
from quartermaster.core.imports import runs
from quartermaster.stock.actions import Move, post
from quartermaster.testing.builders import SOLD_AT, an_order, flow

pytestmark = pytest.mark.django_db
SITES = "code,name,country\nBER,Berlin,DE\nPAR,Paris,FR\n"
PRODUCTS = """sku,title,barcode,kit
LAMP,Lamp,4006381333931,
VASE,Vase,,
BULB,Bulb,,
SET,Set,,LAMP:1|BULB:2
"""
STOCK = "sku,location,quantity\nLAMP,BER,5\nVASE,BER,7\nLAMP,PAR,2\n"

type Bring = Callable[..., int]


@pytest.fixture(autouse=True)
def _ready(monkeypatch: pytest.MonkeyPatch, db: None) -> Iterator[None]:
    monkeypatch.setattr(import_, "PREPARED", False, raising=False)
    yield
    assert [found for found in doctor.examine() if not found.is_ok] == []


@pytest.fixture
def bring(tmp_path: Path) -> Bring:
    """Import this text: the number of the import."""

    def bring(kind: str, text: str) -> int:
        path = tmp_path / f"{kind}.csv"
        path.write_text(text, encoding="utf-8")
        assert main(["import", kind, str(path)]) == 0
        flow()
        return runs.latest()[0].id

    return bring


def undo(number: int) -> int:
    done = main(["import", "--undo", str(number)])
    flow()
    return done


def active(table: str) -> dict[str, bool]:
    return dict(sql.run(f"select code, is_active from {table}"))


def active_bins() -> dict[str, bool]:
    return dict(sql.run("select code, is_active from stock_bin join stock_place on id = place_id"))


def on_hand() -> dict[str, int]:
    return {
        f"{sku}@{site}": units
        for sku, site, units in sql.run(
            "select s.code, l.code, v.on_hand from stock_level v join catalog_sku s on s.id = v.sku_id "
            "join stock_location l on l.id = v.location_id where v.on_hand <> 0"
        )
    }


def there() -> tuple[set[bool], int, int]:
    """Whether products and sites are switched on, and how many kit parts and barcodes there are."""
    return (
        set(active("catalog_sku").values()) | set(active("stock_location").values()),
        sql.run("select count(*) from catalog_kit_part")[0][0],
        sql.run("select count(*) from catalog_barcode")[0][0],
    )


def test_all_three_are_undone_from_the_last_to_the_first_and_can_be_brought_again(bring: Bring) -> None:
    sites, products, stock = bring("locations", SITES), bring("products", PRODUCTS), bring("stock", STOCK)
    full = {"LAMP@BER": 5, "VASE@BER": 7, "LAMP@PAR": 2}
    assert (on_hand(), there()) == (full, ({True}, 2, 1))

    assert undo(stock) == undo(products) == undo(sites) == 0
    assert (on_hand(), there()) == ({}, ({False}, 0, 0))
    assert sql.run("select count(*) from stock_movement") == [(6,)]

    for kind, text in (("locations", SITES), ("products", PRODUCTS), ("stock", STOCK), ("stock", STOCK)):
        again = bring(kind, text)
    assert (on_hand(), there()) == (full, ({True}, 2, 1))
    assert sql.run("select count(*) from stock_movement") == [(9,)]
    assert undo(again - 1) == undo(again) == 0
    assert on_hand() == {}


def test_counted_units_that_moved_or_are_promised_stay_and_say_why(
    bring: Bring, capsys: pytest.CaptureFixture[str]
) -> None:
    bring("locations", SITES)
    bring("products", PRODUCTS)
    number = bring("stock", STOCK)
    ((vase,),) = sql.run("select id from catalog_sku where code = 'VASE'")
    post([Move("broken", vase, 1, "BER", "world:scrap", "broken")], by="test", at=SOLD_AT)
    an_order(("LAMP", 4))

    assert undo(number) == 0

    told = capsys.readouterr().out
    assert "1 of 3 movement" in told
    assert "VASE at BER stays: moved once since." in told
    assert "LAMP at BER stays: " in told
    assert on_hand() == {"LAMP@BER": 5, "VASE@BER": 6}
    assert undo(number) == 1  # what stands in the way still does


def test_what_was_left_by_an_undo_is_undone_once_nothing_stands_on_it(bring: Bring) -> None:
    bring("products", PRODUCTS)
    sites = bring("locations", SITES)
    number = bring("stock", "sku,location,quantity\nLAMP,BER,5\n")

    assert undo(sites) == 0
    assert active("stock_location") == {"BER": True, "PAR": False}
    assert runs.latest()[1].withdrawn_at is None
    assert undo(number) == undo(sites) == 0
    assert active("stock_location") == {"BER": False, "PAR": False}
    assert [one.withdrawn_at is None for one in runs.latest()] == [False, False, True]
    assert undo(sites) == 1  # there is nothing left of it


def test_bins_are_undone_where_nothing_lies_and_nobody_changed_them_and_can_be_brought_again(
    bring: Bring, capsys: pytest.CaptureFixture[str]
) -> None:
    bring("locations", SITES)
    bring("products", PRODUCTS)
    bins = "location,bin,kind\nBER,A-1,pick_face\nBER,A-2,bulk\nBER,A-3,bulk\nPAR,A-1,bulk\n"
    number = bring("bins", bins)
    bring("bins", "location,bin,units_max\nBER,A-2,7\n")
    bring("stock", "sku,location,bin,quantity\nLAMP,BER,A-3,5\n")

    assert undo(number) == 0

    told = capsys.readouterr().out
    assert "is partly undone: 2 of 4 bin taken back." in told
    assert "BER/A-2 stays: it has been changed since." in told
    assert "BER/A-3 stays: it has stock." in told
    assert active_bins() == {"BER/A-1": False, "BER/A-2": True, "BER/A-3": True, "PAR/A-1": False}

    again = bring("bins", bins)
    assert set(active_bins().values()) == {True}
    assert undo(again) == 0
    assert active_bins() == {"BER/A-1": False, "BER/A-2": True, "BER/A-3": True, "PAR/A-1": False}


def test_products_and_sites_that_are_in_use_or_were_changed_stay_and_say_why(
    bring: Bring, capsys: pytest.CaptureFixture[str]
) -> None:
    sites, products = bring("locations", SITES), bring("products", PRODUCTS)
    bring("stock", "sku,location,quantity\nBULB,BER,3\n")
    bring("products", "sku,title\nVASE,Tall vase\n")

    assert undo(products) == undo(sites) == 0

    told = capsys.readouterr().out
    assert "BULB stays: it has stock." in told
    assert "VASE stays: it has been changed since." in told
    assert "BER stays: it has stock." in told
    assert active("catalog_sku") == {"LAMP": False, "VASE": True, "BULB": True, "SET": False}
    assert active("stock_location") == {"BER": True, "PAR": False}


def test_the_parts_of_a_kit_that_stays_stay(bring: Bring, capsys: pytest.CaptureFixture[str]) -> None:
    bring("locations", SITES)
    products = bring("products", PRODUCTS)
    an_order(("SET", 1))

    assert undo(products) == 0

    told = capsys.readouterr().out
    assert "SET stays: it is on orders." in told
    assert "LAMP stays: it is a part of SET." in told
    assert "BULB stays: it is a part of SET." in told
    assert active("catalog_sku")["VASE"] is False


def test_when_every_row_is_in_use_nothing_is_undone(bring: Bring, capsys: pytest.CaptureFixture[str]) -> None:
    bring("products", PRODUCTS)
    sites = bring("locations", "code,country\nBER,DE\n")
    number = bring("stock", "sku,location,quantity\nLAMP,BER,5\n")

    assert undo(sites) == 1
    assert "BER: it has stock" in capsys.readouterr().err
    assert undo(number) == undo(sites) == 0
    assert active("stock_location") == {"BER": False}
