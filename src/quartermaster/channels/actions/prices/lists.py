"""Price lists: made, and how wary they are."""

from datetime import datetime

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.currencies import EXPONENT
from quartermaster.core.errors import Invalid, NotFound, Refused
from quartermaster.core.events import emit
from quartermaster.core.texts import short
from quartermaster.events import PriceListChanged

NAME_MAX = 60
MAKE = """
insert into channels_price_list (name, currency, far_percent, far_rows, needs_two, made_at, made_by)
values (%s, %s, %s, %s, %s, %s, %s) on conflict (name) do nothing returning id
"""
LIST = "select id, name, currency, far_percent, far_rows, needs_two from channels_price_list where name = %s"


class NameTaken(Refused):
    code = "price-list-exists"
    message = "There is a price list {name} already."
    remedy = "Give the new one another name, or write prices on the one there is."


@transaction.atomic
def make_list(
    name: str,
    currency: str,
    *,
    far_percent: int = 30,
    far_rows: int = 10,
    needs_two: bool = False,
    at: datetime,
    by: str,
) -> None:
    """A list without prices. far_percent, far_rows: a change that moves so many prices by more is held until
    a person lets it through; needs_two: another than who made it. Raises Invalid, NameTaken."""
    name = name.strip()
    wrong = {}
    if not 0 < len(name) <= NAME_MAX or "/" in name:
        wrong["name"] = f"a name of at most {NAME_MAX} characters, without a slash"
    if currency not in EXPONENT:
        wrong["currency"] = "an ISO 4217 currency such as EUR"
    if not 1 <= far_percent <= 1000:
        wrong["far_percent"] = "must be a whole number from 1 to 1,000"
    if not 1 <= far_rows <= 100_000:
        wrong["far_rows"] = "must be a whole number from 1 to 100,000"
    if wrong:
        raise Invalid(what="The price list", errors=wrong)
    if not sql.run(MAKE, (name, currency, far_percent, far_rows, needs_two, at, by)):
        raise NameTaken(name=name)
    told = PriceListChanged(
        subject=f"price_list:{name}", at=at, actor=by, price_list=name, what="made", rows=0, far=0, because=""
    )
    emit([told])


def list_called(name: str) -> tuple[int, str, str, int, int, bool]:
    """(id, name, currency, far_percent, far_rows, needs_two). Raises NotFound."""
    for row in sql.run(LIST, (name,)):
        return row
    raise NotFound(what="price list", which=short(name, 60))
