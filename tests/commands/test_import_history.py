"""History over the command line: imported, once, with a record, and undone."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from quartermaster.commands import import_, main
from quartermaster.commands.running import importing
from quartermaster.core import doctor, sql
from quartermaster.core.imports import runs
from quartermaster.orders.actions import hold
from quartermaster.testing.past import LEARNT_AT
from quartermaster.tracking.queries import late

pytestmark = pytest.mark.django_db

ORDERS = """order,placed_at,status,currency,paid_at,customer,city,promised_by
A1,2026-03-01T12:00:00Z,delivered,EUR,2026-03-01T12:05:00Z,7,Bonn,2026-03-08T00:00:00Z
A2,2026-03-02T12:00:00Z,open,EUR,,8,Kiel,
"""
ONE_SHIPPED = """order,placed_at,status,currency,promised_on
B1,2026-03-01T12:00:00Z,shipped,EUR,2026-03-06
"""
LINES = "order,line,sku,quantity,unit_price,currency\nA1,1,LAMP,2,10.00,EUR\nA2,1,LAMP,1,10.00,EUR\n"
PAYMENTS = "order,payment,amount,currency,kind\nA1,1,20.00,EUR,card\n"
PARCELS = """order,parcel,line,tracking_number,handed_over_at,delivered_at
A1,p1,1,T1,2026-03-03T09:00:00Z,2026-03-05T15:00:00Z
"""
REVIEWS = "review,order,score,at\nr1,A1,5,2026-03-06T08:00:00Z\n"
TABLES = (
    *("customers_customer", "customers_address", "orders_order", "orders_line", "orders_tender"),
    *("orders_hold", "warehouse_parcel", "warehouse_parcel_item", "tracking_scan", "tracking_track"),
    "support_rating",
)


@pytest.fixture(autouse=True)
def _ready(monkeypatch: pytest.MonkeyPatch, db: None) -> Iterator[None]:
    """The command runs in the test's own database, and leaves it sound."""
    monkeypatch.setattr(import_, "PREPARED", False, raising=False)
    yield
    assert [found for found in doctor.examine() if not found.is_ok] == []


@pytest.fixture
def bring(tmp_path: Path) -> Callable[..., int]:
    def bring(kind: str, text: str, *more: str, name: str = "") -> int:
        path = tmp_path / (name or f"{kind}.csv")
        path.write_text(text, encoding="utf-8")
        return main(["import", kind, str(path), "--connection", "old-shop", *more])

    return bring


@pytest.fixture
def everything(bring) -> dict[str, int]:
    """All kinds imported; the number of each import."""
    told = {"orders": ORDERS, "order_lines": LINES, "payments": PAYMENTS}
    for kind, text in {**told, "shipments": PARCELS, "reviews": REVIEWS}.items():
        assert bring(kind, text) == 0
    return {one.kind: one.id for one in runs.latest()}


def counts() -> dict[str, int]:
    return {table: sql.run(f"select count(*) from {table}")[0][0] for table in TABLES}


def test_history_is_imported_kind_by_kind(everything):
    shown = "external_id, status, total_minor, paid_minor, payment_state"
    assert sql.run(f"select {shown} from orders_order order by id") == [
        ("A1", "delivered", 2000, 2000, "paid"),
        ("A2", "on_hold", 1000, 0, "unknown"),
    ]
    assert sql.run("select state, tracking_number from warehouse_parcel") == [("handed_over", "T1")]
    assert sql.run("select status from tracking_track") == [("delivered",)]
    assert sql.run("select slug, kind from inbox_connection") == [("old-shop", "history")]
    # of what was, nobody is told; of the connection it is kept under, whoever looks after connections is
    told = "select listener from core_delivery d join core_event e on e.id = d.event_id"
    assert sql.run(f"{told} where e.name <> 'ConnectionChanged'") == []


def test_importing_twice_changes_nothing(everything, bring, capsys):
    before = counts(), sql.run("select version, status from orders_order order by id")
    for kind, text in (("orders", ORDERS), ("order_lines", LINES), ("payments", PAYMENTS)):
        assert bring(kind, text) == 0
    for kind, text in (("shipments", PARCELS), ("reviews", REVIEWS)):
        assert bring(kind, text) == 0
    assert (counts(), sql.run("select version, status from orders_order order by id")) == before
    assert capsys.readouterr().out.count("of them changed nothing") == 5


