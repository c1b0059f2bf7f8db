"""Fields of a form as a page draws them: what stands in each, and what is wrong with it, in its place."""

from collections.abc import Mapping
from typing import NamedTuple


class Field(NamedTuple):
    """kind: text, date, area, tick or select; `choices` are those of a select, value and title."""

    name: str
    title: str
    value: str = ""
    wrong: str = ""
    kind: str = "text"
    hint: str = ""
    is_required: bool = False
    choices: tuple[tuple[str, str], ...] = ()

    def filled(self, given: Mapping[str, str], errors: Mapping[str, str]) -> "Field":
        """With what was sent, and what is wrong with it."""
        return self._replace(value=given.get(self.name, self.value), wrong=errors.get(self.name, ""))


def elsewhere(errors: Mapping[str, str], fields: tuple[Field, ...] | list[Field]) -> list[str]:
    """What is wrong with what no field of the form shows."""
    shown = {field.name for field in fields}
    return [f"{name}: {wrong}" for name, wrong in errors.items() if name not in shown]
