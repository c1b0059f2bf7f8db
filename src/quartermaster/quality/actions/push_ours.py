"""Where a listing and the product say different things: what we say is told to the shop."""

from collections.abc import Mapping
from datetime import datetime

from quartermaster.channels.actions import Wish, tell_contents
from quartermaster.channels.ports import ContentField
from quartermaster.core.errors import Invalid
from quartermaster.quality.actions.agree import ROWS_MAX, NothingDiffers
from quartermaster.quality.queries.differences import Difference, Field, of_listings

TOLD: dict[Field, ContentField] = {"title": "title", "barcodes": "barcode", "weight_g": "weight_g"}
NOTHING: dict[Field, str] = {
    "title": "Our product has no title.",
    "barcodes": "Our product has no barcode for one unit, or several: nobody guesses one.",
    "weight_g": "Our product has no weight.",
}


def push_ours(listings: Mapping[int, str], field: Field, *, because: str = "", at: datetime, by: str) -> int:
    """Have shops told what our products say. listings: by their ids, with the mark of what the person saw
    (`Difference.seen`; "": whatever it is now): a row that says something else by now is not sent, and shown
    again. Returns the number of the push, with a row for each. Raises NothingDiffers, Invalid."""
    if len(listings) > ROWS_MAX:
        raise Invalid(what="The list", errors={"listings": f"at most {ROWS_MAX}"})
    found = of_listings(list(listings), field)
    if not found:
        raise NothingDiffers()
    wishes = [_wish(one, listings[one.id]) for one in found]
    return tell_contents(wishes, because=because, at=at, by=by)


def _wish(one: Difference, seen: str) -> Wish:
    changed = "One side says something else than when it was looked at." if seen not in ("", one.seen) else ""
    refused = "" if one.tells else NOTHING[one.field]
    return Wish(one.id, TOLD[one.field], one.theirs, one.tells, refused, changed)
