"""Problems that arrive as messages, in the last hours before now."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from quartermaster.demo.company.sales import Address, Bought, Sale, Till, of, without_address
from quartermaster.demo.past.plan import Past
from quartermaster.demo.shops import Webhook, signed, tell

EU, US = "harbor-pine", "harbor-pine-us"
ADDRESS_FAULTS = 27
RENAMED = "MUG-HARBOR-SEAGLASS"  # what the shop calls a glaze that the catalog does not know
NO_POSTCODE = "The buyer's town, and no postcode"
SHORT_UNITS = 160

SILENT, SILENCE = "pine-and-wool", timedelta(minutes=130)  # its webhooks were switched off, unnoticed
_RHYTHM_MIN, _RHYTHM_FOR = 30, timedelta(hours=56)

type Heard = tuple[Webhook, datetime]


class Desk:
    """Rings up the sales that go wrong. Their numbers follow those of the ordinary ones."""

    def __init__(self, past: Past) -> None:
        self.past = past
        self.chance = random.Random(f"problems {past.seed}")
        self._till = Till(past.goods, self.chance, buyers=800_000)
        self._number = past.orders

    def sale(self, shop: str, minutes_ago: float) -> Sale:
        self._number += 1
        return self._till.ring(self._number, self.past.now - timedelta(minutes=minutes_ago), shop)


def told(past: Past) -> Iterator[Heard]:
    """Every message that makes a problem, and those that only look like one."""
    desk = Desk(past)
    for sale in _sales(desk):
        yield tell(sale), sale.placed_at + timedelta(seconds=6)
    yield from _rhythm(desk)
    yield from _total_is_off(desk.sale(EU, 95))
    yield from _cut_in_half(desk.sale(EU, 47))
    yield from _told_twice(desk.sale(EU, 71))


def _sales(desk: Desk) -> Iterator[Sale]:
    for n in range(ADDRESS_FAULTS):  # since a new checkout went live, nobody is asked for the street
        yield without_address(desk.sale(EU, 340 - n * 12))
    for minutes in (204, 133, 118, 39):
        sale = desk.sale(EU, minutes)
        yield replace(
            sale, lines=(Bought(RENAMED, "Harbor stoneware mug, sea glass", 2, 1890), *sale.lines[1:])
        )
    for minutes in (185, 62):
        yield replace(desk.sale(EU, minutes), payment="short")
    for minutes in (142, 88, 30):
        yield _more_than_there_is(desk, desk.sale(EU, minutes), "deny")
    yield _more_than_there_is(desk, desk.sale(EU, 171), "backorder")
    for hours in (104, 103.2, 102.5):  # behind a pallet: no list was ever made for them
        yield _to(desk.sale(EU, hours * 60), Address("Fährstrasse 3", "20457", "Hamburg", "", "DE"), desk, "")
    # so late that the crew has not begun with them
    for minutes in (51, 46):
        yield _to(desk.sale(EU, minutes), Address("Lotsenweg 8", "", "Bremen", "", "DE"), desk)
    yield _to(desk.sale(EU, 49), Address("Kiefernallee 41", "10405", "Berlin", "", "DE"), desk, CALLED_OFF)


CALLED_OFF = "Please call before delivery."  # the note of the order that is cancelled when it is in hand


def _more_than_there_is(desk: Desk, sale: Sale, policy: str) -> Sale:
    """A hotel in Berlin wants far more of one cheap thing than all sites have."""
    far_away = desk.past.routes.shelves.held["RNO"]
    here = [one for one in desk.past.goods.things if one.policy == policy and one.code not in far_away]
    lines = (of(min(here, key=lambda one: (one.price_minor, one.code)), SHORT_UNITS),)
    hotel = Address("Am Bootshaus 2", "10963", "Berlin", "", "DE")
    return replace(sale, lines=lines, address=hotel, discount_minor=0, shipping_minor=0)


def _to(sale: Sale, address: Address, desk: Desk, note: str = NO_POSTCODE) -> Sale:
    """One light thing that Berlin has, to an address in Germany."""
    thing = next(thing for thing in desk.past.goods.things if thing.family == "CDL")
    return replace(
        sale, lines=(of(thing, 1),), address=address, note=note, discount_minor=0, shipping_minor=590
    )


def _rhythm(desk: Desk) -> Iterator[Heard]:
    """Twice an hour the shop tells of its products, until it tells nothing any more."""
    at, silent = desk.past.now - _RHYTHM_FOR, desk.past.now - SILENCE
    thing = desk.past.goods.things[0]
    while at < silent:
        body = {
            "id": 900,
            "name": thing.title,
            "sku": thing.code,
            "stock_status": "instock",
            "date_modified_gmt": f"{at:%Y-%m-%dT%H:%M:%S}",
        }
        yield signed(SILENT, "product.updated", msgspec.json.encode(body)), at
        at += timedelta(minutes=_RHYTHM_MIN + desk.chance.randint(-6, 6))


def _total_is_off(sale: Sale) -> Iterator[Heard]:
    """The total is ten euros more than its parts."""
    body = msgspec.json.decode(tell(sale).body)
    body["total_price"] = body["current_total_price"] = f"{sale.total_minor / 100 + 10:.2f}"
    yield signed(sale.shop, "orders/create", msgspec.json.encode(body)), sale.placed_at + timedelta(seconds=6)


def _cut_in_half(sale: Sale) -> Iterator[Heard]:
    """A webhook that was cut off on its way: signed, and no JSON."""
    body = tell(sale).body
    yield signed(sale.shop, "orders/create", body[: len(body) // 2]), sale.placed_at + timedelta(seconds=6)


def _told_twice(sale: Sale) -> Iterator[Heard]:
    """The same order again, under another delivery id: no problem at all, and shown as none."""
    webhook = tell(sale)
    yield webhook, sale.placed_at + timedelta(seconds=6)
    again = signed(sale.shop, "orders/create", webhook.body, delivery=f"again-{sale.number}")
    yield again, sale.placed_at + timedelta(seconds=40)
