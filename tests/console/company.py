"""A small invented company for the pages: three sites, a dozen SKUs, orders in every state there is."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from quartermaster.allocation.actions import set_lanes, write_rules
from quartermaster.allocation.actions.write_rules import Lane
from quartermaster.allocation.rules import Rule, Split
from quartermaster.catalog.models import Barcode, KitLeaf, KitPart, Sku
from quartermaster.core import sql
from quartermaster.inbox.models import Connection, Message
from quartermaster.orders.actions import cancel, hold
from quartermaster.stock.actions import Move, post
from quartermaster.stock.models import Location, Place
from quartermaster.testing.builders import all_flows
from quartermaster.testing.shop import Shop, Webhook, signed

OPENED_AT = datetime(2026, 11, 23, 6, 40, tzinfo=UTC)

# code: title, price, units at BER, MUC, FUL
GOODS: dict[str, tuple[str, str, int, int, int]] = {
    "LAMP-BR": ("Harbour lamp, brass", "129.00", 14, 6, 0),
    "LAMP-BK": ("Harbour lamp, black", "119.00", 3, 9, 0),
    "SHADE-LN": ("Linen shade, natural", "38.50", 22, 0, 0),
    "MUG-ST": ("Stoneware mug, sand", "16.90", 120, 64, 40),
    "MUG-SL": ("Stoneware mug, slate", "16.90", 2, 0, 0),
    "BOWL-L": ("Serving bowl, large", "42.00", 18, 11, 0),
    "THROW-OC": ("Wool throw, ochre", "89.00", 0, 7, 5),
    "CANDLE-3": ("Beeswax candles, three", "24.00", 75, 30, 60),
    "TRAY-OAK": ("Oak tray", "54.00", 9, 4, 0),
    "HOOK-CA": ("Cast iron hook", "9.50", 240, 80, 0),
}
KIT = ("SET-TEA", "Tea set: tray and four mugs", "118.00", {"TRAY-OAK": 1, "MUG-ST": 4})
PEOPLE = [
    ("Ada", "Lindqvist", "Torstrasse 41", "10119", "Berlin", "DE"),
    ("Jonas", "Weber", "Isartalstrasse 8", "80469", "München", "DE"),
    ("Chiara", "Moretti", "Via Solferino 12", "20121", "Milano", "IT"),
    ("Tomasz", "Kowalczyk", "ul. Mokotowska 3", "00-640", "Warszawa", "PL"),
    ("Élodie", "Garnier", "12 rue des Martyrs", "75009", "Paris", "FR"),
    ("Sanne", "de Vries", "Haarlemmerdijk 88", "1013 JE", "Amsterdam", "NL"),
    ("Oskar", "Brandt", "Eimsbütteler Str. 19", "20259", "Hamburg", "DE"),
    ("Maja", "Novak", "Trubarjeva 7", "1000", "Ljubljana", "SI"),
]


class Northlight(Shop):
    """A shop with prices of its own."""

    def __init__(self, opened_at: datetime = OPENED_AT) -> None:
        super().__init__()
        self.now = opened_at

    def buy(self, person: int, *lines: tuple[str, int], shipping: str = "4.90", **different: Any) -> Webhook:
        first, last, street, postcode, city, country = PEOPLE[person % len(PEOPLE)]
        address = {
            "first_name": first,
            "last_name": last,
            "address1": street,
            "zip": postcode,
            "city": city,
            "country_code": country,
            "country": country,
        }
        number = len(self.orders) + 1
        given = {
            "name": f"#{4820 + number}",
            "email": f"{last.lower().replace(' ', '')}@example.com",
            "customer": {"id": 900 + person, "first_name": first, "last_name": last},
            "shipping_address": address,
            "billing_address": address,
            "shipping_lines": [{"title": "Standard", "price": shipping, "discounted_price": shipping}],
            **different,
        }
        self.now += timedelta(minutes=3)
        return self.sell(*lines, order_id=6_100_441_000 + number * 17, **given)

    def _line(self, line_id: int, sku: str, quantity: int) -> dict[str, Any]:
        title, price = (
            GOODS[sku][:2] if sku in GOODS else KIT[1:3] if sku == KIT[0] else (f"New: {sku}", "30.00")
        )
        return {**super()._line(line_id, sku, quantity), "title": title, "name": title, "price": price}

    def _tell(self, order_id: int, topic: str) -> Webhook:
        self.now += timedelta(minutes=1)
        order = self.orders[order_id]
        items = sum(round(float(item["price"]) * 100) * item["quantity"] for item in order["line_items"])
        off = round(float(order.get("off", "0")) * 100)
        total = items - off + round(float(order["shipping_lines"][0]["price"]) * 100)
        shown = {"total_price": total, "subtotal_price": items - off, "total_line_items_price": items}
        shown |= {"total_tax": total * 19 // 119, "total_discounts": off}
        order |= {name: f"{minor / 100:.2f}" for name, minor in shown.items()} | {"updated_at": self._time()}
        given_back = sum(
            round(float(each["amount"]) * 100) for r in order["refunds"] for each in r["transactions"]
        )
        order["current_total_price"] = f"{(total - given_back) / 100:.2f}"
        if order["financial_status"] == "pending":
            order["total_outstanding"] = order["total_price"]
        return self._deliver(topic, order)


def found(*, at: datetime = OPENED_AT) -> Connection:
    """The company before its first order: sites, lanes, rules, goods and what is on the shelves."""
    for code, name, kind in [
        ("BER", "Berlin", "own"),
        ("MUC", "Munich", "own"),
        ("FUL", "Fulfil GmbH", "3pl"),
    ]:
        site = Location.objects.create(code=code, name=name, kind=kind, country="DE")
        Place.objects.create(code=code, location=site, kind="site")
    for site, near, far in [("BER", 490, 1190), ("MUC", 620, 990), ("FUL", 560, 1350)]:
        lanes = (Lane("DE", near, "EUR", 1 if site != "FUL" else 2), Lane("", far, "EUR", 3))
        set_lanes(site, lanes, at=at, by="system")
    stack = (
        Rule("Send abroad from Munich", countries=("IT", "SI", "AT"), sites=("MUC",)),
        Rule("Cheapest site that has everything", split=Split(value_min_minor=2000)),
    )
    write_rules(stack, because="Parcels to the south leave from Munich.", at=at, by="system")
    for n, (code, (title, price, *_)) in enumerate(GOODS.items()):
        sku = Sku.objects.create(
            code=code, title=title, cost_minor=round(float(price) * 40), currency="EUR", weight_g=400
        )
        Barcode.objects.create(code=f"40123450{n:05d}", sku=sku)
    kit = Sku.objects.create(code=KIT[0], title=KIT[1], is_kit=True)
    for code, quantity in KIT[3].items():
        part = Sku.objects.get(code=code)
        KitPart.objects.create(kit=kit, part=part, quantity=quantity)
        KitLeaf.objects.create(kit=kit, part=part, quantity=quantity)
    post(_deliveries(), by="import:1", at=at - timedelta(days=2))
    flow()
    return Connection.objects.create(
        slug="northlight", kind="shopify", settings={"shop": "northlight.example"}
    )


def _deliveries() -> Sequence[Move]:
    return [
        Move(
            f"opening:{code}:{site}",
            _sku(code),
            quantity,
            "world:supplier",
            site,
            "opening stock",
            document="import:1",
        )
        for code, (_, _, *held) in GOODS.items()
        for site, quantity in zip(("BER", "MUC", "FUL"), held, strict=True)
        if quantity
    ]


def hear(connection: Connection, webhook: Webhook, at: datetime) -> Message:
    """As the intake keeps it."""
    from hashlib import sha256

    return Message.objects.create(
        connection=connection,
        delivery_id=webhook.headers["x-shopify-webhook-id"],
        topic=webhook.topic,
        sha256=sha256(webhook.body).digest(),
        headers={**webhook.headers, "user-agent": "Shopify-Captain-Hook", "x-shopify-api-version": "2026-07"},
        body=webhook.body,
        received_at=at,
    )


def flow() -> None:
    all_flows()


def a_day(connection: Connection, shop: Northlight | None = None) -> Northlight:
    """A morning of orders, one of each kind a page has to show, and some ordinary ones between."""
    shop = shop or Northlight()

    def tell(webhook: Webhook) -> None:
        hear(connection, webhook, shop.now)
        flow()

    ordinary = [("MUG-ST", 2), ("CANDLE-3", 1), ("BOWL-L", 1), ("HOOK-CA", 6), ("SHADE-LN", 1), ("MUG-ST", 4)]
    for n in range(9):
        tell(shop.buy(n, ordinary[n % 6], *([ordinary[(n + 2) % 6]] if n % 2 else [])))
    tell(shop.buy(0, ("LAMP-BR", 2), ("MUG-ST", 2)))  # everything at several sites
    tell(shop.buy(2, ("BOWL-L", 2)))  # abroad, by another rule
    tell(shop.buy(6, ("SHADE-LN", 2), ("THROW-OC", 1)))  # two parcels
    tell(shop.buy(3, ("MUG-SL", 6), ("CANDLE-3", 2)))  # waits for stock
    tell(shop.buy(4, (KIT[0], 2)))
    tell(shop.buy(1, ("LAMP-BK", 1), financial_status="pending"))
    nowhere = {
        "first_name": "Oskar",
        "last_name": "Brandt",
        "city": "Hamburg",
        "country_code": "DE",
        "zip": "20259",
    }
    tell(shop.buy(6, ("BOWL-L", 1), shipping_address=nowhere))
    tell(shop.buy(5, ("VASE-NEW", 1), ("CANDLE-3", 1)))
    tell(shop.buy(7, ("TRAY-OAK", 1), test=True))
    gone = shop.buy(4, ("THROW-OC", 1))
    tell(gone)
    tell(shop.cancel(_id(gone)))
    back = shop.buy(5, ("MUG-ST", 6))
    tell(back)
    tell(shop.refund(_id(back), 0, 1))
    sent = shop.buy(1, ("HOOK-CA", 10))
    tell(sent)
    tell(shop.fulfil(_id(sent), (0, 10)))
    tell(shop.buy(6, ("LAMP-BR", 1), off="12.90"))
    _people_act(shop.now)
    _strange_messages(connection, shop)
    flow()
    return shop


def _people_act(at: datetime) -> None:
    hold(
        number(10),
        kind="fraud",
        because="Third card tried; called the customer, no answer yet.",
        at=at,
        by="system",
    )
    cancel(number(2), because="Ordered twice by mistake.", at=at, by="system")
    moves = [
        Move(
            "count:1",
            _sku("MUG-ST"),
            3,
            "BER",
            "world:adjustment",
            "Counted 3 fewer than the ledger said",
            document="count:1",
        ),
        Move("move:1", _sku("CANDLE-3"), 12, "MUC", "BER", "Balance the two sites"),
    ]
    post(moves, by="system", at=at)
    flow()


def _strange_messages(connection: Connection, shop: Northlight) -> None:
    bodies = [
        ("orders/create", b'{"id": 6100442, "line_items": [{"sku": "MUG-ST", "quant'),
        ("orders/create", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x02\x00"),
        ("products/update", json.dumps({"id": 77, "title": "Stoneware mug"}).encode()),
        ("shop/ping", b"webhook_id=41"),
    ]
    for n, (topic, body) in enumerate(bodies):
        shop.now += timedelta(minutes=2)
        hear(connection, signed(topic, body, delivery_id=f"strange-{n}", secret="sesame"), shop.now)
    flow()


def a_stuck_step(order_number: str, because: str) -> None:
    """As a worker leaves it after the fifth failure."""
    sql.run(
        """insert into core_delivery (event_id, listener, subject, attempts, stuck_at, because)
           select id, 'allocation.allocate', subject, 5, at, %s from core_event where subject = %s
           order by id limit 1""",
        (because, f"order:{order_number}"),
    )


def number(position: int) -> str:
    """The number of the nth order captured."""
    (row,) = sql.run("select id from orders_order order by id offset %s limit 1", (position,))
    return f"SO-{row[0]}"


def _sku(code: str) -> int:
    return Sku.objects.get(code=code).pk


def _id(webhook: Webhook) -> int:
    body: Mapping[str, Any] = json.loads(webhook.body)
    return int(body["id"])


def newest() -> str:
    (row,) = sql.run("select id from orders_order order by id desc limit 1")
    return f"SO-{row[0]}"
