"""A carrier's own code as one of our statuses. What nobody knows stays unknown."""

from collections.abc import Mapping

from quartermaster.tracking.rules.fold import STATUSES

# Tracking events of the posts (UPU standard M40), which postal carriers and many aggregators pass on. The
# built-in carriers of the rate tables speak these, and our own words.
UPU: Mapping[str, str] = {
    "EMA": "accepted",  # posting
    "EMB": "in_transit",  # arrival at outward office of exchange
    "EXA": "in_transit",  # held by export customs
    "EXB": "in_transit",
    "EXC": "in_transit",  # released by export customs
    "EMC": "in_transit",  # departure from outward office of exchange
    "EMJ": "in_transit",  # arrival at transit office of exchange
    "EMK": "in_transit",  # departure from transit office of exchange
    "EMD": "in_transit",  # arrival at inward office of exchange
    "EDA": "exception",  # held at inward office of exchange
    "EME": "exception",  # held by import customs
    "EDB": "in_transit",  # presented to import customs
    "EDC": "in_transit",  # released by import customs
    "EMF": "in_transit",  # departure from inward office of exchange
    "EDD": "in_transit",  # arrival at sorting centre
    "EDE": "in_transit",  # departure from sorting centre
    "EMG": "in_transit",  # arrival at delivery office
    "EDF": "exception",  # held at delivery office
    "EDG": "out_for_delivery",
    "EDH": "available_for_pickup",  # arrival at a collection point
    "EMH": "exception",  # attempted, not delivered
    "EMI": "delivered",
}


def meaning(code: str, carrier: Mapping[str, str] | None) -> str:
    """One of STATUSES. `carrier`: what its plug says of its codes; None: it has no plug, then the codes of
    the posts and our own words count."""
    asked = code.strip()
    if carrier is not None:
        known = {each.upper(): status for each, status in carrier.items()}
        found = known.get(asked.upper(), "unknown")
        return found if found in STATUSES else "unknown"
    word = asked.lower().replace(" ", "_").replace("-", "_")
    return word if word in STATUSES else UPU.get(asked.upper(), "unknown")
