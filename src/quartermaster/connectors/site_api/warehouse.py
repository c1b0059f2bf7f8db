"""Nobody is called: what is sent lies in our own tables, where their programs fetch it, and what they say
comes in by the API (`outside.actions.tell`)."""

from collections.abc import Sequence

from quartermaster.core.outside import Account, Missing
from quartermaster.outside.ports import (
    Capability,
    News,
    Notice,
    Noticed,
    Order,
    Snapshot,
    Standing,
    State,
)
from quartermaster.outside.queries.fetched import was_sent
from quartermaster.outside.queries.notices import sent_notice


class SiteApi:
    """An order is handed over by being marked as sent: from then on it is in their list."""

    capabilities = frozenset({Capability.CANCEL})

    def send(self, *, account: Account, order: Order) -> Standing:
        return Standing(order.reference, State.HANDED)

    def find(self, *, account: Account, reference: str) -> Standing | None:
        return Standing(reference, State.HANDED) if was_sent(reference) else None

    def cancel(self, *, account: Account, reference: str, because: str) -> Standing:
        if not was_sent(reference):
            raise Missing(f"{reference} was never in their list")
        return Standing(reference, State.HANDED)

    def news(self, *, account: Account, references: Sequence[str], cursor: str) -> News:
        return News(cursor=cursor, heard=False)

    def thank(self, *, account: Account, news: News) -> None:
        return None

    def snapshot(self, *, account: Account, skus: Sequence[str] = ()) -> Snapshot | None:
        return None


class SiteNotices:
    """What will come in is in their list from the moment it is marked as sent; what is amended, as it is."""

    def announce(self, *, account: Account, notice: Notice) -> Noticed:
        return Noticed(notice.reference, State.HANDED, notice.revision)

    def noticed(self, *, account: Account, reference: str) -> Noticed | None:
        found = sent_notice(reference)
        state = State.CANCELLED if found.is_withdrawn else State.HANDED
        return Noticed(reference, state, found.revision) if found.revision else None

    def withdraw(self, *, account: Account, reference: str, because: str) -> Noticed:
        found = sent_notice(reference)
        if not found.revision:
            raise Missing(f"{reference} was never in their list")
        return Noticed(reference, State.CANCELLED, found.revision)
