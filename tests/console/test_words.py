"""Money, ages and sizes as pages write them; orders and facts as sentences. Pure."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.utils.timezone import now

from quartermaster import events
from quartermaster.console.messages.words import STATE
from quartermaster.console.orders import facts, timeline, words
from quartermaster.console.templatetags import console
from quartermaster.core.events import Event
from quartermaster.core.queries import Fact
from quartermaster.inbox.models import Message
from quartermaster.orders.models import Order
from quartermaster.orders.ports import PaymentState
from quartermaster.orders.rules.change import MATRIX

AT = datetime(2026, 11, 23, 9, 3, tzinfo=UTC)
ORDER = SimpleNamespace(
    currency="EUR", lines=[SimpleNamespace(id="4", sku="LAMP")]
)  # all that a timeline needs


@pytest.mark.parametrize(
    ("minor", "currency", "told"),
    [
        (129990, "EUR", "€1,299.90"),
        (1299, "JPY", "¥1,299"),
        (1, "KWD", "KWD\u00a00.001"),
        (-450, "GBP", "(£4.50)"),
        (0, "CHF", "CHF\u00a00.00"),
        (12, "???", "12 minor units of ???"),
        (None, "EUR", "unknown"),
    ],
)
def test_money_is_written_with_its_currency(minor: int | None, currency: str, told: str):
    assert console.money(minor, currency) == told


@pytest.mark.parametrize(
    ("past", "told"),
    [
        (timedelta(seconds=4), "4 s"),
        (timedelta(minutes=59), "59 min"),
        (timedelta(hours=47), "47 h"),
        (timedelta(days=9), "9 d"),
    ],
)
def test_an_age_has_one_unit(past: timedelta, told: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(console, "now", lambda: AT)
    assert console.age(AT - past).replace("\u202f", " ") == told


def test_minutes_are_told_in_hours_where_there_are_any():
    assert [console.minutes(n) for n in (0, 50, 60, 245)] == ["0 min", "50 min", "1 h", "4 h 5 min"]


def test_sizes_and_counts_stay_short():
    assert [console.size(n).replace("\u202f", " ") for n in (812, 4096, 2_500_000)] == [
        "812 B",
        "4.1 kB",
        "2.5 MB",
    ]
    assert [console.count(n) for n in (0, 1284, 10_000, 10_001)] == ["0", "1,284", "10,000", "10,000+"]


def test_order_numbers_in_a_text_become_links_and_the_rest_is_escaped():
    assert console.with_orders("SO-12 <b>") == '<a class="link" href="/orders/SO-12">SO-12</a> &lt;b&gt;'


def test_every_state_there_is_has_a_word_a_sign_and_a_tone():
    assert set(words.STATUS) == set(Order.Status.values)
    assert set(words.PAYMENT) == set(PaymentState)
    assert set(STATE) == set(Message.State.values)
    for word in (*words.STATUS.values(), *words.PAYMENT.values(), *STATE.values()):
        assert word.title
        assert word.sign
        assert word.tone in ("", "is-good", "is-accent", "is-warn", "is-bad")


def test_every_step_that_a_change_sets_off_is_told_in_words():
    steps = {step for answers in MATRIX.values() for verdict in answers.values() for step in verdict.steps}
    assert steps == set(words.STEPS)


def test_lists_are_told_as_people_say_them():
    assert [words.in_a_row(list("abcde")[:n]) for n in range(5)] == [
        "",
        "a",
        "a and b",
        "a, b and c",
        "a, b, c and 1 more",
    ]


def _fact(name: str, **body: object) -> Fact:
    return Fact("1", name, "order:SO-1", AT, AT, "user:3", "message:17", body)


def test_a_fact_is_a_sentence_with_who_and_the_raw_message():
    (moment,) = timeline.moments(
        [_fact("OrderRefunded", refund="R-1", amount_minor=1690, currency="EUR")], {"3": "Ada"}, ORDER
    )
    assert (moment.title, moment.detail, moment.actor, moment.message_id) == (
        "Refunded €16.90",
        "refund R-1",
        "Ada",
        "17",
    )


@pytest.mark.parametrize(
    ("fact", "told"),
    [
        (
            _fact("OrderAccepted", checks_passed=7, holds=["payment"]),
            ("Accepted", "7 checks passed, held for payment"),
        ),
        (
            _fact("OrderChanged", changed={"total_minor": [100, 90]}, because="x"),
            ("Changed", "total €1.00 → €0.90; x"),
        ),
        (
            _fact("OrderChanged", changed={"ship_to": [None, {"line1": "A 1", "city": "Berlin"}]}),
            ("Changed", "ships to A 1, Berlin (before: no address)"),
        ),
        (
            _fact("OrderAllocated", locations=["BER", "MUC"], waiting=1),
            ("Allocated to BER and MUC", "1 unit still waiting"),
        ),
        (
            _fact("OrderChanged", changed={"line 4 wanted": [2, 0], "line 5 wanted": [1, 0]}),
            ("Changed", "LAMP wanted 2 → 0; line 5 wanted 1 → 0"),
        ),
        (_fact("AllocationCancelled", units=2, because="x"), ("2 units given back", "x")),
        (_fact("SomethingNobodyWorded"), ("Something nobody worded", "")),
    ],
)
def test_facts_are_told_plainly(fact: Fact, told: tuple[str, str]):
    (moment,) = timeline.moments([fact], {}, ORDER)
    assert (moment.title, moment.detail) == told


def test_every_fact_about_an_order_has_its_own_words():
    about = {
        name
        for name, kind in vars(events).items()
        if isinstance(kind, type) and issubclass(kind, Event) and getattr(kind, "kind", "") == "order"
    }
    assert about - set(facts.TOLD) == set()


def test_actors_are_named_as_people_know_them():
    told = [
        timeline.actor(text, {"3": "Ada"})
        for text in (
            "user:3",
            "user:4",
            "connection:acme",
            "token:erp",
            "system",
            "import:7",
            "carrier:dhl",
            "routing",
        )
    ]
    assert told == ["Ada", "user 4", "acme", "token erp", "Quartermaster", "import 7", "dhl", "routing"]


def test_a_cancelled_order_says_what_is_to_be_put_back():
    line = SimpleNamespace(is_shippable=True, picked=3)
    order = SimpleNamespace(
        status="cancelled",
        lines=[line],
        cancelled_because="changed my mind.",
        totals=SimpleNamespace(refundable=SimpleNamespace(minor=0)),
    )
    assert words.sentence(order, [], {}) == "Cancelled: changed my mind. 3 units are to be put back."


def test_units_no_site_may_send_say_why():
    line = SimpleNamespace(is_shippable=True, open=2, parked="routing", sku="JAM", title="Jam")
    line.allocated = line.picked = line.shipped = 0
    order = SimpleNamespace(status="backordered", lines=[line])
    assert words.sentence(order, [], {}) == "2 × JAM may be sent by no site."
    assert words.sentence(order, [], {"JAM": "All is too old."}) == "2 × JAM waits: All is too old."


def test_what_was_counted_this_minute_was_counted_just_now():
    at = now()
    told = [console.ago(at - timedelta(seconds=one)) for one in (0, 50, 250)]
    assert told == ["just now", "just now", "4\u202fmin ago"]
