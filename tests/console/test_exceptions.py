"""Exceptions: grouped by cause, and settled as a group, each row with its own result."""

import re

import pytest
from django.test import Client
from django.utils.timezone import now
from tests.console import company as invented
from tests.console.conftest import Shop

from quartermaster.catalog.models import Sku
from quartermaster.console.causes import queries as causes
from quartermaster.console.causes.cause import When
from quartermaster.console.exceptions.actions import answer_exceptions
from quartermaster.console.exceptions.chosen import Chosen
from quartermaster.console.navigation import waiting_on
from quartermaster.core import sql
from quartermaster.orders.actions import hold
from quartermaster.orders.queries import document


def _groups() -> dict[tuple[str, str], int]:
    found = causes.groups(causes.CAUSES.values(), at=now())
    return {(group.cause, group.of): group.rows for group in found}


def test_every_cause_says_something_and_leaves_the_rail_once_it_is_answered_for(shop: Shop):
    invented.a_day(shop.connection, shop.channel)
    invented.a_stuck_step(invented.number(4), "KeyError")
    for group in causes.groups(causes.CAUSES.values(), at=now()):
        told = causes.CAUSES[group.cause].tell(group)
        assert told.title
        assert told.why
        assert told.verb
        assert told.when in When
        assert len(causes.rows(causes.CAUSES[group.cause], group.of, at=now())) == group.rows
    unfinished = [cause for cause in causes.CAUSES.values() if cause.is_exception]
    there = causes.groups(unfinished, at=now())
    assert {group.cause for group in there} >= {"holds", "messages", "steps", "unknown-sku"}
    assert waiting_on("exceptions") > 5
    chosen = [Chosen(group.cause, group.of, seen=group.rows) for group in there]
    said = answer_exceptions(chosen, answer="acknowledged", note="Known.", at=now(), by="user:1").said
    assert [one for one in said if not one.is_done] == []
    assert (causes.groups(unfinished, at=now()), waiting_on("exceptions")) == ([], 0)


def test_nothing_waits_in_an_empty_house(db: None):
    assert _groups() == {}


def test_one_word_maps_an_unknown_sku_for_all_its_orders(shop: Shop, owner: Client):
    numbers = [shop.sell(("VASE-NEW", 1), person=n) for n in range(3)]
    assert _groups()["unknown-sku", "northlight:VASE-NEW"] == 3

    asked = {"of": "northlight:VASE-NEW", "sku": "MUG-ST"}
    answer = owner.post("/exceptions/unknown-sku", asked, follow=True)
    invented.flow()

    assert "VASE-NEW of northlight is MUG-ST from now on" in answer.content.decode()
    assert ("unknown-sku", "northlight:VASE-NEW") not in _groups()
    assert {document(number).status for number in numbers} == {"allocated"}


def test_a_sku_nobody_knows_cannot_be_mapped_to(shop: Shop, owner: Client):
    shop.sell(("VASE-NEW", 1))
    answer = owner.post("/exceptions/unknown-sku", {"of": "northlight:VASE-NEW", "sku": "NO-SUCH"})
    assert answer.status_code == 422
    assert _groups()["unknown-sku", "northlight:VASE-NEW"] == 1


def test_a_group_is_released_with_a_result_for_each_row(shop: Shop, owner: Client):
    numbers = [shop.sell(("MUG-ST", 1), person=n) for n in range(3)]
    for number in numbers[:2]:
        hold(number, kind="fraud", because="Third card tried.", at=now(), by="system")
    invented.flow()
    asked = {"of": "fraud", "chosen": numbers, "because": "Called them all."}

    html = owner.post("/exceptions/holds", asked).content.decode()

    assert "2 done." in html
    assert "1 refused" in html
    assert f"There is no active fraud hold on {numbers[2]}" in html
    invented.flow()
    assert {document(number).status for number in numbers} == {"allocated"}


def test_messages_are_read_again_and_steps_go_again(shop: Shop, owner: Client):
    invented.a_day(shop.connection, shop.channel)
    invented.a_stuck_step(invented.number(4), "KeyError")
    (step,) = sql.run("select id from core_delivery where stuck_at is not null")
    ids = [row[0] for row in sql.run("select id from inbox_message where state = 'unreadable'")]

    asked = {"of": "unreadable", "chosen": ids}
    assert f"{len(ids)} done." in owner.post("/exceptions/messages", asked).content.decode()
    asked = {"of": "allocation.allocate", "chosen": [step[0], 999_999]}
    html = owner.post("/exceptions/steps", asked).content.decode()

    assert "1 done." in html
    assert "1 refused" in html
    invented.flow()
    assert ("steps", "allocation.allocate") not in _groups()


@pytest.mark.parametrize(
    ("cause", "given"),
    [
        ("holds", {"of": "fraud"}),
        ("messages", {"of": "stuck", "chosen": ["1; drop"]}),
        ("backorder", {"of": "backorder", "chosen": ["SO-1"]}),
    ],
)
def test_an_act_that_makes_no_sense_is_refused(cause: str, given: dict[str, object], owner: Client):
    assert owner.post(f"/exceptions/{cause}", given).status_code == 422


def test_chosen_orders_are_held_released_and_printed(shop: Shop, owner: Client):
    numbers = [shop.sell(("MUG-ST", 1), person=n) for n in range(2)]
    asked: dict[str, object] = {"chosen": numbers, "because": "Stock is being counted."}

    assert "2 held" in owner.post("/orders/chosen", {**asked, "do": "hold"}).content.decode()
    assert {document(number).status for number in numbers} == {"on_hold"}
    html = owner.post(
        "/orders/chosen", {**asked, "chosen": [*numbers, "SO-99999"], "do": "release"}
    ).content.decode()
    assert "2 released, 1 refused" in re.sub(r"\s+", " ", html)
    assert "There is no order SO-99999" in html
    html = owner.get("/orders/chosen", {"chosen": numbers}).content.decode()
    assert html.count("MUG-ST") == 2


def test_what_is_sold_below_the_safety_stock_is_told(shop: Shop):
    sku = Sku.objects.get(code="MUG-SL")
    sql.run("update stock_level set safety = 300 where sku_id <> %s", (sku.pk,))
    assert ("reserve", "") not in _groups()  # nobody buys them: they do not shrink
    shop.sell(("MUG-SL", 1))
    sql.run("update stock_level set safety = 5 where sku_id = %s", (sku.pk,))
    assert _groups()["reserve", ""] == 1
