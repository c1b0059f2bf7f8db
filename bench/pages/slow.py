"""The slowest statement of a page, explained."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from unittest import mock

from quartermaster.core import sql


def told(page: Callable[[], object]) -> str:
    """Ask for the page once, and explain what took longest of our own statements."""
    taken: list[tuple[float, str, Any]] = []
    really = sql.run

    def run(
        query: str, params: Mapping[str, object] | Sequence[object] = (), **how: Any
    ) -> list[tuple[Any, ...]]:
        began = time.perf_counter()
        found = really(query, params, **how)
        taken.append((time.perf_counter() - began, query, params))
        return found

    with mock.patch.object(sql, "run", run):
        page()
    if not taken:
        return "no statement"
    listed = [f"{seconds * 1000:6.0f} ms  {' '.join(query.split())[:110]}" for seconds, query, _ in taken]
    _, query, params = max(taken, key=lambda one: one[0])
    plan = really(f"explain (analyze, buffers) {query}", params)
    return "\n".join([*listed, *(row[0] for row in plan)][:120])
