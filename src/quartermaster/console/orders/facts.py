"""What each fact about an order is called on a page: the title, and the rest of the sentence."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from quartermaster.console.orders.words import hold_title, in_a_row, units
from quartermaster.console.templatetags.console import money

_LINE = re.compile(r"line ([0-9]{1,18}) wanted")

type Body = Mapping[str, Any]
type Told = tuple[str, str]


def _accepted(body: Body) -> Told:
    passed, holds = body.get("checks_passed", 0), body.get("holds") or ()
    told = f"{passed} checks passed" if passed else ""
    if holds:
        held = f"held for {in_a_row([hold_title(kind).lower() for kind in holds])}"
        told = f"{told}, {held}" if told else held.capitalize()
    return "Accepted", told


def _changed(body: Body) -> Told:
    changes = [_change(name, pair, body) for name, pair in (body.get("changed") or {}).items()]
    return "Changed", "; ".join([*filter(None, changes), *([body["because"]] if body.get("because") else [])])


def _change(name: str, pair: Any, known: Body) -> str:
    currency, line = known["currency"], _LINE.fullmatch(name)
    if line:
        name = f"{known['codes'].get(line[1], f'line {line[1]}')} wanted"
    before, after = pair if isinstance(pair, list) and len(pair) == 2 else (None, pair)
    if name == "ship_to":
        return f"ships to {_address(after)} (before: {_address(before)})"
    if name.endswith("_minor"):
        return f"{name.removesuffix('_minor')} {money(before, currency)} → {money(after, currency)}"
    if isinstance(before, dict | list) or isinstance(after, dict | list):
        return name.replace("_", " ")
    return f"{name.replace('_', ' ')} {before} → {after}"


def _address(given: Any) -> str:
    if not isinstance(given, dict):
        return "no address"
    parts = [str(given.get(part, "")) for part in ("line1", "postcode", "city", "country")]
    return ", ".join(filter(None, parts)) or "an empty address"


def _allocated(body: Body) -> Told:
    waiting = body.get("waiting", 0)
    where = in_a_row(list(body.get("locations") or ())) or "a site"
    return f"Allocated to {where}", f"{units(waiting)} still waiting" if waiting else ""


def _refunded(body: Body) -> Told:
    return f"Refunded {money(body['amount_minor'], body['currency'])}", f"refund {body.get('refund', '')}"


def _payment(body: Body) -> Told:
    paid, back = (money(body[name], body["currency"]) for name in ("paid_minor", "refunded_minor"))
    return f"{paid} paid by now", f"{back} of it given back" if body["refunded_minor"] else ""


def _difference(body: Body) -> Told:
    due, owed, currency = body.get("due_minor", 0), body.get("owed_minor", 0), body["currency"]
    if due:
        return f"{money(due, currency)} to be collected", body.get("because", "")
    if owed:
        return f"{money(owed, currency)} to be given back", body.get("because", "")
    return "Nothing to be collected or given back", body.get("because", "")


def _refund_settled(body: Body) -> Told:
    amount = money(body["amount_minor"], body["currency"])
    said = "given back" if body.get("state") == "settled" else "not to be given back any more"
    return f"Refund R-{body.get('refund_id', '')} {said}", f"{amount}; {body.get('because', '')}"


def _parked(body: Body) -> Told:
    return f"Waits with {units(body.get('waiting', 0))}", " ".join(body.get("because") or ())


_ANSWERED = {"acknowledged": "has it", "cancel_refused": "goes on with it"}

TOLD: dict[str, Callable[[Body], Told]] = {
    "OrderAccepted": _accepted,
    "OrderChanged": _changed,
    "OrderCancelled": lambda body: ("Cancelled", body.get("because", "")),
    "DifferenceChanged": _difference,
    "OrderRefunded": _refunded,
    "PaymentChanged": _payment,
    "RefundDue": lambda body: (
        f"Refund R-{body.get('refund_id', '')} of {money(body['amount_minor'], body['currency'])} is due",
        body.get("because", ""),
    ),
    "RefundSettled": _refund_settled,
    "ParcelReturning": lambda body: (f"P-{body.get('parcel_id', '')} comes back", "nobody took it"),
    "ReturnExpected": lambda body: (
        f"P-{body.get('parcel_id', '')} is expected at {body.get('location', '')}",
        f"{units(body.get('units', 0))}, arrival IN-{body.get('arrival_id', '')}",
    ),
    "DefectTold": lambda body: (
        f"The buyer told the marketplace: {body.get('defect', '')}",
        f"{body['stars']} stars, {body.get('outcome', '')}" if body.get("stars") else body.get("outcome", ""),
    ),
    "CountContested": lambda body: (
        f"Contested: {str(body.get('measure', '')).upper()} {body.get('reference', '')}".rstrip(),
        body.get("because", ""),
    ),
    "NoticeTold": lambda body: (f"Told of recall {body.get('recall', '')}", body.get("because", "")),
    "HoldPlaced": lambda body: (f"Held: {hold_title(body['hold']).lower()}", body.get("because", "")),
    "HoldReleased": lambda body: (
        f"Hold released: {hold_title(body['hold']).lower()}",
        body.get("because", ""),
    ),
    "OrderAllocated": _allocated,
    "PromiseMoved": lambda body: (
        "Will be later than promised",
        f"promised for {body.get('promised_on')}, expected on {body.get('expected_on')}",
    ),
    "OrderParked": _parked,
    "AllocationReleased": lambda _: ("Released to the floor", ""),
    "AllocationCancelled": lambda body: (
        f"{units(body.get('units', 0))} given back",
        body.get("because", ""),
    ),
    "OrderShippedElsewhere": lambda body: (
        f"{units(body.get('units', 0))} shipped by the channel itself",
        "",
    ),
    "UnitsPicked": lambda body: (
        f"Picked {body.get('units', 0)} × {body.get('sku', '')}",
        f"from {body.get('place', '')}, pick list PL-{body.get('pick_list_id', '')}",
    ),
    "PickedShort": lambda body: (
        f"{body.get('missing', 0)} × {body.get('sku', '')} not found at {body.get('place', '')}",
        body.get("because", ""),
    ),
    "PickCancelled": lambda body: (
        f"{units(body.get('units', 0))} taken off pick list PL-{body.get('pick_list_id', '')}",
        body.get("because", ""),
    ),
    "PutBackWanted": lambda body: (
        f"{body.get('units', 0)} × {body.get('sku', '')} to be put back",
        body.get("because", ""),
    ),
    "UnitsPutBack": lambda body: (
        f"{body.get('units', 0)} × {body.get('sku', '')} put back",
        f"to {body.get('place', '')}",
    ),
    "ParcelPacked": lambda body: (f"Packed P-{body.get('parcel_id', '')}", f"at {body.get('location', '')}"),
    "ParcelOpened": lambda body: (f"Opened P-{body.get('parcel_id', '')} again", body.get("because", "")),
    "ParcelGivenUp": lambda body: (f"Gave up P-{body.get('parcel_id', '')}", body.get("because", "")),
    "CartonOverridden": lambda body: (
        f"P-{body.get('parcel_id', '')} packed in {body.get('taken', '')}, "
        f"not in {in_a_row(list(body.get('planned') or ()))}",
        body.get("because", ""),
    ),
    "InsertLeftOut": lambda body: (
        f"P-{body.get('parcel_id', '')} closed without {in_a_row(list(body.get('inserts') or ()))}",
        body.get("because", ""),
    ),
    "ParcelPhotographed": lambda body: (
        f"Photo of P-{body.get('parcel_id', '')}",
        "after it had left" if body.get("state") == "handed_over" else "",
    ),
    "PhotoLeftOut": lambda body: (
        f"P-{body.get('parcel_id', '')} closed without a photo",
        f"{body.get('because', '')} ({body.get('wanted', '')})",
    ),
    "InsertsBooked": lambda body: (
        f"{in_a_row([*(body.get('skus') or ()), *(body.get('short') or ())])} as an insert "
        f"in P-{body.get('parcel_id', '')}",
        f"no free unit to book: {in_a_row(list(body['short']))}" if body.get("short") else "",
    ),
    "PackedUnscanned": lambda body: (
        f"{units(body.get('units', 0))} packed into P-{body.get('parcel_id', '')} unscanned",
        body.get("because", ""),
    ),
    "WeightAccepted": lambda body: (
        f"Closed with {body.get('measured_g', 0):,} g instead of {body.get('expected_g', 0):,} g",
        body.get("because", ""),
    ),
    "LabelChosen": lambda body: (
        f"{body.get('carrier', '')} {body.get('service', '')} chosen by hand",
        body.get("because", ""),
    ),
    "LabelStranded": lambda body: ("Label paid for nothing", body.get("because", "")),
    "ParcelTakenOff": lambda body: (
        f"P-{body.get('parcel_id', '')} taken off manifest M-{body.get('manifest_id', '')}",
        body.get("because", ""),
    ),
    "LabelBought": lambda body: (
        f"Label bought of {body.get('carrier', '')} {body.get('service', '')}".rstrip(),
        f"{body.get('tracking_number', '')} · {money(body.get('cost_minor'), body.get('currency', ''))}",
    ),
    "SentOutside": lambda body: (f"Sent to {body['location']}", units(body["units"])),
    "OutsideAnswered": lambda body: (
        f"{body['location']} {_ANSWERED.get(body['state'], body['state'])}",
        body.get("because", ""),
    ),
    "OutsideShipped": lambda body: (
        f"{body['location']} shipped P-{body['parcel_id']}",
        units(body["units"]),
    ),
    "OutsideShort": lambda body: (f"Short at {body['location']}", f"{body['units']} × {body['sku']}"),
    "OutsideUnclear": lambda body: ("Not understood", body.get("because", "")),
    "CancelAsked": lambda body: (f"{body['location']} asked not to ship it", body.get("because", "")),
    "CancelCameLate": lambda body: ("The cancellation came too late", body.get("because", "")),
    "ContentsDeclared": lambda body: ("Declared for customs", f"sent as {body.get('purpose', '')}"),
    "LabelRefused": lambda body: (
        f"Label refused for P-{body.get('parcel_id', '')}",
        body.get("because", ""),
    ),
    "AddressChecked": lambda body: (
        f"Address checked: {body.get('verdict', '')}",
        " ".join(body.get("because", ())),
    ),
    "ReturnLabelBought": lambda body: (
        f"Return label bought for P-{body.get('parcel_id', '')}",
        f"{body.get('carrier', '')} {body.get('tracking_number', '')}",
    ),
    "ReturnLabelEnded": lambda body: (
        f"Return label {body.get('state', '')} of P-{body.get('parcel_id', '')}",
        body.get("because", ""),
    ),
    "LabelPrinted": lambda body: (f"Label of P-{body.get('parcel_id', '')} printed", ""),
    "LabelVoided": lambda body: (f"Label voided of P-{body.get('parcel_id', '')}", body.get("because", "")),
    "ParcelHandedOver": lambda body: (
        f"Handed over to {body.get('carrier', '') or 'the carrier'}",
        body.get("tracking_number", ""),
    ),
    "TimerBreached": lambda body: (
        {"pick": "Picked too late", "pack": "Packed too late"}.get(body.get("stage", ""), "Left too late"),
        body.get("because", ""),
    ),
    "LateAnswered": lambda body: (
        {"acknowledged": "Known to be late", "snoozed": "Snoozed"}.get(body.get("answer", ""), "Open again"),
        f"{body.get('row', '')}, {str(body.get('late_as', '')).replace('_', ' ')}"
        + (f", until {body['until'][:16].replace('T', ' ')}" if body.get("until") else "")
        + (f": {body['note']}" if body.get("note") else ""),
    ),
    "LateAssigned": lambda body: (
        f"Given to {body['person']}" if body.get("person") else "Nobody's any more",
        body.get("row", ""),
    ),
    "LateForeseen": lambda body: (
        "Will likely be late",
        f"parcel P-{body.get('parcel_id', '')}: {body.get('because', '')}",
    ),
    "ShipmentTold": lambda body: (
        f"{body['connection']} told of P-{body['parcel_id']}",
        f"as {body['theirs']} there" if body.get("theirs") else "",
    ),
    "ShipmentRefused": lambda body: (
        f"{body['connection']} will not hear of P-{body['parcel_id']}",
        body.get("because", ""),
    ),
    "CancellationTold": lambda body: (
        f"{body['connection']} told that {'it' if body.get('is_whole') else 'a part of it'} is cancelled",
        f"C-{body['cancellation_id']}" + (f", as {body['theirs']} there" if body.get("theirs") else ""),
    ),
    "CancellationRefused": lambda body: (
        f"{body['connection']} will not cancel it",
        f"C-{body['cancellation_id']}: {body.get('because', '')}",
    ),
    "RefundAsked": lambda body: (
        f"{body['connection']} asked to give back R-{body['refund_id']}",
        money(body["amount_minor"], body["currency"]),
    ),
    "RefundPaid": lambda body: (
        f"{body['connection']} gave back {money(body['amount_minor'], body['currency'])}",
        f"R-{body['refund_id']}" + (f", as {body['theirs']} there" if body.get("theirs") else ""),
    ),
    "RefundNotPaid": lambda body: (
        f"{body['connection']} will not give back R-{body['refund_id']}",
        body.get("because", ""),
    ),
    "ParcelScanned": lambda body: (
        f"Carrier: {str(body.get('status', '')).replace('_', ' ')}",
        f"parcel P-{body.get('parcel_id', '')}",
    ),
    "ParcelDelivered": lambda body: ("Delivered", f"parcel P-{body.get('parcel_id', '')}"),
    "ParcelUndelivered": lambda body: (
        f"Not delivered: {str(body.get('status', '')).replace('_', ' ')}",
        f"parcel P-{body.get('parcel_id', '')}",
    ),
}
