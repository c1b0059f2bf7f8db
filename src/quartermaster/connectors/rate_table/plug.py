"""The plug of the carriers rated by table. It has no settings, so it works without a connection."""

from quartermaster.core.plugs import Plug
from quartermaster.shipping.actions.own_labels import OwnLabels
from quartermaster.shipping.ports import Carrier

PLUG = Plug(kind="rate_table", title="Carriers by rate table", settings=(), ports={Carrier: OwnLabels()})
