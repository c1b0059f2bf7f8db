"""Ask every carrier for its offers at the same time, until a deadline. Whoever does not answer is named."""

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import cache
from threading import Lock
from time import monotonic

import msgspec
from django.db import connections
from msgspec.structs import replace

from quartermaster.shipping.ports import (
    Account,
    Carrier,
    KeepsRates,
    NotDone,
    Offer,
    RefusedByCarrier,
    Shipment,
    Unclear,
    Within,
)
from quartermaster.shipping.queries.carriers import asked_for
from quartermaster.shipping.rules.accounts import is_off

DEADLINE_S = 8.0  # a bench waits for its label: later answers are done without
AT_ONCE = 16
KEPT_MAX = 2_000

type Offers = tuple[Offer, ...]


def offers_for(shipment: Shipment) -> tuple[list[Offer], list[str]]:
    """The offers of all, by account, and a sentence for each carrier that gave none."""
    offers: dict[str, Offers] = {}
    unasked: dict[str, str] = {}
    pending: dict[str, Future[Offers]] = {}
    settings: dict[str, Mapping[str, str]] = {}
    carriers, unusable = asked_for(shipment.site, shipment.channel)
    for account, carrier in carriers:
        if not isinstance(carrier, Within):
            settings[account.slug] = account.settings
            pending[account.slug] = _pool().submit(_apart, account, carrier, shipment)
    for account, carrier in carriers:
        if isinstance(carrier, Within):
            offers[account.slug] = carrier.rate(account=account, shipment=shipment)
    wait(pending.values(), timeout=DEADLINE_S)
    for slug, future in pending.items():
        if not future.done():
            future.cancel()
            unasked[slug] = f"gave no rates within {DEADLINE_S:g} s"
            continue
        try:
            offers[slug] = _taken(future.result(), settings[slug])
        except (NotDone, Unclear, RefusedByCarrier) as error:
            unasked[slug] = f"gave no rates: {error}"
    ordered = [account.slug for account, _ in carriers]
    sentences = [f"{slug} {unasked[slug].rstrip('.')}." for slug in ordered if slug in unasked]
    return [offer for slug in ordered for offer in offers.get(slug, ())], [*unusable, *sentences]


def _taken(offers: Offers, settings: Mapping[str, str]) -> Offers:
    """Services that are switched off are shown with that reason, and not taken."""
    return tuple(
        replace(each, removed="is switched off for this account")
        if not each.removed and is_off(settings, each.service)
        else each
        for each in offers
    )


def _apart(account: Account, carrier: Carrier, shipment: Shipment) -> Offers:
    """In a thread of its own; so is its connection, with which turns at the carrier are counted."""
    try:
        return _rated(account, carrier, shipment)
    finally:
        connections.close_all()


def _rated(account: Account, carrier: Carrier, shipment: Shipment) -> Offers:
    """Asked, or what was answered to the same question a moment ago."""
    if not isinstance(carrier, KeepsRates):
        return carrier.rate(account=account, shipment=shipment)
    question = msgspec.json.encode((account, replace(shipment, parcel="", promised_on=None, tags=())))
    kept = _kept.get(question)
    if kept is not None and kept[0] > monotonic():
        return kept[1]
    answer = carrier.rate(account=account, shipment=shipment)
    with _lock:
        for old in _outdated():
            del _kept[old]
        _kept[question] = (monotonic() + carrier.rates_kept_s, answer)
    return answer


_kept: dict[bytes, tuple[float, Offers]] = {}
_lock = Lock()


def _outdated() -> list[bytes]:
    """Those whose time is over; the oldest, when they are too many."""
    if len(_kept) < KEPT_MAX:
        return []
    over = [question for question, (until, _) in _kept.items() if until < monotonic()]
    return over or list(_kept)[: KEPT_MAX // 10]


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="rates")
