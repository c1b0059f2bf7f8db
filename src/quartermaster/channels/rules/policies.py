"""What a person may ask of a listing's stock."""

from collections.abc import Mapping

UNITS_MAX = 10_000_000
FIELDS = ("buffer", "cap", "share_percent", "least", "is_pushed")


def problems(wanted: Mapping[str, object]) -> dict[str, str]:
    """Field -> what is wrong with it. Fields left out stay as they are; cap None: there is none."""
    found = {name: "is not known" for name in wanted if name not in FIELDS}
    for name in ("buffer", "least", "cap"):
        if name in wanted and not (name == "cap" and wanted[name] is None):
            found |= _within(name, wanted[name], UNITS_MAX)
    if "share_percent" in wanted:
        found |= _within("share_percent", wanted["share_percent"], 100)
    if not isinstance(wanted.get("is_pushed", True), bool):
        found["is_pushed"] = "must be true or false"
    return found


def _within(name: str, value: object, most: int) -> dict[str, str]:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most:
        return {}
    return {name: f"must be a whole number from 0 to {most:,}"}
