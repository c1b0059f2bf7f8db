"""Parts of a vendor's answer, whatever its shape: what is not there is empty."""

from datetime import date, datetime


def day(value: object) -> date | None:
    """The day as the carrier writes it, in the zone it is written in."""
    try:
        return datetime.fromisoformat(text(value)).date() if value else None
    except ValueError:
        return None


def objects(value: object) -> list[dict[str, object]]:
    return [each for each in listed(value) if isinstance(each, dict)]


def text(value: object) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []
