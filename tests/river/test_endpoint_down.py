"""Nobody answers the shop's messages for six hours: it stops sending, and nothing is lost or said twice."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.chaos.door import at_the_door

from quartermaster.channels.actions import compare_shops
from quartermaster.core import plugs, sql
from quartermaster.core.actions.outbox import carry_out
from quartermaster.shipping.actions import close_manifest, scan_out
from quartermaster.testing.carriers import InventedCarrier, plugged
from quartermaster.testing.parcels import a_packed_parcel

from .conftest import NOW, Company
from .feed import Stall, hurry, stalls

MENDED = "select count(*) from core_event where name = 'HooksMended'"
BY_POST = "select count(*) from inbox_message where headers ->> 'source' is distinct from 'fetched'"


@pytest.fixture
def shop(company: Company, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Stall]:
    settings.URL = "https://orders.example.com"
    known = plugged(InventedCarrier(), plugs.installed())
    monkeypatch.setattr(plugs, "installed", lambda: known)
    sql.run("update inbox_connection set is_active = false where slug = 'acme'")
    company.site("BER")
    company.sku("LAMP", BER=50)
    with at_the_door(), stalls("woocommerce") as found:
        yield found["woocommerce"]


def pass_by(company: Company) -> None:
    for _ in range(6):
        hurry()
        company.flow()
        if not carry_out():
            return


def nobody_answers(shop: Stall) -> None:
    mail = shop.mail
    assert mail is not None
    while mail.bring(lambda delivery: 502):
        pass


def test_the_backlog_comes_in_once_the_shop_sends_again_and_no_buyer_is_mailed_twice(
    company: Company, shop: Stall
):
    first = shop.place("LAMP", 1)
    shop.bring()
    pass_by(company)
    assert company.status(first) == "allocated"  # type: ignore[arg-type]
    assert sql.run(BY_POST)[0][0] >= 1

    before = sql.run(MENDED)[0][0]  # what it lacked from the start
    missed = [shop.place("LAMP", 1) for _ in range(7)]
    shop.change(missed[0])
    nobody_answers(shop)
    assert {one["status"] for one in shop.memory.hooks.kept.values()} >= {"disabled"}
    missed += [shop.place("LAMP", 1) for _ in range(3)]  # of these it does not even try to tell
    shop.cancel(missed[1])
    nobody_answers(shop)
    sql.run("update channels_hooks set next_at = now()")

    pass_by(company)

    assert sorted(row[0] for row in sql.run("select external_id from orders_order")) == sorted(
        [first, *missed]
    )
    assert company.status(missed[1]) == "cancelled"  # type: ignore[arg-type]
    assert {one["status"] for one in shop.memory.hooks.kept.values()} == {"active"}
    assert sql.run(MENDED)[0][0] == before + 1
    for (order_id,) in sql.run(
        "select order_id from allocation_allocation where state = 'released' order by 1"
    ):
        parcel = a_packed_parcel(f"SO-{order_id}")
        pass_by(company)
        manifest = scan_out(f"P-{parcel}", at=NOW, by="user:1").manifest
        close_manifest(manifest, at=NOW, by="user:1")
    pass_by(company)
    assert len(shop.memory.mails) == 10

    later = shop.place("LAMP", 1)
    shop.bring()
    company.flow()
    assert company.status(later) == "allocated"  # type: ignore[arg-type]
    while compare_shops():
        hurry()
        company.flow()
    assert sql.run("select late, found from channels_comparison") == [(0, 0)]
    assert len(shop.memory.mails) == 10
