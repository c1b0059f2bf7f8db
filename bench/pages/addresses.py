"""The pages that are measured, and the lists of the API beside them."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlencode

_VIEWS = ("attention", "ready", "due", "late", "on_hold", "backordered", "payment", "shipped")
_CARE = ("late", "will_be_late", "no_scan", "stuck", "lost", "foreseen", "exceptions")
_LISTED = ("differs", "waiting", "trouble", "unmapped", "held", "gone")
_PRICED = ("blocked", "differs", "waiting", "trouble", "none")
_API = (
    *("orders", "orders?status=on_hold", "orders?connection=shop-3", "stock", "stock?location=MUC", "skus"),
    *(
        "stock/movements?sku=B-000007",
        "messages",
        "messages?state=stuck",
        "messages?connection=shop-3",
        "outbox",
        "stuck",
    ),
    *("channels", "channels/health", "channels/shop-5/listings", "channels/shop-5/listings?show=gone"),
    *("channels/shop-5/listings?show=differs", "channels/shop-3/comparisons", "drifts", "drifts?state=open"),
    *("drifts?connection=shop-3&state=settled", "prices", "prices?show=blocked", "prices?show=differs"),
    *("prices/lists", "prices/lists/Retail", "prices/batches", "prices/sales", "channels/shop-3/pricing"),
    *("quality", "quality/findings", "quality/findings?cause=no-size&show=ignored", "quality/next"),
    *("quality/differences", "quality/differences?field=weight_g", "sku-edits", "aliases", "recalls"),
    *("late", "late?kind=no_scan", "timers", "timers?kind=next", "floor", "crew?location=BER", "counts"),
    *("counts/waiting", "counts/accuracy", "pick-lists", "pick-faces", "put-backs", "refills", "arrivals"),
    *("dock?location=BER", "quarantine", "labels", "labels?waiting_for=not_listed", "manifests", "pickups"),
    *("carrier-lists", "claims", "carrier-invoices"),
    *("carriers", "carriers/scorecard", "refunds", "marketplaces", "events?subject=order:SO-1"),
)


class Page(NamedTuple):
    """A page under its name; `addresses` are asked for in turn."""

    name: str
    addresses: Sequence[str]


def pages(orders: int, skus: int) -> list[Page]:
    """The last orders, and some of the whole year, one after the other."""
    return [
        *_sold(orders),
        *_shops(skus),
        *_goods(orders, skus),
        *_floor(orders),
        *_sent(orders),
        *_api(orders),
    ]


def _sold(orders: int) -> Iterator[Page]:
    some = [f"/orders/SO-{orders - 1 - n * (orders // 97)}" for n in range(31)]
    yield Page("today", ["/"])
    yield from (Page(f"orders {view}", [f"/orders?view={view}"]) for view in _VIEWS)
    yield Page("orders all", ["/orders"])
    yield Page("orders of a channel", ["/orders?connection=shop-3"])
    yield Page("order", some)
    yield Page("order with a past", [f"/orders/SO-{orders}"])
    yield Page("exceptions", ["/exceptions"])
    yield Page("exceptions group", ["/exceptions/holds?of=address"])
    yield Page("kpi", ["/kpi"])
    yield Page("kpi weeks", ["/kpi/weeks"])
    yield Page("kpi rows", ["/kpi/orders", "/kpi/return_rate", "/kpi/pick_hours"])
    yield Page("search", [f"/search?q=00340{orders // 2:012}"])
    yield Page("search for nothing", ["/search?q=nothing"])


def _shops(skus: int) -> Iterator[Page]:
    yield Page("connect", ["/connect"])
    yield Page("connect shop", ["/connect/shop-3"])
    yield Page("connect settled", ["/connect/shop-3?state=settled"])
    yield Page("messages", ["/messages"])
    yield Page("messages stuck", ["/messages?state=stuck"])
    yield Page("messages used", ["/messages?state=used"])
    yield Page("messages of a shop", ["/messages?connection=shop-3&state=unreadable"])
    at = datetime.now(UTC) - timedelta(days=200)
    span = {"since": f"{at:%Y-%m-%dT%H:%M}", "until": f"{at + timedelta(hours=6):%Y-%m-%dT%H:%M}", "all": "1"}
    yield Page("messages of a time", [f"/messages/replay?{urlencode({'connection': 'shop-3', **span})}"])
    yield Page("stuck", ["/stuck"])
    yield Page("listings", ["/listings"])
    yield Page("listings shop", [f"/listings/shop-{n}" for n in (1, 3, 5)])
    yield from (Page(f"listings {show}", [f"/listings/shop-5?show={show}"]) for show in _LISTED)
    yield Page("listings found", [f"/listings/shop-5?q=number+{skus // 2}", "/listings/shop-5?q=nothing"])
    yield Page("listing", [f"/listings/shop-3/one?listing=L-3-{skus // 2 + n}" for n in range(9)])
    yield Page("prices", ["/prices"])
    yield Page("prices blocked", ["/prices/blocked"])
    yield Page("prices list", ["/prices/lists/Retail", f"/prices/lists/Retail?q=B-{skus - 1:06}"])
    yield Page("prices sku", [f"/prices/skus/B-{skus // 2 + n:06}" for n in range(9)])
    yield Page("prices shop", [f"/prices/shops/shop-{n}" for n in (1, 3, 5)])
    yield from (Page(f"prices {show} of one", [f"/prices/shops/shop-5?show={show}"]) for show in _PRICED)
    yield Page("marketplaces", ["/marketplaces"])
    yield Page("marketplaces defects", ["/marketplaces/shop-2/defects"])
    yield Page("refund policy", ["/ship/given-back"])


def _goods(orders: int, skus: int) -> Iterator[Page]:
    yield Page("stock", ["/stock"])
    yield Page("stock found", [f"/stock?q=B-0{skus // 20000}", "/stock?q=nothing"])
    yield Page("stock sku", [f"/stock/B-{1 + n * (skus // 97):06}" for n in range(31)])
    yield Page("recalls", ["/stock/recalls"])
    yield Page("recall", ["/stock/recalls/RC-1"])
    yield Page("products", ["/products"])
    yield Page("products cause", ["/products/causes/no-size", "/products/causes/no-weight"])
    yield Page("products let be", ["/products/causes/no-size?show=ignored"])
    yield Page("products changes", ["/products/changes"])
    yield Page("products change", ["/products/changes/7", "/products/changes/7?show=refused"])
    yield Page("products table", ["/products/table"])
    yield Page("products found", ["/products/table?q=nothing", f"/products/table?q=number+{skus - 1}"])
    yield Page("products of a cause", ["/products/table?cause=no-weight"])
    yield Page("product", [f"/products/sku/B-{skus // 2 + n:06}" for n in range(9)])
    for field in ("title", "barcodes", "weight_g"):
        yield Page(f"differences {field}", [f"/products/differences?field={field}"])
    yield Page("naming", ["/products/naming"])


def _floor(orders: int) -> Iterator[Page]:
    yield Page("floor", ["/floor?site=BER", "/floor?site=MUC"])
    for name in (
        "receive",
        "put-away",
        "put-backs",
        "counts",
        "waves",
        "totes",
        "refills",
        "crew",
        "dispatch",
    ):
        yield Page(f"floor {name}", [f"/floor/{name}?site=BER"])
    yield Page("floor quarantine", ["/floor/quarantine?site=WAW"])
    yield Page("floor wave", [f"/floor/waves/{orders // 800 * 4 + 1}"])
    yield Page("floor list", [f"/floor/pick/{orders // 40 * 4 - 3}"])
    yield Page("floor arrival", ["/floor/receive/11870", "/floor/receive/6000"])
    yield Page("counts", ["/counts"])
    yield from (
        Page(f"timers {kind}", [f"/timers?kind={kind}"]) for kind in ("breached", "breaching", "next")
    )
    yield Page("timers of a site", ["/timers?kind=breached&site=BER&stage=pick&show=all"])
    yield Page("packaging", ["/packaging"])
    yield Page("sites", ["/sites"])


def _sent(orders: int) -> Iterator[Page]:
    yield from (Page(f"late {kind}", [f"/late?kind={kind}"]) for kind in _CARE)
    yield Page("late answered", ["/late?kind=late&show=acknowledged", "/late?kind=late&show=all"])
    yield Page("late silence", ["/late/silence"])
    yield Page("ship", ["/ship"])
    yield Page("ship carrier", ["/ship/carriers/dhl"])
    yield Page("ship claims", ["/ship/claims", "/ship/claims?state=credited"])
    yield Page("ship dispatch", ["/ship/dispatch"])
    yield Page("ship accounts", ["/ship/accounts"])
    yield Page("ship scorecard", [f"/ship/scorecard?by={by}" for by in ("carrier", "lane")])
    yield Page("ship promises", [f"/ship/promises?by={by}" for by in ("site", "lane")])
    yield Page("ship restricted", ["/ship/restricted"])
    yield Page("parcel", [f"/parcels/P-{orders // 2 + n}" for n in range(9)])
    yield Page("parcel scans", [f"/parcels/P-{orders // 2 + n}/scans" for n in range(9)])
    yield Page("outside", ["/outside"])
    yield Page("outside site", ["/outside/FUL"])


def _api(orders: int) -> Iterator[Page]:
    yield from (Page(f"api {route.replace('?', ' ')}", [f"/api/{route}"]) for route in _API)
    yield Page("api order", [f"/api/orders/SO-{orders - n * (orders // 97)}" for n in range(31)])


def groups(at: datetime) -> Iterator[Page]:
    """A page for each cause of exceptions that has rows, and one of a measure of each marketplace."""
    from quartermaster.console.causes.queries import CAUSES
    from quartermaster.console.causes.queries import groups as found
    from quartermaster.marketplaces.queries.standings import standings

    largest = {
        group.cause: group for group in sorted(found(CAUSES.values(), at=at), key=lambda one: one.rows)
    }
    for cause, group in sorted(largest.items()):
        yield Page(f"exceptions {cause}", [f"/exceptions/{cause}?{urlencode({'of': group.of})}"])
    counted = [one for one in standings() if one.n]
    if counted:
        asked = [f"/marketplaces/{one.slug}/{one.measure}?country={one.country}" for one in counted]
        yield Page("marketplaces measure", asked[:20])
