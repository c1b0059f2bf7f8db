"""Which words of a refund's reason tell of a mistake of the warehouse or of the way."""

import re

# Read by PostgreSQL too (~*), so: nothing that the two would read differently.
PATTERN = "wrong|incorrect|mixed up|mix-up|missing|incomplete|damaged|broken|not what .* ordered"


def is_error(because: str) -> bool:
    """Whether a reason names something wrong, missing or damaged. A change of mind is no error."""
    return re.search(PATTERN, because, re.IGNORECASE) is not None
