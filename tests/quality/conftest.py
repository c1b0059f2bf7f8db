"""Two shops, a site, and what looks at the products."""

import pytest
from tests.channels.conftest import Stand, a_stand

from quartermaster.core import sql
from quartermaster.quality.actions import lint_dirty


@pytest.fixture
def stand(db: None, monkeypatch: pytest.MonkeyPatch) -> Stand:
    return a_stand(monkeypatch)


def look() -> None:
    """What the workers do until nothing waits to be looked at."""
    while lint_dirty():
        pass


def found(code: str) -> list[str]:
    """Causes found of a SKU."""
    rows = sql.run(
        "select cause from quality_finding f join catalog_sku s on s.id = f.sku_id "
        "where s.code = %s order by 1",
        (code,),
    )
    return [cause for (cause,) in rows]
