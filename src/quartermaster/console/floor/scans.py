"""What a scan means while picking: the bin, or a unit of what is wanted."""

from typing import NamedTuple

from quartermaster.catalog.queries import scanned
from quartermaster.warehouse.queries.lists import PickShown


class Scan(NamedTuple):
    """is_bin: it was the place; units: so many more are in hand; serial: of the unit. wrong: the sentence to
    show when it was neither."""

    is_bin: bool = False
    units: int = 0
    serial: str = ""
    wrong: str = ""


def meaning(pick: PickShown, text: str) -> Scan:
    """A place is scanned by its code, with the site's name or without."""
    if text in (pick.place, pick.place.partition("/")[2]):
        return Scan(is_bin=True)
    found = scanned(text)
    if found is not None and found.sku == pick.sku:
        return Scan(units=found.units)
    if found is not None:
        return Scan(wrong=f"This is {found.sku}, you need {pick.sku}.")
    if pick.serial:
        return Scan(units=1, serial=text)
    return Scan(wrong=f"{text} is neither {pick.place} nor {pick.sku}.")
