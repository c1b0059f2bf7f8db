"""Who said what of an exception, in words."""

from datetime import datetime
from typing import Any, Final, NamedTuple

from quartermaster.console.care import names_of
from quartermaster.core.queries.timeline import Fact, newest

ACTS_MAX: Final = 20
NAMED_MAX: Final = 5  # rows that are named one by one


class Act(NamedTuple):
    """One act, the newest first. title: what was done; rows: to which; note: why; actor: by whom."""

    title: str
    rows: str
    note: str
    at: datetime
    actor: str


def history(cause: str, of: str) -> list[Act]:
    """The last acts on the rows of one exception."""
    facts = newest(f"exception:{cause}:{of}", limit=ACTS_MAX)
    names = names_of({fact.actor for fact in facts})
    return [_told(fact, names.get(fact.actor, fact.actor)) for fact in facts]


def _told(fact: Fact, actor: str) -> Act:
    body: dict[str, Any] = dict(fact.body)
    rows = [str(row) for row in body.get("rows", ())]
    more = f" and {len(rows) - NAMED_MAX} more" if len(rows) > NAMED_MAX else ""
    said = f"{', '.join(rows[:NAMED_MAX])}{more}"
    return Act(_title(fact.name, body), said, str(body.get("note", "")), fact.at, actor)


def _title(name: str, body: dict[str, Any]) -> str:
    if name == "ExceptionAssigned":
        return f"Given to {body['person']}" if body.get("person") else "Nobody's any more"
    if name == "ExceptionActUndone":
        return "Taken back"
    if body.get("answer") == "snoozed":
        until = datetime.fromisoformat(body["until"])
        return f"Snoozed until {until:%-d %b %H:%M}"
    return "Acknowledged" if body.get("answer") == "acknowledged" else "Open again"
