"""Refusals: the business says no, in words a person can act on."""

from collections.abc import Mapping


class Refused(Exception):
    """An expected no. Shown to whoever asked, never sent to the error tracker.

    Subclasses live beside the function that raises them. `message`
    and `remedy` are format strings over `facts`.
    """

    code = "refused"  # stable, for programs
    status = 409  # HTTP status of the answer: 404, 409 or 422
    message = "This cannot be done."  # what happened
    remedy = ""  # what you can do now

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        self.title = self.message.format(**facts)
        self.remedy = self.remedy.format(**facts)
        super().__init__(self.title)

    @property
    def errors(self) -> Mapping[str, str]:
        """Field -> what is wrong with it; empty unless the refusal is about input."""
        found = self.facts.get("errors", {})
        assert isinstance(found, Mapping)
        return found


class NotFound(Refused):
    code = "not-found"
    status = 404
    message = "There is no {what} {which}."
    remedy = "Check the spelling, or look it up in the list."


class Invalid(Refused):
    """Input that cannot be read. `errors` names each field and what is wrong with it."""

    code = "invalid"
    status = 422
    message = "{what} cannot be read."
    remedy = "Correct the fields named and send it again."
