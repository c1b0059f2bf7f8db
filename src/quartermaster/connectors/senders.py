"""Settings that every account with a carrier has: from where its parcels leave, and which sites use it."""

from collections.abc import Mapping

from quartermaster.core.plugs import Setting
from quartermaster.orders.ports import Address

SENDER = (
    Setting("from_name", "Sender", hint="The name or company on the label as sender."),
    Setting("from_phone", "Sender's phone"),
    Setting("from_line1", "Sender's street and number"),
    Setting("from_city", "Sender's city"),
    Setting("from_region", "Sender's state", is_required=False, hint="As a code, where there are any: CA."),
    Setting("from_postcode", "Sender's postcode"),
    Setting("from_country", "Sender's country", hint="Two letters: DE, US."),
)
SITES = Setting(
    "sites",
    "Sites",
    is_required=False,
    hint="Codes, with commas between: only parcels of these sites use this account. Empty: all of them.",
)
SERVICES_OFF = Setting(
    "services_off",
    "Services off",
    is_required=False,
    hint="Codes, with commas between: they are asked for and not taken.",
)
LABEL_FORMAT = Setting(
    "label_format", "Label format", is_required=False, hint="pdf (when empty), or zpl for thermal printers."
)
API_URL = Setting(
    "api_url", "API address", is_required=False, hint="Only for tests against another server than theirs."
)


def sender(settings: Mapping[str, str]) -> Address:
    """From where the parcels of this account leave."""
    given = {field.name.removeprefix("from_"): settings.get(field.name, "") for field in SENDER}
    return Address(**given)  # type: ignore[arg-type]  # all of these are texts
