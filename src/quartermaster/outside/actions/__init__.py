"""The verbs of outside sites. Locks in one order: orders by id, then levels, then balances, then our own
rows. They are never called inside a transaction."""

from quartermaster.core.effects import Effect
from quartermaster.outside.actions.announce import TELL, announce
from quartermaster.outside.actions.ask_sites import ask_sites
from quartermaster.outside.actions.back import ask_back
from quartermaster.outside.actions.effects import CancelOutside, SendOutside
from quartermaster.outside.actions.hear import hear
from quartermaster.outside.actions.keys import ask_anew, ask_for_nobody
from quartermaster.outside.actions.receipts import book_receipt, see_unread
from quartermaster.outside.actions.reports import take_report
from quartermaster.outside.actions.send import SEND, send_released
from quartermaster.outside.actions.settle_drift import settle_drift
from quartermaster.outside.actions.sites import work_outside
from quartermaster.outside.actions.tell_notice import TellNotice, hear_notice

EFFECTS: dict[str, Effect] = {
    SEND: SendOutside(),
    "outside.cancel": CancelOutside(),
    TELL: TellNotice(),
}

__all__ = [
    "EFFECTS",
    "announce",
    "ask_anew",
    "ask_back",
    "ask_for_nobody",
    "ask_sites",
    "book_receipt",
    "hear",
    "hear_notice",
    "see_unread",
    "send_released",
    "settle_drift",
    "take_report",
    "work_outside",
]
