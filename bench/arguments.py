"""What the benchmarks' arguments have in common."""

import argparse
from collections.abc import Callable


def at_least(least: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isdigit() or int(text) < least:
            raise argparse.ArgumentTypeError(f"must be a whole number from {least}")
        return int(text)

    return read
