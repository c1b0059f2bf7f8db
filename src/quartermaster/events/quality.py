"""What people said of the data of products."""

from typing import ClassVar

from quartermaster.core.events import Event


class FindingIgnored(Event, frozen=True, kw_only=True):
    """A person let a finding be, and why; because "": it counts again. what: a SKU, or a shop's listing."""

    kind: ClassVar[str] = "finding"
    what: str
    cause: str
    about: str
    because: str


class QualityRulesChanged(Event, frozen=True, kw_only=True):
    """How titles and codes are to look, and the causes nobody looks for."""

    kind: ClassVar[str] = "quality"
    version: int
    title_pattern: str
    code_pattern: str
    off: tuple[str, ...]
    because: str
