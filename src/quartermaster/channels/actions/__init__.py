"""What is done about shops: ask them, tell them, compare them with us; what they sell."""

from quartermaster.channels.actions.ask import ask_shops, ask_soon
from quartermaster.channels.actions.compare import compare_shops
from quartermaster.channels.actions.contents.ask import Wish, put_back, tell_contents
from quartermaster.channels.actions.contents.push import push_contents
from quartermaster.channels.actions.contents.read_back import read_contents_back
from quartermaster.channels.actions.drifts import compare, heal, let_be, take_theirs
from quartermaster.channels.actions.fetch import fetch_waiting
from quartermaster.channels.actions.keys import ask_of_now, go_on_with
from quartermaster.channels.actions.listing import map_listing, pull_now, push_now, set_policy
from quartermaster.channels.actions.look_after import look_after
from quartermaster.channels.actions.pay_out import REFUND, RefundThere, pay_out
from quartermaster.channels.actions.prices.batches import let_batch, withdraw_batch
from quartermaster.channels.actions.prices.lists import make_list, set_list
from quartermaster.channels.actions.prices.own import let_through, set_own
from quartermaster.channels.actions.prices.push import push_prices, push_prices_now
from quartermaster.channels.actions.prices.put import put_prices
from quartermaster.channels.actions.prices.read_back import read_prices_back
from quartermaster.channels.actions.prices.rule import set_pricing
from quartermaster.channels.actions.prices.sales import plan_sale, withdraw_sale
from quartermaster.channels.actions.prices.work_out import work_out_prices
from quartermaster.channels.actions.prune import prune
from quartermaster.channels.actions.pull import pull_listings
from quartermaster.channels.actions.push import push_stock
from quartermaster.channels.actions.read_back import read_back
from quartermaster.channels.actions.see_to_bulk import see_to_bulk
from quartermaster.channels.actions.see_to_hooks import renew_hooks, see_to_hooks
from quartermaster.channels.actions.shelf_life import follow_days, follow_shelf_life
from quartermaster.channels.actions.switch import switch
from quartermaster.channels.actions.tell import CONFIRM, ConfirmShipment, tell_shipped
from quartermaster.channels.actions.tell_cancelled import CANCEL, CancelThere, tell_cancelled
from quartermaster.channels.actions.work_out import follow_sites, follow_skus, work_out
from quartermaster.core.effects import Effect

EFFECTS: dict[str, Effect] = {CONFIRM: ConfirmShipment(), CANCEL: CancelThere(), REFUND: RefundThere()}

__all__ = [
    "EFFECTS",
    "Wish",
    "ask_of_now",
    "ask_shops",
    "ask_soon",
    "compare",
    "compare_shops",
    "fetch_waiting",
    "follow_days",
    "follow_shelf_life",
    "follow_sites",
    "follow_skus",
    "go_on_with",
    "heal",
    "let_batch",
    "let_be",
    "let_through",
    "look_after",
    "make_list",
    "map_listing",
    "pay_out",
    "plan_sale",
    "prune",
    "pull_listings",
    "pull_now",
    "push_contents",
    "push_now",
    "push_prices",
    "push_prices_now",
    "push_stock",
    "put_back",
    "put_prices",
    "read_back",
    "read_contents_back",
    "read_prices_back",
    "renew_hooks",
    "see_to_bulk",
    "see_to_hooks",
    "set_list",
    "set_own",
    "set_policy",
    "set_pricing",
    "switch",
    "take_theirs",
    "tell_cancelled",
    "tell_contents",
    "tell_shipped",
    "withdraw_batch",
    "withdraw_sale",
    "work_out",
    "work_out_prices",
]
