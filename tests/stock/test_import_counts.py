from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.stock.shop import broken

from quartermaster.core import sql
from quartermaster.core.imports import Report, run
from quartermaster.core.models import EventRow
from quartermaster.stock.actions import Move, Reserve, post, reserve
from quartermaster.stock.actions.import_counts import Counts
from quartermaster.stock.models import Balance, Level, Lot, Movement
from quartermaster.testing.builders import a_location, a_sku

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
pytestmark = pytest.mark.django_db
HEADER = "sku,location,quantity,bin,lot,expiry\n"


@pytest.fixture
def lamp() -> int:
    a_location("BER")
    return a_sku("LAMP")


@pytest.fixture
def counted(tmp_path: Path, lamp: int) -> Callable[..., Report]:
    def go(rows: str, *, dry_run: bool = False) -> Report:
        path = tmp_path / "count.csv"
        path.write_text(HEADER + rows, encoding="utf-8")
        report = run(Counts(at=AT, by="user:3"), path, errors=tmp_path / "count.errors.csv", dry_run=dry_run)
        assert broken() == []
        return report

    return go


def why(report: Report) -> list[str]:
    assert report.errors is not None
    lines = report.errors.read_text(encoding="utf-8-sig").splitlines()[1:]
    return [line.rpartition(": ")[2].rstrip('"') for line in lines]


def held() -> dict[str, int]:
    rows = Balance.objects.filter(place_id__gt=0).exclude(quantity=0)
    return {f"{row.place.code} {row.lot}".strip(): row.quantity for row in rows.select_related("place")}


def sold(sku_id: int, quantity: int, place: str = "BER") -> None:
    key = f"sold-{Movement.objects.count()}"
    post([Move(key, sku_id, quantity, place, "world:customer", "sold")], by="user:3", at=AT)


def test_the_first_count_fills_places_and_lots_and_dates_them(counted):
    report = counted("LAMP,BER,5,,,\nLAMP,BER,7,A/01,L1,2027-01-31\nLAMP,BER,0,B,,\n")
    assert (report.taken, report.refused) == (3, 0)
    assert held() == {"BER": 5, "BER/A/01 L1": 7}
    assert Lot.objects.get().expires_on == date(2027, 1, 31)


def test_a_count_posts_the_difference_both_ways_and_says_why(counted):
    counted("LAMP,BER,5,,,\nLAMP,BER,7,A,,\n")
    counted("LAMP,BER,2,,,\nLAMP,BER,9,A,,\n")
    assert held() == {"BER": 2, "BER/A": 9}
    moves = Movement.objects.order_by("-id")[:2]
    assert sorted((m.source.code, m.target.code, m.quantity) for m in moves) == [
        ("BER", "world:adjustment", 3),
        ("world:adjustment", "BER/A", 2),
    ]
    assert {m.because for m in moves} == {"counted: count.csv"}


def test_the_same_file_twice_changes_nothing_however_much_was_sold_between(counted, lamp: int):
    rows = "LAMP,BER,5,,,\nLAMP,BER,7,A,,\n"
    counted("LAMP,BER,5,,,\n")
    counted(rows)  # the first row agrees already and leaves no movement
    sold(lamp, 3)
    before = Movement.objects.count()
    report = counted(rows)
    assert (report.taken, report.known) == (2, 2)
    assert (held(), Movement.objects.count()) == ({"BER": 2, "BER/A": 7}, before)


def test_rows_that_were_refused_are_taken_when_the_reason_is_gone(counted, lamp: int):
    rows = "LAMP,BER,5,,,\nSHADE,BER,4,,,\n"
    assert counted(rows).refused == 1
    sold(lamp, 1)
    a_sku("SHADE")
    report = counted(rows)
    assert (report.refused, report.known) == (0, 1)
    assert sorted(Level.objects.values_list("on_hand", flat=True)) == [4, 4]


def test_wrong_rows_are_named_and_stop_no_other(counted):
    sql.run("insert into catalog_sku (code, is_kit) values ('SET', true)")
    report = counted(
        "NOPE,BER,1,,,\nSET,BER,1,,,\nLAMP,PAR,1,,,\nLAMP,BER,-1,,,\nLAMP,BER,3,,,\nLAMP,BER,4,,,\n"
    )
    assert report.refused == 5
    assert sorted(why(report)) == sorted(
        [
            "there is no SKU NOPE",
            "count its parts",
            "there is no location PAR",
            "from 0 to 1000000000000",
            "counted at this place in row 6 already",
        ]
    )
    assert held() == {"BER": 3}


def test_units_that_were_promised_and_are_not_there_are_told_to_their_owners(counted, lamp: int):
    counted("LAMP,BER,5,,,\n")
    location = Level.objects.get().location_id
    reserve([Reserve(lamp, location, 4, claim=11, holder=1)], at=AT)
    assert counted("LAMP,BER,1,,,\n").refused == 0
    assert EventRow.objects.filter(name="StockShortened").get().body["claims"] == [11]
    assert held() == {"BER": 1}


def test_a_dry_run_says_what_would_be_and_leaves_nothing(counted):
    before = EventRow.objects.count()
    report = counted("LAMP,BER,5,,,\nNOPE,BER,1,,,\n", dry_run=True)
    assert (report.taken, report.refused, held(), EventRow.objects.count()) == (1, 1, {}, before)
    assert counted("LAMP,BER,5,,,\nNOPE,BER,1,,,\n").known == 0


def test_what_is_not_for_sale_is_not_part_of_the_count(counted, lamp: int):
    counted("LAMP,BER,5,,,\n")
    post([Move("broke", lamp, 2, "BER", "BER", "dropped", target_state="damaged")], by="user:3", at=AT)
    counted("LAMP,BER,4,,,\n")
    assert Level.objects.values_list("on_hand", "sellable").get() == (6, 4)


def test_a_thousand_rows_cost_a_constant_number_of_statements(tmp_path: Path, lamp: int):
    def statements(count: int) -> int:
        for n in range(count):
            a_sku(f"S{count}-{n}")
        path = tmp_path / f"{count}.csv"
        path.write_text(HEADER + "".join(f"S{count}-{n},BER,{n + 1},,,\n" for n in range(count)))
        with sql.counted() as run_:
            assert run(Counts(at=AT, by="user:3"), path, errors=tmp_path / "e.csv").refused == 0
        return len(run_)

    assert statements(2) == statements(120)
