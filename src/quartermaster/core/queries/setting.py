"""What this installation knows about itself."""

from typing import Any

import msgspec

from quartermaster.core import sql

DEMO = "demo"


def setting(key: str) -> Any:
    """The value kept under `key`; None when there is none."""
    found = sql.run("select value::text from core_setting where key = %s", (key,))
    return msgspec.json.decode(found[0][0]) if found else None


def is_demo() -> bool:
    """Whether this database holds the demo company: pages say so, and nothing of it is ever pushed out."""
    return setting(DEMO) is True
