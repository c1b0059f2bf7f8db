"""Orders with all of their lines, however they were found."""

from collections.abc import Sequence
from typing import Final

from quartermaster.channels.ports import Change
from quartermaster.connectors.picked import objects, text
from quartermaster.connectors.shopify.admin import Admin
from quartermaster.connectors.shopify.documents import orders
from quartermaster.connectors.shopify.translate import paging
from quartermaster.connectors.shopify.translate.fetched import inside, nodes
from quartermaster.core.outside import Invalid

_LINES_CALLS: Final = 40  # 10,000 lines: more are not kept of an order


def change(admin: Admin, order: dict[str, object]) -> Change:
    """The order with all of its lines."""
    lines, page = nodes(order, "lineItems"), inside(inside(order, "lineItems"), "pageInfo")
    for _ in range(_LINES_CALLS):
        if not page.get("hasNextPage"):
            break
        after = text(page.get("endCursor"))
        more = inside(admin.ask(orders.MORE_LINES, id=order["id"], after=after), "order")
        lines += nodes(more, "lineItems")
        page = inside(inside(more, "lineItems"), "pageInfo")
    shown = {"nodes": lines, "pageInfo": {"hasNextPage": bool(page.get("hasNextPage"))}}
    return paging.change({**order, "lineItems": shown})


def these(admin: Admin, ids: Sequence[str]) -> list[Change]:
    """Orders by their ids, those that are gone left out; fewer at once where Shopify finds them too dear."""
    sizes, left, found = list(paging.SIZES), list(ids), list[Change]()
    while left:
        try:
            answer = admin.ask(orders.THESE, ids=left[: sizes[0]])
        except Invalid as error:
            if not is_too_dear(error) or len(sizes) == 1:
                raise
            del sizes[0]
            continue
        for one in objects(answer.get("nodes")):
            if one.pop("__typename", None) == "Order":
                found.append(change(admin, one))
        left = left[sizes[0] :]
    return found


def is_too_dear(error: Invalid) -> bool:
    return "cost" in str(error).lower()
