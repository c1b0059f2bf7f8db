"""Defects as tables have them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Final

from quartermaster.core.cells import Cells

COLUMNS: Final = ("order", "kind", "happened_at", "outcome", "stars", "id", "note")
REQUIRED: Final = ("order", "kind", "happened_at")


def defect(given: Mapping[str, str]) -> tuple[dict[str, object] | None, Mapping[str, str]]:
    """A row's fields, or by column what is wrong with it. happened_at: a moment with its offset, or a day."""
    told = {name: given.get(name, "").strip() for name in COLUMNS}
    cells = Cells(told)
    stars = cells.whole("stars")
    moment = _moment(told["happened_at"])
    errors = dict(cells.errors)
    if moment is None:
        errors["happened_at"] = "a day such as 2026-12-31, or a moment such as 2026-12-31T14:30:00Z"
    if not told["order"]:
        errors["order"] = "whose defect it is"
    if errors:
        return None, errors
    return {
        "order": told["order"],
        "kind": told["kind"].lower(),
        "happened_at": moment,
        "outcome": told["outcome"].lower() or "open",
        "stars": stars,
        "external_id": told["id"],
        "note": told["note"],
    }, {}


def _moment(text: str) -> datetime | None:
    """A day counts from its first moment in UTC."""
    try:
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    except ValueError:
        pass
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None
