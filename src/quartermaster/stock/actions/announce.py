"""Tell the river what happened to a SKU's units."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from quartermaster.core import sql
from quartermaster.core.events import emit
from quartermaster.events import StockArrived, StockShortened


def arrived(sku_ids: Iterable[int], *, at: datetime, by: str) -> None:
    """Units of these SKUs became free to promise."""
    codes = sku_codes(sku_ids)
    emit(
        StockArrived(subject=f"sku:{code}", at=at, actor=by, source="stock", sku_id=sku_id)
        for sku_id, code in sorted(codes.items())
    )


def shortened(claims: Mapping[int, Iterable[int]], *, because: str, at: datetime, by: str) -> None:
    """Reservations of these claims (by sku_id) were broken."""
    codes = sku_codes(claims)
    emit(
        StockShortened(
            subject=f"sku:{code}",
            at=at,
            actor=by,
            source="stock",
            sku_id=sku_id,
            claims=tuple(sorted(set(claims[sku_id]))),
            because=because,
        )
        for sku_id, code in sorted(codes.items())
    )


def sku_codes(sku_ids: Iterable[int]) -> dict[int, str]:
    wanted = sorted(set(sku_ids))
    if not wanted:
        return {}
    return dict(sql.run("select id, code from catalog_sku where id = any(%s)", (wanted,)))
