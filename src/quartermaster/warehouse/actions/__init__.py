"""The verbs of the floor. Locks in one order: orders by id, then levels, then balances, then our own rows."""

from quartermaster.warehouse.actions.ask_wave import ask_for_preview, ask_for_wave, plan_waves
from quartermaster.warehouse.actions.cartons import change_cartons, change_insert, import_cartons
from quartermaster.warehouse.actions.confirm import check_lot, confirm_lists, confirm_pick
from quartermaster.warehouse.actions.count import count, start_count
from quartermaster.warehouse.actions.counts import ask_for_count
from quartermaster.warehouse.actions.lists import cancel_list, start
from quartermaster.warehouse.actions.make_pick_list import make_pick_list
from quartermaster.warehouse.actions.move import move_units
from quartermaster.warehouse.actions.pack import close, open_again, open_parcel, scan, take_out
from quartermaster.warehouse.actions.pack_all import pack_all
from quartermaster.warehouse.actions.pack_unscanned import pack_unscanned
from quartermaster.warehouse.actions.photos import add_parcel_photo
from quartermaster.warehouse.actions.plan_wave import plan_wave
from quartermaster.warehouse.actions.propose_wave import propose_wave
from quartermaster.warehouse.actions.put_back import put_back
from quartermaster.warehouse.actions.reconcile import keep_in_step
from quartermaster.warehouse.actions.redirect import send_elsewhere
from quartermaster.warehouse.actions.refill import give_up_refill, plan_refills, refill, set_face
from quartermaster.warehouse.actions.schedule_counts import save_cycle, schedule_counts
from quartermaster.warehouse.actions.settle_count import approve_count, count_again
from quartermaster.warehouse.actions.short import pick_short
from quartermaster.warehouse.actions.waves import cancel_wave, close_wave, release_wave, scan_tote
from quartermaster.warehouse.actions.write_packaging import write_packaging
from quartermaster.warehouse.actions.write_policy import write_policy

__all__ = [
    "add_parcel_photo",
    "approve_count",
    "ask_for_count",
    "ask_for_preview",
    "ask_for_wave",
    "cancel_list",
    "cancel_wave",
    "change_cartons",
    "change_insert",
    "check_lot",
    "close",
    "close_wave",
    "confirm_lists",
    "confirm_pick",
    "count",
    "count_again",
    "give_up_refill",
    "import_cartons",
    "keep_in_step",
    "make_pick_list",
    "move_units",
    "open_again",
    "open_parcel",
    "pack_all",
    "pack_unscanned",
    "pick_short",
    "plan_refills",
    "plan_wave",
    "plan_waves",
    "propose_wave",
    "put_back",
    "refill",
    "release_wave",
    "save_cycle",
    "scan",
    "scan_tote",
    "schedule_counts",
    "send_elsewhere",
    "set_face",
    "start",
    "start_count",
    "take_out",
    "write_packaging",
    "write_policy",
]
