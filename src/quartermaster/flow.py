"""The river: what each fact sets in motion. Read it from top to bottom."""

from collections.abc import Sequence

from django.utils import timezone

from quartermaster import events
from quartermaster.allocation.actions import allocate, look_again, mend, reconsider, serve
from quartermaster.allocation.queries import invariants as allocation
from quartermaster.catalog.actions import work_edits
from quartermaster.channels.actions import EFFECTS as CHANNEL_EFFECTS
from quartermaster.channels.actions import ask_of_now as ask_shop
from quartermaster.channels.actions import (
    ask_shops,
    ask_soon,
    compare_shops,
    fetch_waiting,
    follow_shelf_life,
    follow_sites,
    follow_skus,
    go_on_with,
    look_after,
    pull_listings,
    push_contents,
    push_prices,
    push_stock,
    read_back,
    read_contents_back,
    read_prices_back,
    renew_hooks,
    see_to_bulk,
    see_to_hooks,
    tell_cancelled,
    tell_shipped,
    work_out,
    work_out_prices,
)
from quartermaster.channels.ports import Channel
from quartermaster.channels.queries import invariants as channels
from quartermaster.console.exceptions import invariants as exceptions
from quartermaster.console.people import invariants as people
from quartermaster.core import doctor, keys, pace
from quartermaster.core import effects as outside
from quartermaster.core import events as log
from quartermaster.core.actions.outbox import carry_out
from quartermaster.core.actions.pace import Counted
from quartermaster.core.events import Event
from quartermaster.core.river import worker
from quartermaster.core.river.queues import Deliveries, Listen
from quartermaster.inbound.queries import invariants as inbound
from quartermaster.inbox.actions import Messages, suspect, trials, try_keys, work_replays
from quartermaster.inbox.queries import invariants as inbox
from quartermaster.insight.queries import invariants as insight
from quartermaster.marketplaces.queries import invariants as marketplaces
from quartermaster.money.actions import follow as follow_money
from quartermaster.money.actions import give_back
from quartermaster.money.queries import invariants as money
from quartermaster.orders.actions import heal, rehearse, release_expired, take_in, wake_late
from quartermaster.orders.queries import invariants as orders
from quartermaster.outside.actions import EFFECTS as OUTSIDE_EFFECTS
from quartermaster.outside.actions import (
    announce,
    ask_anew,
    ask_back,
    ask_for_nobody,
    ask_sites,
    send_released,
)
from quartermaster.outside.ports import Warehouse
from quartermaster.outside.queries import invariants as elsewhere
from quartermaster.quality.actions import follow_skus as look_again_at
from quartermaster.quality.actions import lint_dirty
from quartermaster.quality.queries import invariants as quality
from quartermaster.shipping.actions import EFFECTS as SHIPPING_EFFECTS
from quartermaster.shipping.actions import (
    ask_for_rates,
    audit_told,
    follow,
    learn,
    move_labels,
    tell_carriers,
    watch_pickups,
)
from quartermaster.shipping.ports import Carrier
from quartermaster.shipping.queries import invariants as shipping
from quartermaster.stock.actions import keep_out
from quartermaster.stock.queries import invariants as stock
from quartermaster.support.actions import warn
from quartermaster.support.queries import invariants as support
from quartermaster.tracking.actions import EFFECTS as TRACKING_EFFECTS
from quartermaster.tracking.actions import ask_of_now as ask_follower
from quartermaster.tracking.actions import deliver, expect_back, hear, subscribe, track
from quartermaster.tracking.ports import Follower
from quartermaster.tracking.queries import followers
from quartermaster.tracking.queries import invariants as tracking
from quartermaster.warehouse.actions import keep_in_step, send_elsewhere
from quartermaster.warehouse.queries import invariants as warehouse

