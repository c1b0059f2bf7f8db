"""OMS-7 on a page: what a change comes to is said first, with no JavaScript in sight."""

from django.test import Client
from tests.console import company

from quartermaster.orders.queries import document

from .conftest import Page, Shop


def seen(answer) -> str:
    return " ".join(Page(answer.content.decode()).text.split())


def test_a_change_is_seen_before_it_is_made(shop: Shop, owner: Client):
    number = shop.sell(("MUG-ST", 2))
    order = document(number)
    line = order.lines[0]
    assert f"/orders/{number}/edit" in owner.get(f"/orders/{number}").content.decode()
    form = owner.get(f"/orders/{number}/edit")
    assert "nothing has happened yet" not in seen(form)

    price = f"{line.unit_price.minor / 100:.2f}"
    given = {
        f"units-{line.id}": "3",
        f"price-{line.id}": price,
        "new-sku-0": "CANDLE-3",
        "new-units-0": "1",
        "new-price-0": "4,50",
        "shipping-method": "Express",
        "because": "She wants one more.",
        "version": str(order.version),
    }
    told = seen(owner.post(f"/orders/{number}/edit", given))
    assert "nothing has happened yet" in told
    assert f"Total +€{(line.unit_price.minor + 450) / 100:.2f}" in told
    assert "To be collected then" in told
    assert "from BER" in told or "from MUC" in told
    assert document(number) == order

    answer = owner.post(f"/orders/{number}/edit", {**given, "sure": "1"}, follow=True)
    assert f"{number} was changed." in seen(answer)
    company.flow()
    after = document(number)
    assert after.totals.due.minor == line.unit_price.minor + 450
    assert [each.ordered for each in after.lines] == [3, 1]
    assert "to be collected" in seen(owner.get(f"/orders/{number}"))

    stale = owner.post(f"/orders/{number}/edit", {**given, "sure": "1"})
    assert stale.status_code == 409


def test_what_cannot_be_read_is_refused_field_by_field(shop: Shop, owner: Client):
    number = shop.sell(("MUG-ST", 2))
    line = document(number).lines[0].id
    for field, text in (
        (f"units-{line}", "many"),
        (f"price-{line}", "cheap"),
        (f"price-{line}", "1.999"),
        (f"discount-{line}", "-1"),
        ("new-sku-0", "NOTHING"),
        ("because", "only this"),
    ):
        answer = owner.post(f"/orders/{number}/edit", {"because": "x", field: text, "sure": "1"})
        assert answer.status_code == 422, field
    assert document(number).lines[0].ordered == 2
