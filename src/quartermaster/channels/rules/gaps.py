"""Numbers that an order should have had."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Final

NUMBERS_MIN: Final = 20  # fewer are no sequence yet
DENSE: Final = 0.9  # of its numbers a sequence has: others are counted for more than orders
GAPS_MAX: Final = 100
_NAME = re.compile(r"(.{0,20}?)([0-9]{1,15})(\D{0,20})", re.ASCII)


def gaps(names: Iterable[str], known: Collection[str]) -> list[str]:
    """Names that are missing among consecutive ones: "#1003" of "#1001", "#1002", "#1004" and so on.

    `names`: those of orders that have had time to come. Of these are the sequences, one for each way of
    writing around the number, of 20 names or more that use 9 in 10 of their numbers; a shop that numbers
    its orders otherwise has no gaps. What is `known`, however late it came, is no gap. The lowest first,
    100 at most.
    """
    sequences: dict[tuple[str, str, int], set[int]] = defaultdict(set)
    for name in names:
        if found := _NAME.fullmatch(name):
            before, digits, after = found.groups()
            width = len(digits) if digits.startswith("0") else 0
            sequences[before, after, width].add(int(digits))
    missing: list[tuple[int, str]] = []
    for (before, after, width), numbers in sequences.items():
        low, high = min(numbers), max(numbers)
        if len(numbers) >= NUMBERS_MIN and len(numbers) >= DENSE * (high - low + 1):
            absent = ((n, f"{before}{n:0{width}d}{after}") for n in range(low, high) if n not in numbers)
            missing += [(n, name) for n, name in absent if name not in known]
    return [name for _, name in sorted(missing)[:GAPS_MAX]]
