"""Lines of a WooCommerce order. Units handed over or taken off are not counted: the order's status tells."""

from quartermaster.connectors.amounts import Amounts
from quartermaster.connectors.leaves import code, identity, kept, line_id, units
from quartermaster.connectors.woocommerce.translate.bodies import Line
from quartermaster.connectors.woocommerce.translate.status import Progress
from quartermaster.connectors.woocommerce.translate.words import plain
from quartermaster.orders.ports import LineSold


def lines_sold(lines: list[Line], progress: Progress, amounts: Amounts) -> tuple[LineSold, ...]:
    seen: set[str] = set()
    return tuple(
        _line(line, line_id(line.id, n, seen, amounts.doubts), progress, amounts)
        for n, line in enumerate(kept(lines, amounts.doubts), 1)
    )


def _line(line: Line, external_id: str, progress: Progress, amounts: Amounts) -> LineSold:
    name = f"line {external_id}"
    ordered = units(line.quantity, name, amounts.doubts)
    total = amounts.minor(line.total, name)
    gross = total if line.subtotal is None or line.subtotal == "" else amounts.minor(line.subtotal, name)
    return LineSold(
        external_id=external_id,
        code=code(line.sku, name, amounts.doubts),
        title=plain(line.name),
        ordered=ordered,
        unit_price_minor=_rounded(gross, ordered),
        gross_minor=max(gross, total),  # a plugin may have raised the price after the coupon
        discount_minor=max(0, gross - total),
        tax_minor=amounts.minor(line.total_tax, name),
        cancelled=ordered if progress is Progress.GONE else 0,
        fulfilled=ordered if progress is Progress.HANDED_OVER else 0,
        channel_product=identity(line.variation_id) or identity(line.product_id),
    )


def _rounded(gross: int, quantity: int) -> int:
    """Price of one, for people: WooCommerce only knows the price of a line exactly. Halves go up."""
    return (2 * gross + quantity) // (2 * quantity) if quantity else gross
