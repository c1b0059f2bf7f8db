"""Verbs about shipping: the only code that writes its tables."""

from quartermaster.core.effects import Effect
from quartermaster.shipping.actions.ask_addresses import CHECK, ask_addresses, set_address_policy
from quartermaster.shipping.actions.audit import audit_told
from quartermaster.shipping.actions.buy import BuyLabel
from quartermaster.shipping.actions.by_hand import buy_label, buy_labels, void_label
from quartermaster.shipping.actions.check_address import CheckAddress, check_address, take_suggestion
from quartermaster.shipping.actions.claims import move_claim, raise_claim
from quartermaster.shipping.actions.declare_contents import declare_contents
from quartermaster.shipping.actions.follow import follow
from quartermaster.shipping.actions.hand_over import hand_over
from quartermaster.shipping.actions.learn import learn
from quartermaster.shipping.actions.manifest import close_manifest, hand_over_all, scan_out
from quartermaster.shipping.actions.note_printed import note_printed
from quartermaster.shipping.actions.pause import move_labels, pause, preview, resume
from quartermaster.shipping.actions.pickups import (
    BOOK,
    CANCEL,
    BookPickup,
    CancelPickup,
    call_pickup,
    cancel_pickup,
    watch_pickups,
)
from quartermaster.shipping.actions.plan_packing import plan_packing
from quartermaster.shipping.actions.playbooks import fire_playbook, watch_playbooks, write_playbook
from quartermaster.shipping.actions.quote import rates
from quartermaster.shipping.actions.returning import (
    BUY_RETURN,
    VOID_RETURN,
    BuyReturn,
    VoidReturn,
    buy_return,
    void_return,
)
from quartermaster.shipping.actions.tell import TELL, TellCarrier, tell_again, tell_carriers
from quartermaster.shipping.actions.try_account import ask_for_rates, try_account
from quartermaster.shipping.actions.void import VoidLabel
from quartermaster.shipping.actions.want import BUY, VOID
from quartermaster.shipping.actions.write_customs import write_customs
from quartermaster.shipping.actions.write_preferences import write_preferences
from quartermaster.shipping.actions.write_tables import write_tables
from quartermaster.shipping.actions.write_tariff import end_tariff, write_tariff

EFFECTS: dict[str, Effect] = {
    BUY: BuyLabel(),
    VOID: VoidLabel(),
    TELL: TellCarrier(),
    BOOK: BookPickup(),
    CANCEL: CancelPickup(),
    BUY_RETURN: BuyReturn(),
    VOID_RETURN: VoidReturn(),
    CHECK: CheckAddress(),
}

__all__ = [
    "EFFECTS",
    "ask_addresses",
    "ask_for_rates",
    "audit_told",
    "buy_label",
    "buy_labels",
    "buy_return",
    "call_pickup",
    "cancel_pickup",
    "check_address",
    "close_manifest",
    "declare_contents",
    "end_tariff",
    "fire_playbook",
    "follow",
    "hand_over",
    "hand_over_all",
    "learn",
    "move_claim",
    "move_labels",
    "note_printed",
    "pause",
    "plan_packing",
    "preview",
    "raise_claim",
    "rates",
    "resume",
    "scan_out",
    "set_address_policy",
    "take_suggestion",
    "tell_again",
    "tell_carriers",
    "try_account",
    "void_label",
    "void_return",
    "watch_pickups",
    "watch_playbooks",
    "write_customs",
    "write_playbook",
    "write_preferences",
    "write_tables",
    "write_tariff",
]
