"""A carrier's invoice against what we know: the rule, the import, the claims."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound
from quartermaster.core.imports import Columns, run
from quartermaster.core.steps import WrongStep
from quartermaster.shipping.actions import close_manifest, move_claim, raise_claim, scan_out, void_label
from quartermaster.shipping.actions.claims import ClaimedAlready, NothingToClaim
from quartermaster.shipping.actions.import_invoices import Invoices
from quartermaster.shipping.queries.claims import claim, claims, disputes, invoices, totals
from quartermaster.shipping.rules import FIRST as FIRST_TABLES
from quartermaster.shipping.rules.audit import Billed, Charge, Known, audit
from quartermaster.shipping.rules.claims import Turn
from quartermaster.shipping.rules.price import fuel_bp

from .conftest import AT, examine, work

type Pack = Callable[..., tuple[str, int]]
HEAD = "carrier,invoice,tracking_number,charge,amount,currency,billed_weight_g,shipped_on"
LEFT = Known("P-1", 500, "EUR", is_void=False, has_left=True, weight_g=800, is_weighed=True)
KNOWN = st.builds(
    Known,
    parcel=st.just("P-1"),
    cost_minor=st.none() | st.integers(0, 5_000),
    currency=st.sampled_from(["EUR", "USD"]),
    is_void=st.booleans(),
    has_left=st.booleans(),
    weight_g=st.none() | st.integers(1, 40_000),
    billed_before=st.lists(st.tuples(st.just("R-1"), st.integers(1, 5_000)), max_size=2).map(tuple),
)


def billed(*amounts: int, weight_g: int | None = 800, currency: str = "EUR") -> Billed:
    return Billed("N1", currency, tuple(Charge("freight", amount) for amount in amounts), weight_g)


@pytest.mark.parametrize(
    ("bill", "known", "found"),
    [
        (billed(500), LEFT, None),
        (billed(505), LEFT, None),  # one percent is rounding
        (billed(300, 200), LEFT, None),
        (billed(420), LEFT, None),
        (billed(-500), LEFT, None),
        (billed(500), None, ("unknown", 500)),
        (billed(900), LEFT, ("price", 400)),
        (billed(900, weight_g=2300), LEFT, ("weight", 400)),
        (billed(900, weight_g=880), LEFT, ("price", 400)),
        (billed(500, currency="USD"), LEFT, ("currency", 500)),
        (billed(500), replace(LEFT, has_left=False), ("not_shipped", 500)),
        (billed(500), replace(LEFT, has_left=False, is_void=True), ("void", 500)),
        (billed(500), replace(LEFT, is_void=True), None),  # it was used all the same
        (billed(500), replace(LEFT, billed_before=(("R-1", 500),)), ("again", 500)),
        (billed(200), replace(LEFT, billed_before=(("R-1", 300),)), None),  # billed in two parts
        (billed(200, weight_g=2000), replace(LEFT, billed_before=(("R-1", 500),)), ("weight", 200)),
        (billed(900), replace(LEFT, cost_minor=None), None),
    ],
)
def test_what_is_found(bill: Billed, known: Known | None, found: tuple[str, int] | None):
    one = audit(bill, known)
    assert (None if one is None else (one.kind, one.amount_minor)) == found


def test_fuel_is_held_against_what_was_agreed_for_the_day():
    def found(freight: int, fuel: int, **known: object) -> tuple[str, int] | None:
        bill = Billed("N1", "EUR", (Charge("Freight", freight), Charge("Fuel surcharge", fuel)), 800)
        one = audit(bill, replace(LEFT, **known))  # type: ignore[arg-type]
        return None if one is None else (one.kind, one.amount_minor)

    assert found(450, 50, fuel_bp=1_000) is None  # as the label cost
    assert found(500, 90, fuel_bp=1_000) == ("fuel", 90)
    assert found(400, 140, fuel_bp=1_000) == ("fuel", 40)  # of 100 too much the freight took 60 back
    assert found(500, 90, fuel_bp=None) == ("price", 90)
    assert found(600, 60, fuel_bp=1_000) == ("price", 160)
    assert found(400, 90, fuel_bp=1_000, cost_minor=None) == ("fuel", 50)
    assert found(500, 90, fuel_bp=1_000, weight_g=100) == ("weight", 90)


@given(
    freight=st.integers(1, 10**6),
    fuel=st.integers(1, 10**6),
    fuel_bp=st.integers(0, 5_000),
    cost=st.none() | st.integers(0, 10**6),
)
def test_fuel_is_claimed_only_where_it_is_over_what_was_agreed(
    freight: int, fuel: int, fuel_bp: int, cost: int | None
):
    bill = Billed("N1", "JPY", (Charge("freight", freight), Charge("fuel", fuel)))
    known = Known("P-1", cost, "JPY", is_void=False, has_left=True, fuel_bp=fuel_bp)
    found = audit(bill, known)
    if found is not None and found.kind == "fuel":
        assert fuel > freight * fuel_bp / 10_000
        assert 0 < found.amount_minor <= bill.total_minor - (cost or 0)


def test_the_fuel_of_a_day_is_that_of_the_tables():
    tables = FIRST_TABLES
    held = {
        (table.code, product.code, rule.from_on, rule.percent_bp)
        for table in tables.carriers
        for product in table.products
        for rule in product.surcharges
        if rule.kind == "fuel" and rule.until_on is None
    }
    assert held
    for carrier, product, from_on, percent in held:
        assert fuel_bp(tables, carrier, product, on=from_on) == percent
        assert fuel_bp(tables, carrier, product, on=from_on - timedelta(days=1)) == 0
    assert fuel_bp(tables, "nobody", "x", on=AT.date()) is None


def test_a_charge_that_stands_there_twice_is_claimed_once():
    bill = Billed("N1", "EUR", (Charge("freight", 400), Charge("fuel", 100), Charge("fuel", 100, nth=1)))
    found = audit(bill, LEFT)
    assert found is not None
    assert (found.kind, found.amount_minor) == ("doubled", 100)


@given(
    amounts=st.lists(st.integers(-2_000, 5_000), max_size=5),
    weight_g=st.none() | st.integers(1, 40_000),
    known=st.none() | KNOWN,
)
def test_never_more_is_claimed_than_was_billed(amounts: list[int], weight_g: int | None, known: Known | None):
    bill = billed(*amounts, weight_g=weight_g)
    found = audit(bill, known)
    if found is not None:
        assert 0 < found.amount_minor <= bill.total_minor
        assert found.because.endswith(".")


def told(folder: Path, *rows: str) -> tuple[int, int, int]:
    """Import these rows: how many were taken, changed nothing, were refused."""
    path = folder / "invoice.csv"
    path.write_text("\n".join([HEAD, *rows, ""]))
    kind = Invoices(at=AT, by="user:1")
    report = run(kind, path, columns=Columns(), errors=folder / "invoice.errors.csv")
    work()
    return report.taken, report.known, report.refused


@pytest.fixture
def sent(packed: Pack) -> tuple[str, int]:
    """(tracking number, cost in cents) of a parcel that left."""
    _, parcel = packed(1)
    work()
    scan_out(f"P-{parcel}", at=AT, by="user:1")
    close_manifest(sql.run("select 'M-' || max(id) from shipping_manifest")[0][0], at=AT, by="user:1")
    work()
    ((number, cost),) = sql.run(
        "select tracking_number, cost_minor from shipping_label where parcel_id = %s", (parcel,)
    )
    return number, cost


def row(number: str, minor: int, *, invoice: str = "R-1", charge: str = "freight", weight: str = "") -> str:
    return f"post,{invoice},{number},{charge},{minor / 100:.2f},EUR,{weight},2026-11-02"


def test_an_invoice_as_agreed_claims_nothing_and_told_twice_is_one(sent: tuple[str, int], tmp_path: Path):
    number, cost = sent
    rows = (row(number, cost - 30), row(number, 30, charge="fuel"))
    assert told(tmp_path, *rows) == (2, 0, 0)
    assert told(tmp_path, *rows) == (2, 2, 0)

    (shown,) = invoices().items
    assert (shown.number, shown.shipments, shown.billed_minor, shown.claims) == ("R-1", 1, cost, 0)
    assert shown.audited_at is not None
    assert list(claims().items) == []


def test_what_is_too_much_becomes_a_claim_with_its_reason(
    sent: tuple[str, int], packed: Pack, tmp_path: Path
):
    number, cost = sent
    _, unused = packed(1)
    work()
    ((void,),) = sql.run("select tracking_number from shipping_label where parcel_id = %s", (unused,))
    void_label(f"P-{unused}", because="wrong box", at=AT, by="user:1")
    work()
    told(tmp_path, row(number, cost + 350, weight="4200"), row(void, 480), row("ZZ1", 990))

    found = {each.tracking_number: each for each in claims().items}
    assert {key: (each.kind, each.amount_minor) for key, each in found.items()} == {
        number: ("weight", 350),
        void: ("void", 480),
        "ZZ1": ("unknown", 990),
    }
    assert "billed with 4,200 g, 800 g weighed here" in found[number].because
    assert found[number].evidence.startswith("800 g on the scale at BER, 2026-11-02 ")
    assert found[void].evidence == ""
    assert list(claims(carrier="nobody").items) == []
    (owed,) = disputes()
    assert (owed.carrier, owed.claims, owed.open_minor) == ("post", 3, 350 + 480 + 990)
    assert sum(each.amount_minor for each in totals()) == 350 + 480 + 990
    (invoice,) = invoices().items
    assert (invoice.shipments, invoice.billed_minor) == (3, cost + 350 + 480 + 990)
    assert (invoice.claims, invoice.claimed_minor) == (3, 350 + 480 + 990)
    examine()


def test_billed_again_on_the_next_invoice_and_a_charge_twice_on_one(sent: tuple[str, int], tmp_path: Path):
    number, cost = sent
    told(tmp_path, row(number, cost), row(number, 70, charge="toll"), row(number, 70, charge="toll"))
    told(tmp_path, row(number, cost + 140, invoice="R-2"))
    assert [(each.invoice, each.kind, each.amount_minor) for each in claims().items] == [
        ("R-2", "again", cost + 140),
        ("R-1", "doubled", 70),
    ]


def test_a_credit_told_later_takes_the_claim_back(sent: tuple[str, int], tmp_path: Path):
    number, cost = sent
    told(tmp_path, row(number, cost + 500))
    told(tmp_path, row(number, -500, charge="credit"))
    (gone,) = claims().items
    assert (gone.state, gone.settled_because) == ("dropped", "A later audit does not find it any more.")

    told(tmp_path, row(number, 800, charge="toll"))
    assert [(each.state, each.amount_minor) for each in claims().items] == [("open", 800)]


def test_what_was_sent_is_not_rewritten_by_a_later_audit(sent: tuple[str, int], tmp_path: Path):
    number, cost = sent
    told(tmp_path, row(number, cost + 500))
    (one,) = claims().items
    move_claim(one.number, Turn.SEND, at=AT, by="user:1")
    told(tmp_path, row(number, 800, charge="toll"))
    assert claim(one.id).amount_minor == 500
    move_claim(one.number, Turn.CREDIT, credited_minor=300, at=AT + timedelta(days=9), by="user:1")
    assert (claim(one.id).state, claim(one.id).credited_minor) == ("credited", 300)
    with pytest.raises(WrongStep):
        move_claim(one.number, Turn.DROP, because="no", at=AT, by="user:1")


def test_rows_that_cannot_be_read_are_refused_by_column(db: None, tmp_path: Path):
    taken = told(
        tmp_path,
        "post,R-1,N1,freight,4.20,EUR,,",
        "post,R-1,N1,freight,4.20,USD,,",
        "post,R-1,,freight,4.20,EUR,,",
        "post,R-1,N1,freight,much,EUR,,",
        "post,R-1,N1,freight,1,XXQ,,",
        "post,R-1,N1,freight,1,EUR,heavy,",
    )
    assert taken == (1, 0, 5)
    errors = (tmp_path / "invoice.errors.csv").read_text()
    for sentence in (
        "the invoice is in EUR",
        "not an amount",
        "not an ISO 4217",
        "whole number",
    ):
        assert sentence in errors


def test_a_person_claims_for_a_lost_parcel_once(sent: tuple[str, int], packed: Pack):
    def lost(parcel: str, kind: str = "lost") -> str:
        because = "No scan in 20 days."
        return raise_claim(
            parcel, kind, amount_minor=4900, currency="EUR", because=because, at=AT, by="user:1"
        )

    ((parcel,),) = sql.run("select 'P-' || id from warehouse_parcel")
    number = lost(parcel)
    assert claim(int(number.removeprefix("CL-"))).state == "open"
    with pytest.raises(ClaimedAlready):
        lost(parcel)
    with pytest.raises(NotFound):
        lost("P-999999")
    with pytest.raises(Invalid):
        lost(parcel, "eaten")
    _, here = packed(1)
    with pytest.raises(NothingToClaim):
        lost(f"P-{here}")
