"""Today's five figures and its sales: what each opens is exactly what it counts."""

import re
from datetime import timedelta
from html import unescape

from django.test import Client
from django.utils.timezone import now
from tests.console.conftest import Page

from quartermaster.core import sql
from quartermaster.insight.actions import refresh
from quartermaster.testing.history import (
    a_delivery,
    a_parcel,
    a_refund,
    a_sold_order,
    an_event,
    shipped_order,
)

HOUR = timedelta(hours=1)
FIGURES = ("Order processing time", "On-time dispatch", "On-time delivery", "Returns", "Fulfilment accuracy")


def tiles(client: Client) -> dict[str, tuple[str, str, str]]:
    """Title -> address, value and note, in their order."""
    html = client.get("/").content.decode()
    found = re.findall(
        r'<a class="tile" href="([^"]+)">\s*<span class="soft">(.*?)</span>\s*<b>(.*?)</b>\s*<span.*?>(.*?)<',
        html,
        re.DOTALL,
    )
    return {unescape(title): (unescape(link), unescape(value), note) for link, title, value, note in found}


def rows(client: Client, link: str) -> list[str]:
    """What the rows behind a tile name, through all pages."""
    path, found = link.partition("?")[0], []
    while link:
        page = Page(client.get(link).content.decode())
        found += [given["href"] for _, given in page.elements if "data-row" in given]
        more = [given["href"] for _, given in page.elements if given.get("data-says") == "More rows"]
        link = path + more[0] if more else ""
    return found


def a_week(orders: int) -> None:
    """Orders of the last days, every kind of fate among them."""
    for n in range(orders):
        placed_at = now() - (40 + n % 80) * HOUR
        due = {"promised_on": (placed_at + 24 * HOUR).date(), "promised_at": placed_at}
        order_id = a_sold_order(placed_at, units=2, gone=2 * (n % 5 > 0), **due)
        if n % 5 == 0:
            continue
        left_at = placed_at + (2 + n % 9) * HOUR
        parcel_id = a_parcel(order_id, left_at, ship_by=placed_at + 7 * HOUR)
        if n % 7 > 1:
            a_delivery(parcel_id, left_at + (3 + 3 * (n % 8)) * HOUR)
            sql.run("update orders_line set delivered = 2 where order_id = %s", (order_id,))
        if n % 6 == 1:
            a_refund(order_id, left_at + 9 * HOUR, because="wrong item", returned=n % 2)


def much_comes_late() -> None:
    """A delivery, a refund, a cancellation and an order that nobody knew of, all of the days behind."""
    due = {"promised_on": (now() - 26 * HOUR).date(), "promised_at": now() - 49 * HOUR}
    order_id, parcel_id = shipped_order(now() - 50 * HOUR, hours=3, captured_at=now(), **due)
    a_delivery(parcel_id, now() - 30 * HOUR, recorded_at=now())
    sql.run("update orders_line set delivered = 1 where order_id = %s", (order_id,))
    for (waiting,) in sql.run("select order_id from orders_line where shipped = 0 limit 3"):
        a_parcel(waiting, now() - 30 * HOUR, handed_over_recorded_at=now(), ship_by=now() - 31 * HOUR)
        sql.run("update orders_line set open = 0, shipped = 2 where order_id = %s", (waiting,))
    ((cancelled,),) = sql.run("select order_id from orders_line where shipped = 2 order by 1 desc limit 1")
    sql.run("update orders_order set cancelled_at = %s where id = %s", (now(), cancelled))
    an_event("OrderCancelled", cancelled, now(), because="late")


def test_each_of_the_five_figures_opens_the_rows_it_counted(owner: Client) -> None:
    a_week(70)
    refresh(at=now())
    before = tiles(owner)
    counted = {title: rows(owner, before[title][0]) for title in list(before)[-5:]}

    much_comes_late()
    after = tiles(owner)

    assert len(counted) == 5
    for title, seen in counted.items():
        link, value, note = after[title]
        assert (value, note) == before[title][1:], title
        n = int(re.search(r"n = ([\d,]+)", note)[1].replace(",", ""))  # type: ignore[index]
        assert len(seen) == n > 10, title
        assert rows(owner, link) == seen, title
        assert "As it was known at" in owner.get(link).content.decode()

    refresh(at=now())
    told = tiles(owner)
    changed = [title for title in counted if told[title][1:] != before[title][1:]]
    assert len(changed) == 5
    for title in counted:
        n = int(re.search(r"n = ([\d,]+)", told[title][2])[1].replace(",", ""))  # type: ignore[index]
        assert len(rows(owner, told[title][0])) == n, title


def test_what_is_behind_a_share_adds_up_to_it(owner: Client) -> None:
    """The rows of the numerator over all that are counted, or over their units, is the share on the tile."""
    a_week(40)
    refresh(at=now())
    for title, (link, value, _) in list(tiles(owner).items())[-5:]:
        if not value.endswith("%") or "return_rate" in link:
            continue
        share = len(rows(owner, f"{link}&side=numerator")) / len(rows(owner, link))
        assert abs(100 * share - float(value.removesuffix("%"))) < 0.06, title


def test_sales_of_a_currency_open_the_orders_of_that_currency(owner: Client) -> None:
    for currency, minor in (("EUR", 9000), ("EUR", 1000), ("USD", 5000)):
        a_sold_order(now() - 10 * timedelta(minutes=1), currency=currency, total_minor=minor)
    told = tiles(owner)

    assert told["Sales"][1] == "€100"
    assert len(rows(owner, told["Sales"][0])) == 2
    assert told["Sales in USD"][1] == "$50"
    assert len(rows(owner, told["Sales in USD"][0])) == 1
    assert len(rows(owner, told["Orders"][0])) == 3