def test_a_row_told_otherwise_is_changed(everything, bring, capsys):
    assert bring("orders", ORDERS.replace(",open,", ",shipped,")) == 0
    assert sql.run("select status from orders_order order by id") == [("delivered",), ("shipped",)]
    assert "2 taken (1 of them changed nothing, 1 changed what was there)" in capsys.readouterr().out


def test_a_dry_run_keeps_nothing_not_even_the_connection(bring, capsys):
    assert bring("orders", ORDERS, "--dry-run") == 0
    assert "2 would be taken" in capsys.readouterr().out
    assert sql.run("select count(*) from inbox_connection") == [(0,)]
    assert runs.latest() == []


def test_refused_rows_are_corrected_in_the_error_file_and_imported(bring, tmp_path: Path):
    broken = ORDERS.replace("2026-03-02T12:00:00Z", "yesterday").replace(",delivered,", ",done,")
    assert bring("orders", broken) == 1
    errors = tmp_path / "orders.errors.csv"
    told = errors.read_text(encoding="utf-8-sig")
    assert "status: 'done' is none of" in told
    assert "placed_at: 'yesterday' is not written like" in told
    right = told.replace("yesterday", "2026-03-02T12:00:00Z").replace(",done,", ",delivered,")
    assert bring("orders", right, name="again.csv") == 0
    assert counts()["orders_order"] == 2


def test_lines_before_their_orders_are_refused_with_what_to_do(bring, tmp_path: Path):
    assert bring("order_lines", LINES) == 1
    assert "there is no order A1; import it first" in (tmp_path / "order_lines.errors.csv").read_text()


def test_deliveries_are_told_by_order_by_parcel_and_by_tracking_number(bring, capsys):
    bring("orders", ORDERS + "A3,2026-03-03T12:00:00Z,shipped,EUR,,,,\n")
    bring("shipments", "order,parcel,tracking_number\nA1,p1,T1\nA1,p2,T2\n")
    told = """order,parcel,tracking_number,handed_over_at,delivered_at
,,T1,2026-03-03T09:00:00Z,
A1,p2,,2026-03-04T09:00:00Z,2026-03-05T09:00:00Z
A3,,,2026-03-06T09:00:00Z,
A2,,,,
"""
    for _ in range(2):
        assert bring("deliveries", told) == 0
    left = sql.run("select external_id, to_char(handed_over_at, 'DD') from warehouse_parcel order by id")
    assert left == [("p1", "03"), ("p2", "04"), ("all", "06")]
    tracks = sql.run(
        "select p.external_id, t.status from tracking_track t join warehouse_parcel p on p.id = t.parcel_id"
    )
    assert sorted(tracks) == [("all", "pre_transit"), ("p2", "delivered")]
    assert "4 rows, 4 taken (4 of them changed nothing)" in capsys.readouterr().out
    assert bring("deliveries", "tracking_number,delivered_at\nT9,2026-03-05T09:00:00Z\n") == 1


def test_parcels_that_left_and_were_never_scanned_are_followed_until_it_is_undone(bring):
    bring("orders", ONE_SHIPPED)
    at = datetime(2026, 4, 1, tzinfo=UTC)
    before = counts()
    told = "order,parcel,handed_over_at\nB1,p1,2026-03-03T09:00:00Z\nB1,p2,\n"
    bring("shipments", told)
    made = runs.latest()[0].id
    bring("shipments", told, name="again.csv")
    (silent,) = late("no_scan", at=at).items
    (overdue,) = late("late", at=at).items
    assert silent.id == overdue.id
    assert overdue.since == datetime(2026, 3, 7, 12, tzinfo=UTC)
    assert [found for found in doctor.examine() if not found.is_ok] == []

    bring("deliveries", "order,parcel,handed_over_at\nB1,p2,2026-03-04T09:00:00Z\n")
    assert len(late("no_scan", at=at).items) == 2
    assert main(["import", "--undo", str(runs.latest()[0].id)]) == 0
    assert late("no_scan", at=at).items == [silent]
    bring("deliveries", "order,parcel,delivered_at\nB1,p1,2026-03-05T09:00:00Z\n")
    assert late("no_scan", at=at).items == late("late", at=at).items == []
    assert main(["import", "--undo", str(runs.latest()[0].id)]) == 0
    assert late("no_scan", at=at).items == [silent]
    assert main(["import", "--undo", str(made)]) == 0
    assert counts() == before


