"""ShipEngine's plug: its settings form and the port it offers."""

from quartermaster.connectors.shipengine.carrier import ShipEngine
from quartermaster.connectors.shipengine.form import SETTINGS
from quartermaster.core.plugs import Plug
from quartermaster.shipping.ports import Carrier

PLUG = Plug(
    kind="shipengine",
    title="ShipEngine",
    settings=SETTINGS,
    ports={Carrier: ShipEngine("ShipEngine", "https://api.shipengine.com/v1")},
)
