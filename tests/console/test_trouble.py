"""Parcels in trouble are told on Today, each once, with what the carrier said."""

from datetime import datetime, timedelta

from quartermaster.console.causes.queries import groups, rows
from quartermaster.console.causes.trouble import CAUSE, tell
from quartermaster.core import sql
from quartermaster.core.moment import now

from .conftest import Shop


def parcel(shop: Shop, status: str, told_at: datetime, message: str = "") -> None:
    order = int(shop.sell(("LAMP", 1)).removeprefix("SO-"))
    sql.run(
        """with sent as (
             insert into warehouse_parcel (order_id, state, made_at, handed_over_at)
             values (%(order)s, 'handed_over', %(at)s, %(at)s) returning id),
           told as (
             insert into tracking_scan (parcel_id, key, at, status, message, source)
             select id, 'k', %(at)s, %(status)s, %(said)s, 'x' from sent)
           insert into tracking_track (parcel_id, status, handed_over_at, first_scan_at, last_scan_at)
           select id, %(status)s, %(at)s, %(at)s, %(at)s from sent""",
        {"order": order, "at": told_at, "status": status, "said": message},
    )


def test_each_parcel_stands_in_one_group_with_what_the_carrier_said(shop: Shop):
    at = now()
    parcel(shop, "exception", at - timedelta(days=6), "No such street")
    parcel(shop, "return_to_sender", at - timedelta(days=1))
    parcel(shop, "in_transit", at - timedelta(days=6))
    parcel(shop, "in_transit", at - timedelta(days=4))
    parcel(shop, "exception", at - timedelta(days=20))
    found = {group.of: group for group in groups([CAUSE], at=at)}
    assert {of: group.rows for of, group in found.items()} == {
        "exception": 1,
        "return_to_sender": 1,
        "stuck": 1,
    }
    assert "No such street" in tell(found["exception"]).why
    assert tell(found["stuck"]).title == "1 parcel not scanned for longer than they may be"
    assert [row.note for row in rows(CAUSE, "exception", at=at)] == ["No such street"]
