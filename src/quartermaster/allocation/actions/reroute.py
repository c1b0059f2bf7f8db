"""Route an order again: by today's rules, or to a site a person chose."""

from datetime import datetime

from django.db import transaction

from quartermaster.allocation.actions.settle import settle
from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound, Refused
from quartermaster.orders.actions.one import locked


class OnTheFloor(Refused):
    code = "on-the-floor"
    message = "{number} is being picked: its units cannot change site."
    remedy = "Hold it and have the units put back first."


def reroute(number: str, *, location: str | None, because: str, at: datetime, by: str) -> None:
    """Give back what is reserved and decide anew; `location` overrides the rules. Raises NotFound,
    Invalid, OnTheFloor."""
    if not because.strip():
        raise Invalid(what="The new routing", errors={"because": "say why"})
    with transaction.atomic():
        order = locked(number)
        if any(line.units.picked for line in order.lines):
            raise OnTheFloor(number=order.number)
        if location is not None and not sql.run("select 1 from stock_location where code = %s", (location,)):
            raise NotFound(what="site", which=location)
        settle([order.id], at=at, by=by, trigger=f"by hand: {because}", by_hand={order.id: location})
