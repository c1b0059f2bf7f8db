"""Extensiv's plug: its settings form and the port it offers."""

from quartermaster.connectors.extensiv.notices import Notices as Receivers
from quartermaster.connectors.extensiv.warehouse import Extensiv
from quartermaster.core.plugs import Plug, Setting
from quartermaster.outside.ports import Notices, Warehouse

PLUG = Plug(
    kind="extensiv",
    title="Extensiv 3PL Warehouse Manager",
    settings=(
        Setting("client_id", "Client ID"),
        Setting("client_secret", "Client secret", is_secret=True),
        Setting("user_login_id", "User login ID", hint="A number; the 3PL gives it with the client."),
        Setting("customer_id", "Customer ID", hint="Which of the 3PL's customers you are."),
        Setting("facility_id", "Facility ID", hint="Which of their warehouses this connection is."),
        Setting("timezone", "Time zone", hint="Of the facility: America/Los_Angeles. Their times have none."),
        Setting(
            "api_url",
            "API address",
            is_required=False,
            hint="Only for tests against another server than theirs.",
        ),
    ),
    ports={Warehouse: Extensiv(), Notices: Receivers()},
)
