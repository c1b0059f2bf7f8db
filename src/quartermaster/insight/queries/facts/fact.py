"""What a kind of facts is made of."""

from typing import NamedTuple


class Fact(NamedTuple):
    """Which ids may be counted, and the rows that are, once all is known of those.

    cohort: a select of ids, none twice; it may give more than are counted, never fewer. rows: a select from
    `facts`, which the statement of the family makes of any ids. So a figure and its list, which asks for few
    ids at a time, are of one text; and figures of one family are counted from one pass over its ids.
    """

    family: str
    cohort: str
    rows: str
