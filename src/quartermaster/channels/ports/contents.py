"""What a listing says of its product, where a shop lets itself be told that."""

from collections.abc import Sequence
from typing import Literal, Protocol

from msgspec import Struct

from quartermaster.channels.ports.goods import Listings, Taken
from quartermaster.core.outside import Account

type ContentField = Literal["title", "barcode", "weight_g"]


class Content(Struct, frozen=True):
    """What a listing is to say from now on, as a field of Listing: a title, a barcode, whole grams in digits.
    Never empty."""

    listing: str
    field: ContentField
    text: str


class Contents(Listings, Protocol):
    """A shop whose listings can be told what they say. A plug that offers it offers Listings, too: the same
    object, which reads back what it was told."""

    content_fields: tuple[ContentField, ...]  # what it can be told at all; any other row is never sent

    def set_content(self, *, account: Account, contents: Sequence[Content], key: str) -> tuple[Taken, ...]:
        """As `set_stock`; all rows are of one field, and nothing else of a listing changes.

        No shop is known that compares: whoever calls has looked right before what the shop has. A row that
        would change other listings, too (the title that variants share), is refused and says so."""
        ...
