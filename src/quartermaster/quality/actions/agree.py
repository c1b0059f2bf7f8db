"""Where a listing and the product say different things: what the shop says becomes ours."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from quartermaster.catalog.actions import edit_skus
from quartermaster.catalog.queries import states
from quartermaster.catalog.rules.columns import shown
from quartermaster.catalog.rules.edits import Edit
from quartermaster.core.errors import Invalid, Refused
from quartermaster.quality.queries.differences import Difference, Field, of_listings

ROWS_MAX = 500


class NothingDiffers(Refused):
    code = "nothing-differs"
    message = "These listings say what the product says."
    remedy = "Look at the list again: somebody may have settled it already."


@transaction.atomic
def take_theirs(listings: Sequence[int], field: Field, *, at: datetime, by: str) -> int:
    """Take over what these listings say, as a change that can be taken back; a barcode is added to those
    there are. Returns its number. Raises NothingDiffers, and Invalid where two listings say unlike things."""
    if len(listings) > ROWS_MAX:
        raise Invalid(what="The list", errors={"listings": f"at most {ROWS_MAX}"})
    found = of_listings(listings, field)
    if not found:
        raise NothingDiffers()
    wanted: dict[str, Difference] = {}
    for one in found:
        if wanted.setdefault(one.sku, one).theirs != one.theirs:
            because = f"{wanted[one.sku].connection} and {one.connection} say different things of it"
            raise Invalid(what="The list", errors={one.sku: because})
    known = states(wanted)
    edits = []
    for code, one in wanted.items():
        before = shown(field, known[code].facts)
        more = _also(before, one.theirs) if field == "barcodes" else one.theirs
        edits.append(Edit(code=code, cells={field: more}, expects={field: before}))
    shops = ", ".join(sorted({one.connection for one in wanted.values()}))
    return edit_skus(
        edits, kind="listing", because=f"As {shops} {'say' if ',' in shops else 'says'}.", at=at, by=by
    )


def _also(before: str, barcode: str) -> str:
    """The cell with one more barcode."""
    escaped = barcode.replace("\\", "\\\\").replace("|", "\\|")
    return f"{before}|{escaped}" if before else escaped
