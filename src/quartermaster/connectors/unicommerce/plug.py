"""Unicommerce's plug: its settings form and the port it offers."""

from quartermaster.connectors.unicommerce.warehouse import Unicommerce
from quartermaster.core.plugs import Plug, Setting
from quartermaster.outside.ports import Warehouse

PLUG = Plug(
    kind="unicommerce",
    title="Unicommerce (Uniware)",
    settings=(
        Setting("tenant", "Tenant", hint="The first part of the address you sign in at: acme of acme.…"),
        Setting("username", "User", hint="An admin who may use the facility; best one made for this only."),
        Setting("password", "Password", is_secret=True),
        Setting("facility", "Facility", hint="The code of the warehouse this connection is."),
        Setting("channel", "Channel", is_required=False, hint="Of the orders made there; CUSTOM when empty."),
        Setting("shipping_method", "Shipping method", is_required=False, hint="Its code; STD when empty."),
        Setting(
            "api_url",
            "API address",
            is_required=False,
            hint="Only for tests against another server than theirs.",
        ),
    ),
    ports={Warehouse: Unicommerce()},
)
