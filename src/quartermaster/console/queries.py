"""What the frame around every page shows, and whether a sign-in link is still good."""

import hashlib
from datetime import datetime
from typing import NamedTuple

from quartermaster.console.models import LoginLink
from quartermaster.core import sql

COUNTED_MAX = 10_000  # nobody acts differently on 12,000 than on "10,000+", and counting on costs time

WAITING = """
select (select count(*) from (select from orders_order where status = 'on_hold' limit %(most)s) o),
       (select count(*) from (select from orders_order where status = 'backordered' limit %(most)s) o),
       (select count(*) from (select from inbox_message where state = 'stuck' limit %(most)s) m)
         + (select count(*) from (select from inbox_message where state = 'unreadable' limit %(most)s) m),
       (select count(*) from (select from core_delivery where stuck_at is not null limit %(most)s) d)
"""


class Waiting(NamedTuple):
    """What waits for a person, counted up to COUNTED_MAX + 1."""

    on_hold: int
    backordered: int
    messages: int
    deliveries: int


def waiting() -> Waiting:
    """One statement, on partial indexes: the same price on every page and at any number of orders."""
    return Waiting(*sql.run(WAITING, {"most": COUNTED_MAX + 1})[0])


def is_link_good(token: str, *, at: datetime) -> bool:
    """Whether this link would sign somebody in now. Looking does not use it up: link previews look, too."""
    digest = hashlib.sha256(token.encode()).digest()
    return LoginLink.objects.filter(
        digest=digest, used_at=None, expires_at__gt=at, user__is_active=True
    ).exists()
