"""Post movements: with `consume`, the only way stock changes."""

from collections.abc import Sequence
from datetime import datetime

from quartermaster.stock.actions.book import Posted, book
from quartermaster.stock.rules.moves import Move


def post(moves: Sequence[Move], *, by: str, at: datetime, breaks_reservations: bool = False) -> Posted:
    """Move units, all of these movements or none. Constant number of statements, whatever their number.

    Same key, same content: done once, its id returned again. Raises KeyReused (same key, other content),
    NotEnoughStock or StockIsPromised (the first move that is not possible when its turn comes), UnknownPlace,
    UnknownSku, KitIsVirtual, SerialElsewhere, Invalid. A refusal leaves nothing behind.

    `breaks_reservations` is for facts that have happened, such as units found broken: where less is left than
    was promised, the newest reservations are released and StockShortened tells their owners. Announces
    StockArrived for SKUs that have more units free to promise than before.
    """
    return book(moves, by=by, at=at, breaks_reservations=breaks_reservations)
