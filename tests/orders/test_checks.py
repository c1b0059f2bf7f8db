"""What a person must look at before an order goes on."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from quartermaster.core.money import Money
from quartermaster.orders.ports import Address, LineSold, OrderSold, PaymentState, Totals
from quartermaster.orders.rules.checks import (
    CHECKS,
    DEFAULT,
    MEANING,
    Checked,
    Facts,
    Step,
    check,
    expiry,
    problems,
)

AT = datetime(2026, 11, 2, tzinfo=UTC)
LINE = LineSold("1", "LAMP", "Lamp", 2, 1000, 2000)
BERLIN = Address(line1="Lane 1", city="Berlin", postcode="10115", country="DE")
ORDER = OrderSold(
    external_id="1",
    external_name="#1",
    version="1",
    placed_at=AT,
    updated_at=AT,
    currency="EUR",
    totals=Totals(items=2000, discount=0, shipping=0, tax=0, total=2000, paid=2000),
    is_tax_included=True,
    payment_state=PaymentState.PAID,
    lines=(LINE,),
    ship_to=BERLIN,
)


def checked(order: OrderSold, *steps: Step, known: bool = True, **facts: object) -> Checked:
    return check(order, Facts([known] * len(order.lines), **facts), steps or DEFAULT)  # type: ignore[arg-type]


def holds(order: OrderSold, *steps: Step, known: bool = True, **facts: object) -> dict[str, str]:
    return {hold.kind: hold.because for hold in checked(order, *steps, known=known, **facts).holds}


def test_an_ordinary_order_passes_everything_that_is_on() -> None:
    assert checked(ORDER) == Checked((), sum(step.is_on for step in DEFAULT))


@pytest.mark.parametrize(
    ("different", "kind", "words"),
    [
        ({"doubts": ("odd",)}, "check", "odd."),
        ({"lines": ()}, "check", "It has no lines."),
        ({"lines": (replace(LINE, ordered=0), LINE)}, "check", "0 × LAMP makes no sense."),
        ({"is_test": True}, "test", "The channel marks it as a test order."),
        ({"payment_state": PaymentState.PENDING}, "payment", "EUR 20.00 is not paid yet."),
        ({"payment_state": PaymentState.VOIDED}, "payment", "The payment was voided."),
        ({"ship_to": None}, "address", "There is no shipping address."),
        ({"ship_to": replace(BERLIN, city=" ")}, "address", "The shipping address lacks a city."),
        ({"asks_hold": ("The shop wants to see it.",)}, "channel", "The shop wants to see it."),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(different: dict[str, object], kind: str, words: str) -> None:
    assert holds(replace(ORDER, **different)) == {kind: words}


def test_what_the_channel_ships_needs_no_address_of_ours() -> None:
    assert holds(replace(ORDER, ship_to=None, is_shipped_by_channel=True)) == {}


def test_a_channel_that_wants_it_held_until_a_moment_wants_no_more_from_then_on() -> None:
    order = replace(ORDER, asks_hold=("Not before tomorrow.",), asks_hold_until=AT + timedelta(days=1))
    assert holds(order, at=AT) == {"channel": "Not before tomorrow."}
    assert holds(order, at=AT + timedelta(days=1)) == {}
    assert expiry("channel", order) == AT + timedelta(days=1)
    assert expiry("payment", order) is None


def test_several_holds_may_stand_at_once() -> None:
    order = replace(ORDER, payment_state=PaymentState.PENDING, ship_to=None, is_test=True)
    assert set(holds(order, known=False)) == {"sku", "payment", "address", "test"}


def test_an_edited_order_paid_in_full_is_not_held_for_its_old_total() -> None:
    short = replace(ORDER, totals=replace(ORDER.totals, paid=1000))
    assert set(holds(short)) == {"payment"}
    assert holds(replace(short, totals=replace(short.totals, outstanding=0))) == {}


def test_nothing_is_kept_from_the_floor_that_is_gone_already() -> None:
    order = replace(
        ORDER, lines=(replace(LINE, fulfilled=2),), ship_to=None, payment_state=PaymentState.PENDING
    )
    assert holds(order, known=False) == {}


def test_checks_that_are_off_until_set_up() -> None:
    assert holds(ORDER, Step("destination", countries=("DE",))) == {"destination": "We do not ship to DE."}
    assert set(holds(ORDER, Step("duplicate", limit=5), twin="SO-7")) == {"duplicate"}
    dear = {"costs": [Money(1000, "EUR")]}
    assert holds(ORDER, Step("margin"), **dear) == {}
    assert set(holds(ORDER, Step("margin", limit=10), **dear)) == {"margin"}


def test_a_set_up_names_its_mistakes() -> None:
    assert problems(DEFAULT) == []
    wrong = problems((Step("skv"), Step("sku"), Step("sku"), Step("lines", limit=-1)))
    assert any("no check named skv" in problem for problem in wrong)
    assert any("sku stands there more than once" in problem for problem in wrong)
    assert any("lines: its limit" in problem for problem in wrong)
    assert any("payment is missing" in problem for problem in wrong)


def test_every_check_says_what_it_means() -> None:
    assert CHECKS.keys() == MEANING.keys() == {step.name for step in DEFAULT}


@pytest.mark.parametrize(
    ("state", "paid", "adjusted", "words"),
    [
        (PaymentState.PARTLY_PAID, 1500, -499, "Only EUR 15.00 of EUR 15.01 is paid."),
        (PaymentState.PARTLY_PAID, 1500, -500, None),
        (PaymentState.PAID, 1500, -499, "Marked as paid, but EUR 15.00 of EUR 15.01 came in."),
        (PaymentState.PAID, 1500, -500, None),
        (PaymentState.PENDING, 0, -1999, "EUR 0.01 is not paid yet."),
        (PaymentState.PENDING, 0, -2000, None),
        (PaymentState.PAID, 2000, 500, None),
        (PaymentState.PARTLY_PAID, 1500, 500, "Only EUR 15.00 of EUR 20.00 is paid."),
    ],
)
def test_what_we_took_off_needs_no_payment_and_what_we_added_is_not_asked_here(
    state: PaymentState, paid: int, adjusted: int, words: str | None
) -> None:
    order = replace(ORDER, payment_state=state, totals=replace(ORDER.totals, paid=paid))
    assert holds(order, adjusted_minor=adjusted).get("payment") == words
