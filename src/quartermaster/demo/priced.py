"""What the keyed shops of the demo follow: a price list, a sale that is on, and a price that one shop's guard
holds back."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from quartermaster.channels.actions import (
    make_list,
    plan_sale,
    push_prices_now,
    put_prices,
    set_pricing,
)
from quartermaster.channels.actions.prices.lists import NameTaken
from quartermaster.channels.queries.prices.lists import sales
from quartermaster.channels.rules.prices.rows import PriceRow

BY, NAME = "demo", "Retail Germany"
SALE_LASTS = timedelta(days=5)
MARKETPLACE = "pine-market"  # the others keep nothing of what a buyer pays
# About half of a price here is the cost of the goods: three quarters of it do not cover all this as well.
GUARD = {"fee_bp": 1500, "tax_bp": 1900, "margin_bp": 1000}


def begin(goods: Sequence[tuple[str, int]], slugs: Sequence[str], *, at: datetime) -> None:
    """goods: code and price, as the shops have them. The same again changes nothing that stands; what they
    forgot, for they begin anew each time, is sent once more."""
    if len(goods) < 2:
        return
    with suppress(NameTaken):
        make_list(NAME, "EUR", market="DE", shows_was=True, at=at, by=BY)
    (reduced, usual), *others = goods
    bad, before = max(others, key=lambda one: (one[1], one[0]))
    rows = {code: PriceRow(code, minor) for code, minor in goods}
    rows[reduced] = PriceRow(reduced, usual, compare_at_minor=usual + 100)
    rows[bad] = PriceRow(bad, before * 75 // 100)
    put_prices(NAME, list(rows.values()), at=at, by=BY)
    if not sales(name=NAME, is_open=True, limit=1):
        price, until = usual * 90 // 100, at + SALE_LASTS
        plan_sale(NAME, reduced, price_minor=price, starts_at=at, ends_at=until, at=at, by=BY)
    for slug in slugs:
        guard = GUARD if slug == MARKETPLACE else {}
        set_pricing(slug, {"price_list": NAME, "mode": "live", **guard}, at=at, by=BY)
        push_prices_now(slug, at=at, by=BY)