def test_customers_have_their_addresses(bring):
    told = "customer,email,city,country\n7,,Bonn,DE\n7,,Kiel,DE\n,ann@example.com,Bonn,DE\n"
    assert bring("customers", told) == 0
    assert bring("customers", told) == 0
    assert sql.run("select merge_key from customers_customer order by 1") == [
        ("email:ann@example.com",),
        ("old-shop:customer:7",),
    ]
    assert counts()["customers_address"] == 3
    assert bring("customers", "customer,name\n,Ann\n") == 1


def test_everything_can_be_undone_from_the_last_to_the_first(everything, capsys):
    assert main(["import", "--list"]) == 0
    assert re.search(
        r"order_lines\s+order_lines.csv\s+2 rows, 0 refused; made: 2 line", capsys.readouterr().out
    )
    for kind in ("reviews", "shipments", "payments", "order_lines", "orders"):
        assert main(["import", "--undo", str(everything[kind])]) == 0
    assert set(counts().values()) == {0}
    assert sql.run("select count(*) from core_event where name = 'HistoryWithdrawn'") == [(5,)]
    assert "undone" in capsys.readouterr().out


def test_what_others_build_on_is_not_undone_and_the_rows_are_named(everything, capsys):
    before = counts()
    for kind in ("orders", "order_lines"):
        assert main(["import", "--undo", str(everything[kind])]) == 1
        assert re.search(r"SO-\d+ has (parcels|its lines in parcels)", capsys.readouterr().err)
    assert counts() == before


def test_what_was_worked_on_since_is_not_undone(bring, capsys):
    bring("orders", ORDERS)
    bring("order_lines", LINES)
    lines, orders = (one.id for one in runs.latest())
    ((order_id,),) = sql.run("select id from orders_order where external_id = 'A2'")
    hold(f"SO-{order_id}", kind="manual", because="look at it", at=LEARNT_AT, by="user:1")
    before = counts()
    assert main(["import", "--undo", str(lines)]) == 1
    assert f"SO-{order_id} has been changed here since" in capsys.readouterr().err
    assert main(["import", "--undo", str(orders)]) == 1
    assert counts() == before


def test_an_undone_payment_is_no_longer_paid(everything):
    main(["import", "--undo", str(everything["payments"])])
    assert sql.run("select paid_minor, payment_state from orders_order order by id limit 1") == [(0, "paid")]


def test_an_import_is_undone_once_within_a_day(everything, capsys):
    one = runs.latest()[0]
    with pytest.raises(runs.TooLateToUndo):
        importing.undo(one.id, at=one.at + timedelta(hours=25), by="test")
    main(["import", "--undo", str(everything["reviews"])])
    assert main(["import", "--undo", str(everything["reviews"])]) == 1
    assert "has been undone already" in capsys.readouterr().err
    assert main(["import", "--undo", "999"]) == 1


def test_saying_nothing_is_wrong_usage(capsys):
    assert main(["import"]) == 2
    assert "say what to import" in capsys.readouterr().err


def test_deliveries_are_undone_with_the_moments_and_the_parcels_they_made(bring):
    bring("orders", ORDERS)
    bring("order_lines", LINES)
    bring("shipments", "order,parcel,line\nA1,p1,1\n")
    before = counts(), sql.run("select state, handed_over_at from warehouse_parcel")
    moments = "2026-03-03T09:00:00Z,2026-03-05T15:00:00Z"
    bring("deliveries", f"order,handed_over_at,delivered_at\nA1,{moments}\nA2,{moments}\n")
    assert sql.run("select count(*) from tracking_track") == [(2,)]
    assert main(["import", "--undo", str(runs.latest()[0].id)]) == 0
    assert (counts(), sql.run("select state, handed_over_at from warehouse_parcel")) == before
