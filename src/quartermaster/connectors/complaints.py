"""What a vendor says is wrong, read out of its own way to say so."""

from collections.abc import Mapping
from typing import NamedTuple


class Complaint(NamedTuple):
    """A vendor's error in words: its code, its sentence, and the fields it names."""

    code: str
    because: str
    fields: Mapping[str, str] = {}
