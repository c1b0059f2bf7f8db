"""The settings of an account, the same for ShipEngine and ShipStation."""

from quartermaster.connectors.senders import API_URL, LABEL_FORMAT, SENDER, SERVICES_OFF, SITES
from quartermaster.core.plugs import Setting

SETTINGS = (
    Setting("api_key", "API key", is_secret=True, hint="One that begins with TEST_ pays nothing."),
    Setting(
        "carrier_ids",
        "Carriers",
        hint="The ids of the carriers to ask, with commas between: se-123456, se-234567.",
    ),
    *SENDER,
    SITES,
    SERVICES_OFF,
    LABEL_FORMAT,
    Setting("from_email", "Sender's e-mail", is_required=False, hint="Needed to call for a pickup."),
    Setting(
        "currency", "Currency", is_required=False, hint="In which rates are asked for, as in the rate tables."
    ),
    API_URL,
)
