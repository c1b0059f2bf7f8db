"""The doctor: proves what must hold, names the rows where it does not, and repairs nothing.

Stages offer what must hold of their tables; the flow registers it here, in business order.
"""

from collections.abc import Callable
from dataclasses import dataclass

type Look = Callable[[], list[str]]


@dataclass(frozen=True, slots=True)
class Check:
    """Something that must hold. `look` returns a sentence for each row where it does not; a page of them."""

    name: str  # stage and subject: "stock.balances"
    sentence: str
    look: Look


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: nothing in `rows` means that it holds."""

    check: str
    sentence: str
    rows: list[str]

    @property
    def is_ok(self) -> bool:
        return not self.rows


checks: list[Check] = []  # in river order; filled once at start by the flow


def check(name: str, sentence: str, look: Look) -> None:
    """Have `examine` look at this too. The last look registered under a name is the one that counts."""
    checks[:] = [known for known in checks if known.name != name] + [Check(name, sentence, look)]


def examine() -> list[Finding]:
    """Look at everything that must hold. Safe while the shop works."""
    return [Finding(one.name, one.sentence, one.look()) for one in checks]
