"""Units that are taken off an order at Shopify: once, whatever becomes of the answers."""

import pytest
from msgspec.structs import replace

from quartermaster.channels.ports import Cancellation
from quartermaster.connectors.shopify.back import ShopifyCancels
from quartermaster.core.outside import Conflict, Invalid, NotDone
from quartermaster.testing.conformance.back import part
from quartermaster.testing.conformance.faults import FAULTS, until_known

from .conftest import Shop
from .stands import back_stand

CANCELS = ShopifyCancels()


def cancel(shop: Shop, wanted: Cancellation) -> None:
    CANCELS.cancel(account=shop.account, cancellation=wanted)


def is_known(shop: Shop, wanted: Cancellation) -> bool:
    return CANCELS.find_cancellation(account=shop.account, cancellation=wanted) is not None


@pytest.mark.parametrize("operation", ["KeepWish", "BeginEdit", "SetLine", "CommitEdit"])
def test_whatever_goes_wrong_a_unit_is_taken_off_once(shop: Shop, operation: str):
    for n, fault in enumerate(FAULTS):
        wanted = part(back_stand(shop).sell(), f"C-{n}")
        shop.simulator.misbehave(operation, fault)

        done = until_known(lambda w=wanted: cancel(shop, w), lambda w=wanted: is_known(shop, w))  # type: ignore[misc]

        assert done, fault
        assert shop.has.open_units(wanted.order) == 2, fault


def test_a_wish_that_was_not_carried_out_yet_counts_for_the_next(shop: Shop):
    """Both begin at two units; only together they end at none."""
    one = part(back_stand(shop).sell())
    other = replace(one, reference="C-2")
    shop.simulator.misbehave("BeginEdit", "500")
    with pytest.raises(NotDone):
        cancel(shop, one)

    cancel(shop, other)
    assert shop.has.open_units(one.order) == 1
    assert is_known(shop, one)
    cancel(shop, one)
    assert shop.has.open_units(one.order) == 1
    assert shop.has.edited == 1


def test_more_than_is_left_is_a_conflict_and_leaves_no_wish(shop: Shop):
    wanted = part(back_stand(shop).sell())
    (line,) = wanted.lines

    with pytest.raises(Conflict, match="2 units of line"):
        cancel(shop, replace(wanted, lines=(replace(line, quantity=3),)))
    with pytest.raises(Invalid):
        cancel(shop, replace(wanted, lines=()))

    assert shop.has.fields == {}


def test_a_line_of_which_a_part_was_sent_is_left_to_a_person(shop: Shop):
    wanted = part(back_stand(shop).sell())
    order = shop.has.orders[wanted.order]
    first, *others = order["line_items"]  # type: ignore[misc]
    shop.has.take({**order, "line_items": [{**first, "fulfillable_quantity": 1}, *others]})

    with pytest.raises(Conflict, match="take the rest off in Shopify"):
        cancel(shop, wanted)


def test_a_wish_that_shopify_refuses_is_forgotten(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    wanted = part(back_stand(shop).sell())
    refused = {"orderEditCommit": {"order": None, "userErrors": [{"field": ["id"], "message": "no"}]}}
    monkeypatch.setattr(shop.has, "_commit", lambda _asked: refused)

    with pytest.raises(Invalid):
        cancel(shop, wanted)

    assert list(shop.has.fields.values()) == ["{}"]
    assert not is_known(shop, wanted)


def test_two_who_write_at_once_do_not_overwrite_each_other(shop: Shop):
    wanted = part(back_stand(shop).sell())
    gid = f"gid://shopify/Order/{wanted.order}"
    shown = shop.has.answers()["OrderToEdit"]({"id": gid})
    shop.has.fields[gid] = '{"C-9":{}}'
    shop.has._to_edit = lambda _asked: shown  # type: ignore[method-assign]

    with pytest.raises(NotDone, match="just changed"):
        cancel(shop, wanted)


def test_what_somebody_else_wrote_there_is_not_overwritten(shop: Shop):
    wanted = part(back_stand(shop).sell())
    shop.has.fields[f"gid://shopify/Order/{wanted.order}"] = "[1]"

    with pytest.raises(Conflict, match="not ours"):
        cancel(shop, wanted)


def test_of_an_order_that_was_cancelled_everything_is(shop: Shop):
    wanted = part(back_stand(shop).sell())
    shop.has.take({**shop.has.orders[wanted.order], "cancelled_at": "2026-11-23T12:00:00Z"})

    cancel(shop, wanted)

    assert is_known(shop, wanted)
    assert shop.has.fields == {}
