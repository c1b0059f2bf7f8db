"""The customs territory of the European Union."""

EU = frozenset(
    (
        *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE"),
        *("IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
    )
)


def crosses(sender: str, receiver: str) -> bool:
    """Has a parcel from one country to the other to be declared?"""
    return bool(sender and receiver) and sender != receiver and not {sender, receiver} <= EU
