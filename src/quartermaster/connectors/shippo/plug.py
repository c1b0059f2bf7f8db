"""Shippo's plug: its settings form and the port it offers."""

from quartermaster.connectors.senders import API_URL, LABEL_FORMAT, SENDER, SERVICES_OFF, SITES
from quartermaster.connectors.shippo.carrier import Shippo
from quartermaster.core.plugs import Plug, Setting
from quartermaster.shipping.ports import Carrier

PLUG = Plug(
    kind="shippo",
    title="Shippo",
    settings=(
        Setting("api_token", "API token", is_secret=True, hint="One of shippo_test_… pays nothing."),
        Setting(
            "carrier_accounts",
            "Carrier accounts",
            is_required=False,
            hint="Ids, with commas between: only these are asked. Empty: all of the account's.",
        ),
        *SENDER,
        SITES,
        SERVICES_OFF,
        LABEL_FORMAT,
        API_URL,
    ),
    ports={Carrier: Shippo()},
)