FLOW: dict[type[Event], Sequence[Listen]] = {
    # messages themselves are queues of their own: orders.take_in reads them, tracking.hear those of followers
    events.ConnectionChanged: [renew_hooks],
    events.KeysAccepted: [go_on_with, ask_anew],
    events.SkuChanged: [heal, follow_skus, look_again_at],
    events.OrderAccepted: [allocate],
    events.OrderChanged: [allocate, keep_in_step, follow, ask_back, tell_cancelled, look_after],
    events.OrderCancelled: [allocate, keep_in_step, follow, ask_back, tell_cancelled, look_after],
    events.DifferenceChanged: [follow_money],
    events.OrderRefunded: [follow_money, look_after],
    events.PaymentChanged: [follow_money],
    events.CancellationTold: [look_after],
    events.HoldPlaced: [allocate, keep_in_step, ask_back],
    events.HoldReleased: [allocate, follow],
    events.StockArrived: [serve, keep_out],
    events.StockShortened: [mend],
    events.RulesChanged: [reconsider, follow_sites],
    events.LocationChanged: [reconsider, follow_sites],
    events.RoutingReconsidered: [reconsider],
    events.ShelfLifeChanged: [reconsider, follow_shelf_life],
    events.OrderParked: [look_again],
    events.AllocationCancelled: [keep_in_step],
    events.PickedShort: [allocate, send_elsewhere],
    events.CountDone: [send_elsewhere],
    events.LotQuarantined: [send_elsewhere],
    events.RecallMade: [warn],
    events.UnitsPutBack: [allocate],
    events.ParcelPacked: [follow],
    events.ParcelOpened: [follow],
    events.LabelBought: [track],
    events.InvoiceTold: [audit_told],
    events.LabelVoided: [track],
    events.ParcelHandedOver: [keep_in_step, track, deliver, subscribe, tell_shipped],
    events.ManifestClosed: [tell_carriers],
    events.ParcelDelivered: [deliver, learn],
    events.ParcelUndelivered: [deliver, learn],
    events.ParcelReturning: [expect_back],
    events.ArrivalClosed: [give_back],
    events.HintHeard: [ask_soon],
}


INVARIANTS = (
    inbox.INVARIANTS,
    orders.INVARIANTS,
    stock.INVARIANTS,
    inbound.INVARIANTS,
    allocation.INVARIANTS,
    warehouse.INVARIANTS,
    shipping.INVARIANTS,
    elsewhere.INVARIANTS,
    tracking.INVARIANTS,
    money.INVARIANTS,
    channels.INVARIANTS,
    quality.INVARIANTS,
    support.INVARIANTS,
    marketplaces.INVARIANTS,
    insight.INVARIANTS,
    people.INVARIANTS,
    exceptions.INVARIANTS,
)


def name_of(listener: Listen) -> str:
    """`allocation.allocate`: the stage and the verb."""
    return f"{listener.__module__.split('.')[1]}.{listener.__qualname__}"


def connect() -> None:
    """Tell the core who hears what. Called once when Django starts."""
    log.route({fact.__name__: tuple(name_of(x) for x in heard) for fact, heard in FLOW.items()})
    listeners = {name_of(x): x for heard in FLOW.values() for x in heard}
    telling = followers.telling
    worker.queues[:] = [
        Messages(take_in, kinds=telling),
        Messages(hear, name="inbox.scans", kinds=telling, is_among=True),
    ]
    for name, listen in listeners.items():
        kinds = {fact.__name__: fact for fact, heard in FLOW.items() if listen in heard}
        worker.queues.append(Deliveries(name, listen, kinds))
    worker.chores[:] = [
        work_out,  # the stock of shops first: what is gone is sold until they know
        push_stock,
        work_out_prices,
        push_prices,
        lambda: release_expired(at=timezone.now()),
        wake_late,
        lambda: move_labels(at=timezone.now()),
        lambda: watch_pickups(at=timezone.now()),
        send_released,
        announce,
        carry_out,
        ask_sites,
        fetch_waiting,
        ask_shops,
        see_to_bulk,
        read_back,
        read_prices_back,
        push_contents,
        read_contents_back,
        pull_listings,
        compare_shops,
        see_to_hooks,
        try_keys,
        lambda: work_replays(rehearse),
        work_edits,
        lint_dirty,
    ]
    keys.hear[:] = [suspect]
    trials.update(
        {Channel: ask_shop, Carrier: ask_for_rates, Warehouse: ask_for_nobody, Follower: ask_follower}
    )
    pace.keepers[:] = [Counted()]
    outside.effects.update(SHIPPING_EFFECTS | OUTSIDE_EFFECTS | TRACKING_EFFECTS | CHANNEL_EFFECTS)
    doctor.checks[:] = [doctor.Check(*invariant) for stage in INVARIANTS for invariant in stage]
