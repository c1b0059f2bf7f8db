"""The verbs of stock: `post` and `consume` move units, `reserve`, `release` and `consume` keep promises.
Locks are taken in one order everywhere: levels by (sku_id, location_id), then balances."""

from quartermaster.stock.actions.book import KitIsVirtual, Posted, UnknownSku
from quartermaster.stock.actions.consume import consume
from quartermaster.stock.actions.date_lots import LotDate, date_lots
from quartermaster.stock.actions.ledger import KeyReused
from quartermaster.stock.actions.lock import Free, lock_levels, lock_some, see_levels
from quartermaster.stock.actions.pick import Taking, forgo, pick
from quartermaster.stock.actions.place import UnknownPlace
from quartermaster.stock.actions.post import post
from quartermaster.stock.actions.quarantine import carry_to_quarantine, keep_out, quarantine
from quartermaster.stock.actions.recall import lift_recall, recall
from quartermaster.stock.actions.release import release
from quartermaster.stock.actions.reserve import Reserve, reserve
from quartermaster.stock.actions.set_policy import LevelUnits, set_incoming, set_safety
from quartermaster.stock.actions.set_shelf_life import set_shelf_life
from quartermaster.stock.actions.settle import NotReserved, Settle
from quartermaster.stock.rules.moves import Move, State
from quartermaster.stock.rules.posting import NotEnoughStock, SerialElsewhere, StockIsPromised

__all__ = [
    "Free",
    "KeyReused",
    "KitIsVirtual",
    "LevelUnits",
    "LotDate",
    "Move",
    "NotEnoughStock",
    "NotReserved",
    "Posted",
    "Reserve",
    "SerialElsewhere",
    "Settle",
    "State",
    "StockIsPromised",
    "Taking",
    "UnknownPlace",
    "UnknownSku",
    "carry_to_quarantine",
    "consume",
    "date_lots",
    "forgo",
    "keep_out",
    "lift_recall",
    "lock_levels",
    "lock_some",
    "pick",
    "post",
    "quarantine",
    "recall",
    "release",
    "reserve",
    "see_levels",
    "set_incoming",
    "set_safety",
    "set_shelf_life",
]
