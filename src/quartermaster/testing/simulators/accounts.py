"""The carriers, warehouses and shops there are simulators of, by kind of connection, and the settings of an
account at each. A warehouse that is run by hand carries every SKU."""

from collections.abc import Callable, Mapping

from quartermaster.testing.simulators import (
    amazon,
    amazon_queue,
    easyship,
    extensiv,
    flipkart,
    karrio,
    magento,
    shipengine,
    shippo,
    shopify,
    unicommerce,
    woocommerce,
)
from quartermaster.testing.simulators.server import Vendor

SENDER = {
    "from_name": "Harbor & Pine",
    "from_phone": "+49 30 5550100",
    "from_line1": "Dock 4",
    "from_city": "Berlin",
    "from_region": "BE",
    "from_postcode": "10243",
    "from_country": "DE",
}
VENDORS: Mapping[str, Callable[[], Vendor]] = {
    "shipengine": shipengine.ShipEngine,
    "shipstation": lambda: shipengine.ShipEngine("v2"),
    "shippo": shippo.Shippo,
    "easyship": easyship.Easyship,
    "karrio": karrio.Karrio,
}
WAREHOUSES: Mapping[str, Callable[[], Vendor]] = {
    "extensiv": lambda: extensiv.Extensiv(carries=()),
    "unicommerce": lambda: unicommerce.Unicommerce(carries=()),
}
CHANNELS: Mapping[str, Callable[[], Vendor]] = {
    "woocommerce": woocommerce.by_hand,
    "shopify": shopify.by_hand,
    "amazon": amazon.by_hand,
    "magento": magento.by_hand,
    "flipkart": flipkart.by_hand,
}
SIMULATED = {**VENDORS, **WAREHOUSES, **CHANNELS}
_THEIRS = {"extensiv": extensiv.SETTINGS, "unicommerce": unicommerce.SETTINGS}
# A shop's own settings, and which of them is its address.
_SHOPS = {
    "woocommerce": (woocommerce.SETTINGS, "url"),
    "shopify": (shopify.SETTINGS, "api_url"),
    "amazon": (amazon.SETTINGS, "api_url"),
    "magento": (magento.SETTINGS, "url"),
    "flipkart": (flipkart.SETTINGS, "api_url"),
}
_SHIPENGINE = {
    "api_key": shipengine.KEY,
    "carrier_ids": "se-101, se-102",
    "currency": "EUR",
    "from_email": "dock@example.com",
}
_OWN = {
    "shipengine": ("/v1", _SHIPENGINE),
    "shipstation": ("/v2", _SHIPENGINE),
    "shippo": ("", {"api_token": shippo.TOKEN}),
    "easyship": (
        "/2024-09",
        {
            "access_token": easyship.TOKEN,
            "from_email": "dock@example.com",
            "item_category": "home_decor",
            "currency": "EUR",
        },
    ),
    "karrio": ("", {"api_key": karrio.KEY}),
}


def settings_for(kind: str, url: str, *, door: str = "") -> dict[str, str]:
    """What ./qm connect is told to reach the simulator at this address. `door`: where its messages come in,
    https://…/in/SLUG, for a shop that wants to be told of it beforehand."""
    if kind in _THEIRS:
        return {**_THEIRS[kind], "api_url": url}
    if kind in _SHOPS:
        settings, address = _SHOPS[kind]
        own = {"refunds": "yes", **amazon_queue.settings(url)} if kind == "amazon" else {}
        told = {"notification_url": door} if kind == "flipkart" and door else {}
        return {**settings, **own, **told, address: url}
    path, own = _OWN[kind]
    return {**SENDER, **own, "api_url": url + path}
