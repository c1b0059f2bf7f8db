"""Duties, taxes and fees: what follows from a tariff, and what stays unknown."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from quartermaster.core import sql
from quartermaster.core.errors import Invalid
from quartermaster.core.imports import Columns, run
from quartermaster.shipping.actions import write_tariff
from quartermaster.shipping.actions.write_tariff import Tariff
from quartermaster.shipping.queries.landed import landed, landed_of_order, tariff, tariff_version
from quartermaster.shipping.rules.landed import Asked, Item, Rate, estimate

from .conftest import AT, examine, work
from .test_customs import known, parcel_to

DAY = AT.date()
FROM = date(2026, 1, 1)


def rate(kind: str, **told: object) -> Rate:
    return Rate(kind, "CH", FROM, "the book", **told)  # type: ignore[arg-type]


DUTY = rate("duty", hs_prefix="9405", percent_bp=500)
VAT = rate("vat", percent_bp=2_000)
FEE = rate("fee", carrier="post", amount_minor=600, currency="EUR")
ALL = (DUTY, VAT, FEE)
LAMP = Item("LAMP", 10_000, "940520", "DE")
ASKED = Asked(
    version=1,
    on=DAY,
    receiver="CH",
    currency="EUR",
    items=(LAMP,),
    freight_minor=1_000,
    incoterm="DAP",
    has_ioss=False,
    rates=ALL,
    carrier="post",
)


def parts(asked: Asked) -> tuple[int | None, ...]:
    told = estimate(asked)
    return told.duty.minor, told.vat.minor, told.fee.minor, told.total_minor


def test_tax_is_taken_on_goods_freight_and_duty():
    assert parts(ASKED) == (500, 2_300, 600, 3_400)
    assert estimate(ASKED).payer == "the receiver"
    assert estimate(replace(ASKED, incoterm="DDP")).payer == "we"


@pytest.mark.parametrize(
    ("different", "told"),
    [
        ({"rates": ()}, (None, None, None, None)),
        ({"rates": (VAT, FEE)}, (None, None, 600, None)),
        ({"rates": (DUTY, FEE)}, (500, None, 600, None)),
        ({"rates": (DUTY, VAT)}, (500, 2_300, None, None)),
        ({"items": (replace(LAMP, hs_code=""),)}, (None, None, 600, None)),
        ({"items": (replace(LAMP, hs_code="6109"),)}, (None, None, 600, None)),
        ({"freight_minor": None}, (500, None, 600, None)),
        ({"rates": (replace(DUTY, basis="cif"), VAT, FEE)}, (550, 2_310, 600, 3_460)),
        ({"rates": (replace(DUTY, basis="cif"), VAT, FEE), "freight_minor": None}, (None, None, 600, None)),
        ({"rates": (*ALL, replace(DUTY, origin="DE", percent_bp=0))}, (0, 2_200, 600, 2_800)),
        ({"rates": (*ALL, replace(DUTY, hs_prefix="940520", percent_bp=100))}, (100, 2_220, 600, 2_920)),
        ({"rates": (*ALL, replace(DUTY, from_on=DAY, percent_bp=0))}, (0, 2_200, 600, 2_800)),
        ({"rates": (*ALL, replace(DUTY, from_on=date(2027, 1, 1), percent_bp=0))}, (500, 2_300, 600, 3_400)),
        ({"rates": (replace(DUTY, until_on=FROM), VAT, FEE)}, (None, None, 600, None)),
        ({"has_ioss": True}, (500, 0, 600, 1_100)),
        ({"carrier": "express"}, (500, 2_300, None, None)),
        ({"rates": (DUTY, VAT, replace(FEE, currency="CHF"))}, (500, 2_300, None, None)),
        ({"rates": (DUTY, VAT, replace(FEE, percent_bp=1_000))}, (500, 2_300, 880, 3_680)),
    ],
)
def test_what_no_line_covers_is_unknown(different: dict[str, object], told: tuple[int | None, ...]):
    assert parts(replace(ASKED, **different)) == told


def free(kind: str, minor: int, currency: str = "EUR") -> Rate:
    return rate(kind, amount_minor=minor, currency=currency)


def test_below_its_limit_a_parcel_is_free_and_just_above_it_is_not():
    def duty(minor: int, currency: str = "EUR") -> int | None:
        return estimate(replace(ASKED, rates=(*ALL, free("duty_free", minor, currency)))).duty.minor

    assert (duty(10_000), duty(9_999), duty(10_000, "CHF")) == (0, 500, None)
    both = replace(ASKED, rates=(DUTY, VAT, free("duty_free", 10_000), free("vat_free", 10_000)))
    assert parts(both) == (0, 0, 0, 0)  # there is nothing to clear


rates = st.builds(
    Rate,
    kind=st.sampled_from(["duty", "vat", "duty_free", "vat_free", "fee"]),
    country=st.just("CH"),
    from_on=st.dates(FROM, date(2027, 1, 1)),
    source=st.just("the book"),
    hs_prefix=st.sampled_from(["", "94", "940520", "61"]),
    origin=st.sampled_from(["", "DE", "CN"]),
    percent_bp=st.integers(0, 5_000),
    amount_minor=st.integers(0, 20_000),
    currency=st.sampled_from(["EUR", "JPY", "KWD"]),
    basis=st.sampled_from(["goods", "cif"]),
)
items = st.builds(
    Item,
    sku=st.sampled_from("ABC"),
    value_minor=st.integers(0, 10**7),
    hs_code=st.sampled_from(["", "940520", "6109"]),
    origin=st.sampled_from(["", "DE", "CN"]),
)


@given(
    rates=st.lists(rates, max_size=8),
    items=st.lists(items, min_size=1, max_size=4),
    freight=st.none() | st.integers(0, 9_999),
    currency=st.sampled_from(["EUR", "JPY", "KWD"]),
    has_ioss=st.booleans(),
)
def test_parts_add_up_and_nothing_unknown_becomes_nothing(
    rates: list[Rate], items: list[Item], freight: int | None, currency: str, has_ioss: bool
):
    asked = replace(
        ASKED,
        rates=tuple(rates),
        items=tuple(items),
        freight_minor=freight,
        currency=currency,
        has_ioss=has_ioss,
    )
    told = estimate(asked)
    some = [told.duty.minor, told.vat.minor, told.fee.minor]
    assert (told.total_minor is None) is (None in some)
    if told.total_minor is not None:
        assert told.total_minor == sum(part for part in some if part is not None)
    assert all(part is None or part >= 0 for part in some)
    assert all(cost.because for cost in (told.duty, told.vat, told.fee))
    without = estimate(replace(asked, rates=()))
    assert without.duty.minor is None
    assert without.vat.minor == (0 if has_ioss else None)


def test_the_example_says_that_it_is_one(db: None, tmp_path: Path):
    path = Path(__file__).parents[2] / "docs" / "howto" / "tariff-example.csv"
    for version in (1, 1):
        kind = Tariff(at=AT, by="user:1")
        report = run(kind, path, columns=Columns(), errors=tmp_path / "errors.csv")
        assert (report.taken, report.refused, tariff_version()) == (6, 0, version)
    lines = tariff(["XX"])
    assert all(line.is_example and "EXAMPLE" in line.source for line in lines)
    told = replace(ASKED, receiver="XX", rates=tuple(lines), items=(replace(LAMP, value_minor=20_000),))
    assert parts(told) == (0, 4_200, 600, 4_800)
    assert estimate(told).is_example


def test_rows_that_cannot_be_a_tariff_are_refused_by_column(db: None, tmp_path: Path):
    path = tmp_path / "tariff.csv"
    path.write_text(
        "kind,country,from_on,percent,amount,currency,source\n"
        "duty,CH,2026-01-01,,,,book\n"
        "toll,CH,2026-01-01,5,,,book\n"
        "duty,Chile,2026-01-01,5,,,book\n"
        "duty,CH,soon,5.123,,,book\n"
        "duty_free,CH,2026-01-01,,,,book\n"
        "fee,CH,2026-01-01,,6.5,JPY,book\n"
        "fee,CH,2026-01-01,,6.123,KWD,book\n"
    )
    report = run(Tariff(at=AT, by="user:1"), path, columns=Columns(), errors=tmp_path / "tariff.errors.csv")
    assert (report.taken, report.refused) == (1, 6)
    (fee,) = tariff(["CH"])
    assert (fee.amount_minor, fee.currency) == (6_123, "KWD")
    errors = (tmp_path / "tariff.errors.csv").read_text()
    for sentence in ("needed; 0 for none", "one of: duty", "two capital letters", "the limit"):
        assert sentence in errors
    with pytest.raises(Invalid):
        write_tariff([replace(DUTY, country="ch")], because="no", at=AT, by="user:1")


def test_an_estimate_is_stored_with_the_label_and_stays_as_it_was(db: None):
    parcel = parcel_to("CH")
    known()
    write_tariff(ALL, because="The book came.", at=AT, by="user:1")
    now = landed(parcel)
    assert now is not None
    assert not now.is_stored
    work()
    stored = landed(parcel)
    assert stored is not None
    assert (stored.is_stored, stored.version, stored.estimate.duty.minor) == (
        True,
        1,
        now.estimate.duty.minor,
    )
    write_tariff([replace(DUTY, percent_bp=9_000)], because="It rose.", at=AT, by="user:1")
    assert tariff_version() == 2
    assert landed(parcel) == stored
    ((order_id,),) = sql.run("select order_id from warehouse_parcel")
    assert landed_of_order(order_id) == {parcel: stored}
    examine()


def test_at_home_nothing_is_estimated(db: None):
    parcel = parcel_to("FR")
    work()
    assert landed(parcel) is None
    assert sql.run("select label_id from shipping_landed") == []
