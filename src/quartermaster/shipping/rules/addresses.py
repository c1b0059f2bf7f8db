"""What an address must have before a carrier is asked."""

from quartermaster.orders.ports import Address

_NEEDED = {"line1": "a street", "city": "a city", "country": "a country"}
# Countries where parcels go without a postcode.
_NO_POSTCODE = frozenset(
    (
        *("AE", "AG", "AO", "AW", "BF", "BI", "BJ", "BO", "BS", "BW", "BZ", "CD", "CF", "CG", "CI", "CK"),
        *("CM", "DJ", "DM", "ER", "FJ", "GA", "GD", "GH", "GM", "GN", "GQ", "GY", "HK", "IE", "JM", "KI"),
        *("KM", "KN", "KP", "LC", "LY", "ML", "MO", "MR", "MW", "NA", "NR", "NU", "PA", "QA", "RW", "SB"),
        *("SC", "SL", "SR", "ST", "SY", "TF", "TG", "TK", "TO", "TT", "TV", "UG", "VU", "YE", "ZW"),
    )
)


def faults(address: Address | None) -> list[str]:
    """What is missing, in words; empty when a label can be asked for."""
    if address is None:
        return ["there is no shipping address"]
    found = [f"{what} is missing" for name, what in _NEEDED.items() if not getattr(address, name).strip()]
    if not (address.name.strip() or address.company.strip()):
        found.insert(0, "a name is missing")
    if address.country and address.country not in _NO_POSTCODE and not address.postcode.strip():
        found.append("a postcode is missing")
    return found
