"""Chaos: real processes, real sockets, and numbers that are small unless QM_CHAOS=full asks for all of them.

Every test prints its seed; QM_SEED plays it again.
"""

import os
import random
from collections.abc import Iterator

import pytest

from .stand import Stand, standing

IS_FULL = os.environ.get("QM_CHAOS") == "full"


def size(usual: int, full: int) -> int:
    """How much of it: enough to notice a defect, or what is claimed."""
    return full if IS_FULL else usual


@pytest.fixture
def chance() -> random.Random:
    """Everything random in a test comes from here."""
    seed = int(os.environ.get("QM_SEED") or random.SystemRandom().randrange(10**9))
    print(f"QM_SEED={seed}")
    return random.Random(seed)


@pytest.fixture
def stand(transactional_db: None) -> Iterator[Stand]:
    with standing() as stand:
        yield stand
