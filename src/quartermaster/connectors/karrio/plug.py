"""Karrio's plug: its settings form and the port it offers."""

from quartermaster.connectors.karrio.carrier import Karrio
from quartermaster.connectors.senders import LABEL_FORMAT, SENDER, SERVICES_OFF, SITES
from quartermaster.core.plugs import Plug, Setting
from quartermaster.shipping.ports import Carrier

PLUG = Plug(
    kind="karrio",
    title="Karrio",
    settings=(
        Setting("api_key", "API key", is_secret=True, hint="Of a user of your server, live or for tests."),
        Setting("api_url", "Address", hint="Of your server, without a path: https://karrio.example.com."),
        Setting(
            "carrier_ids",
            "Connections",
            is_required=False,
            hint="Names of your server's carrier connections, with commas between: only these are asked.",
        ),
        *SENDER,
        SITES,
        SERVICES_OFF,
        LABEL_FORMAT,
    ),
    ports={Carrier: Karrio()},
)
