"""ShipStation's plug: ShipEngine's calls under ShipStation's address."""

from quartermaster.connectors.shipengine.carrier import ShipEngineCore
from quartermaster.connectors.shipengine.form import SETTINGS
from quartermaster.core.plugs import Plug
from quartermaster.shipping.ports import Carrier

PLUG = Plug(
    kind="shipstation",
    title="ShipStation",
    settings=SETTINGS,
    ports={Carrier: ShipEngineCore("ShipStation", "https://api.shipstation.com/v2")},
)
