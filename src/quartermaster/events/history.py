"""What happened before we were here: imports of history."""

from typing import ClassVar

from quartermaster.core.events import Event


class HistoryImported(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "import"
    import_id: int
    what: str
    rows: int
    file: str


class HistoryWithdrawn(Event, frozen=True, kw_only=True):
    """An import was undone."""

    kind: ClassVar[str] = "import"
    import_id: int
    rows: int
    because: str
