"""Which inserts an order gets."""

from datetime import date

from quartermaster.warehouse.rules.inserts import Facts, inserts_for
from quartermaster.warehouse.rules.packaging import Insert

ON = date(2027, 3, 1)
ORDER = Facts("acme", "DE", ("MUG", "POT"), ("vip",), is_first=True)


def chosen(*inserts: Insert, facts: Facts = ORDER) -> list[tuple[str, str]]:
    return [(one.insert.code, one.because) for one in inserts_for(facts, inserts, on=ON)]


def test_every_condition_must_hold_and_is_named():
    card = Insert("CARD", "A card", channels=("acme",), countries=("AT", "DE"), skus=("POT",), tags=("vip",))
    assert chosen(card) == [("CARD", "channel acme; to DE; with POT; tagged vip")]
    for other in (
        ORDER._replace(channel="b2b"),
        ORDER._replace(country="FR"),
        ORDER._replace(skus=()),
        ORDER._replace(tags=()),
    ):
        assert chosen(card, facts=other) == []


def test_first_orders_days_and_what_everybody_gets():
    first = Insert("HELLO", "Welcome", first_order=True)
    over = Insert("OLD", "Winter", until_on=date(2027, 2, 28))
    later = Insert("NEW", "Summer", from_on=date(2027, 3, 2))
    slip = Insert("SLIP", "A slip", from_on=ON, until_on=ON)
    assert chosen(first, over, later, slip) == [
        ("HELLO", "first order of the customer"),
        ("SLIP", "every order"),
    ]
    assert chosen(first, facts=ORDER._replace(is_first=False)) == []
