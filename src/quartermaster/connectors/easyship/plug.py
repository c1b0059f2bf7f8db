"""Easyship's plug: its settings form and the port it offers."""

from quartermaster.connectors.easyship.carrier import Easyship
from quartermaster.connectors.senders import API_URL, LABEL_FORMAT, SENDER, SERVICES_OFF, SITES
from quartermaster.core.plugs import Plug, Setting
from quartermaster.shipping.ports import Carrier

PLUG = Plug(
    kind="easyship",
    title="Easyship",
    settings=(
        Setting("access_token", "Access token", is_secret=True, hint="One of the sandbox pays nothing."),
        *SENDER,
        Setting("from_email", "Sender's e-mail"),
        Setting("item_category", "Category", hint="What the parcels hold, as Easyship calls it: home_decor."),
        Setting("item_description", "Description", is_required=False, hint="In customs papers: Lamps."),
        Setting("incoterms", "Duties", is_required=False, hint="DDU when empty, or DDP."),
        Setting("currency", "Currency", is_required=False, hint="Of rates, as in the rate tables: EUR."),
        SITES,
        SERVICES_OFF,
        LABEL_FORMAT,
        API_URL,
    ),
    ports={Carrier: Easyship()},
)
