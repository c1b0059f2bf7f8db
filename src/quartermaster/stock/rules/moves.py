"""A movement as it is asked for: units of a SKU from one place to another."""

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from quartermaster.core.errors import Invalid
from quartermaster.core.quantities import QUANTITY_MAX

TEXT_MAX = 255
WORLD = {"world:supplier": -1, "world:customer": -2, "world:scrap": -3, "world:adjustment": -4}


class State(StrEnum):
    """In what condition units are. Only `available` ones can be promised."""

    AVAILABLE = "available"
    PICKED = "picked"
    PACKED = "packed"
    IN_TRANSIT = "in_transit"
    RECEIVED = "received"  # on the dock: there, and not promised before it is put away
    QC = "qc"
    RETURNED = "returned"
    DAMAGED = "damaged"
    EXPIRED = "expired"
    RECALLED = "recalled"
    MISSING = "missing"  # the ledger has them, whoever looked did not find them


_STATES = frozenset(map(str, State))


class Move(Struct, frozen=True):
    """A wanted movement. `key` makes it happen once: the same key with the same content does nothing.

    `quantity` in base units. `source` and `target` are place codes: SITE, SITE/BIN, SITE/ZONE/BIN or world:….
    """

    key: str
    sku_id: int
    quantity: int
    source: str
    target: str
    because: str
    source_state: str = State.AVAILABLE
    target_state: str = State.AVAILABLE
    lot: str = ""
    serial: str = ""
    document: str = ""

    @property
    def content(self) -> tuple[object, ...]:
        """What a repeat must agree with. The words around it (because, document) may differ."""
        return (
            self.sku_id,
            self.quantity,
            self.source,
            self.target,
            self.source_state,
            self.target_state,
            self.lot,
            self.serial,
        )


def is_world(code: str) -> bool:
    return code.startswith("world:")


def site_of(code: str) -> str:
    """The site a place lies in: BER for BER/A/01-3."""
    return code.partition("/")[0]


def faults(move: Move) -> dict[str, str]:
    """Field -> what is wrong with it; empty when the movement can be asked for."""
    found = {}
    if not 0 < move.quantity <= QUANTITY_MAX:
        found["quantity"] = f"must be 1 to {QUANTITY_MAX}"
    elif move.serial and move.quantity != 1:
        found["quantity"] = "must be 1 with a serial number"
    for name in ("key", "because"):
        if not getattr(move, name).strip():
            found[name] = "is missing"
    for name in ("key", "because", "lot", "serial", "document"):
        text = getattr(move, name)
        if text and (len(text) > TEXT_MAX or "\0" in text or not _is_unicode(text)):
            found[name] = f"must be at most {TEXT_MAX} characters of plain text"
    for name in ("source_state", "target_state"):
        if getattr(move, name) not in _STATES:
            found[name] = f"must be one of {', '.join(State)}"
    for name in ("source", "target"):
        if not _is_place(getattr(move, name)):
            found[name] = "must be SITE, SITE/BIN, SITE/ZONE/BIN or " + ", ".join(WORLD)
    if is_world(move.source) and is_world(move.target):
        found["target"] = "must be a site's when the source is the world"
    elif (move.source, move.source_state) == (move.target, move.target_state):
        found["target"] = "is where the units already are"
    return found


def check(moves: Iterable[Move]) -> None:
    """Raises Invalid that names every faulty field as moves[0].quantity."""
    errors = {
        f"moves[{n}].{field}": wrong for n, move in enumerate(moves) for field, wrong in faults(move).items()
    }
    if errors:
        raise Invalid(what="A movement", errors=errors)


def _is_place(code: str) -> bool:
    if is_world(code):
        return code in WORLD
    parts = code.split("/")
    whole = len(parts) <= 3 and all(part and part == part.strip() for part in parts)
    return whole and len(code) <= TEXT_MAX and code.isprintable() and _is_unicode(code)


def _is_unicode(text: str) -> bool:
    """No lone surrogates: they cannot be stored."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
