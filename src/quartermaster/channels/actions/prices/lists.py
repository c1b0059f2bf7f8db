"""Price lists: made, how wary they are, and what they show of a sale."""

import re
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from quartermaster.channels.actions.prices.mark import mark_prices_by
from quartermaster.core import sql
from quartermaster.core.currencies import EXPONENT
from quartermaster.core.errors import Invalid, NotFound, Refused
from quartermaster.core.events import emit
from quartermaster.core.texts import short
from quartermaster.events import PriceListChanged

NAME_MAX = 60
FIELDS = ("far_percent", "far_rows", "needs_two", "market", "shows_was")
MAKE = """
insert into channels_price_list (name, currency, far_percent, far_rows, needs_two, market, shows_was,
  made_at, made_by)
values (%(name)s, %(currency)s, %(far_percent)s, %(far_rows)s, %(needs_two)s, %(market)s, %(shows_was)s,
  %(at)s, %(by)s) on conflict (name) do nothing returning id
"""
LOCK = f"select id, {', '.join(FIELDS)} from channels_price_list where name = %s for no key update"  # noqa: S608
SAVE = f"""
update channels_price_list set {", ".join(f"{field} = %({field})s" for field in FIELDS)} where id = %(id)s
"""  # noqa: S608 - constants only
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
    market: str = "",
    shows_was: bool = False,
    at: datetime,
    by: str,
) -> None:
    """A list without prices. far_percent, far_rows: a change that moves so many prices by more is held until
    a person lets it through; needs_two: another than who made it. market: the country it is for, or "EU";
    shows_was: shops show beside a sale what it cost before. Raises Invalid, NameTaken."""
    name = name.strip()
    told = dict(zip(FIELDS, (far_percent, far_rows, needs_two, market, shows_was), strict=True))
    wrong = _problems(told)
    if not 0 < len(name) <= NAME_MAX or "/" in name:
        wrong["name"] = f"a name of at most {NAME_MAX} characters, without a slash"
    if currency not in EXPONENT:
        wrong["currency"] = "an ISO 4217 currency such as EUR"
    if wrong:
        raise Invalid(what="The price list", errors=wrong)
    if not sql.run(MAKE, {**told, "name": name, "currency": currency, "at": at, "by": by}):
        raise NameTaken(name=name)
    _tell(name, "made", "", at, by)


@transaction.atomic
def set_list(name: str, wanted: Mapping[str, object], *, at: datetime, by: str) -> None:
    """Change what is given of: far_percent, far_rows, needs_two, market, shows_was. Prices follow to the
    shops within seconds where a sale is to show something else. Raises NotFound, Invalid."""
    for list_id, *was in sql.run(LOCK, (name,)):
        before = dict(zip(FIELDS, was, strict=True))
        after = {**before, **wanted}
        wrong = {field: "is not known" for field in wanted if field not in FIELDS} | _problems(after)
        if wrong:
            raise Invalid(what="The price list", errors=wrong)
        changed = [field for field in FIELDS if before[field] != after[field]]
        if not changed:
            return
        sql.run(SAVE, {**after, "id": list_id})
        mark_prices_by(list_id)
        _tell(name, "changed", ", ".join(f"{field}: {after[field]}" for field in changed), at, by)
        return
    raise NotFound(what="price list", which=short(name, 60))


def _problems(told: Mapping[str, object]) -> dict[str, str]:
    wrong = {}
    for field, most in (("far_percent", 1_000), ("far_rows", 100_000)):
        value = told[field]
        if not (type(value) is int and 1 <= value <= most):
            wrong[field] = f"must be a whole number from 1 to {most:,}"
    for field in ("needs_two", "shows_was"):
        if not isinstance(told[field], bool):
            wrong[field] = "must be true or false"
    if told["market"] != "" and not re.fullmatch("[A-Z]{2}", str(told["market"])):
        wrong["market"] = "a country of two letters such as DE, or EU"
    elif told["shows_was"] and not told["market"]:
        wrong["market"] = "say which country it is for: what may be shown depends on it"
    return wrong


def _tell(name: str, what: str, because: str, at: datetime, by: str) -> None:
    subject = f"price_list:{name}"
    told = PriceListChanged(
        subject=subject, at=at, actor=by, price_list=name, what=what, rows=0, far=0, because=because
    )
    emit([told])


def list_called(name: str) -> tuple[int, str, str, int, int, bool]:
    """(id, name, currency, far_percent, far_rows, needs_two). Raises NotFound."""
    for row in sql.run(LIST, (name,)):
        return row
    raise NotFound(what="price list", which=short(name, 60))
