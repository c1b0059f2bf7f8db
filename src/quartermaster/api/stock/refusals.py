"""What the ledger refuses, told with the fields a caller sent: it has moves and keys, they sent movements."""

from collections.abc import Iterator, Sequence

from quartermaster.core.errors import Invalid, Refused
from quartermaster.stock.actions import NotEnoughStock, SerialElsewhere, UnknownPlace

_SENT = {"source": "from", "target": "to", "source_state": "from_state", "target_state": "to_state"}


def in_their_words(refusal: Refused, ends: Sequence[tuple[str, str]]) -> Refused:
    """The same refusal with `errors` by the caller's names. `ends`: from and to of each movement sent."""
    facts = refusal.facts
    match refusal:
        case Invalid():
            return Invalid(
                **{**facts, "errors": {_field(name): told for name, told in refusal.errors.items()}}
            )
        case UnknownPlace():
            errors = dict.fromkeys(_named(str(facts["place"]), ends), "no such site")
            return UnknownPlace(**{**facts, "errors": errors})
        case NotEnoughStock() | SerialElsewhere():
            n = int(str(facts["move"]).rpartition(":")[2])
            field = "serial" if isinstance(refusal, SerialElsewhere) else "quantity"
            errors = {f"movements.{n}.{field}": "this movement is not possible"}
            return type(refusal)(**{**facts, "move": f"movement {n + 1} of {len(ends)}", "errors": errors})
    return refusal


def _named(place: str, ends: Sequence[tuple[str, str]]) -> Iterator[str]:
    for n, pair in enumerate(ends):
        for name, given in zip(("from", "to"), pair, strict=True):
            if given == place:
                yield f"movements.{n}.{name}"


def _field(name: str) -> str:
    """moves[0].source -> movements.0.from"""
    number, _, field = name.removeprefix("moves[").partition("].")
    return f"movements.{number}.{_SENT.get(field, field)}"
