"""A floor in full swing, made of orders of the invented company's morning by the floor's own verbs."""

from datetime import datetime, timedelta

from tests.console import company

from quartermaster.core import sql
from quartermaster.core.actions.outbox import carry_out
from quartermaster.orders.actions import cancel
from quartermaster.shipping.actions import hand_over_all, plan_packing, raise_claim
from quartermaster.warehouse.actions import (
    ask_for_count,
    confirm_lists,
    count,
    make_pick_list,
    open_parcel,
    pack_all,
    scan,
    start_count,
)
from quartermaster.warehouse.actions.short import pick_short

RELEASED = """
select a.order_id from allocation_allocation a join stock_location l on l.id = a.location_id
where a.state = 'released' and l.code = %s and a.order_id <> all(%s)
group by a.order_id having count(*) = 1 order by a.order_id
"""
IN_HAND = """
select s.code from warehouse_pick p join catalog_sku s on s.id = p.sku_id
where p.order_id = %s order by p.position limit 1
"""
BY = "user:1"


def floor(*, at: datetime, untouched: set[str], site: str = "BER") -> dict[str, str]:
    """Every page of the floor and of shipping has something to show. Returns what addresses are filled with:
    {list} half picked, {parcel} half packed, {labelled} with its label, {late} with its carrier."""
    keep = [int(number.removeprefix("SO-")) for number in untouched]
    sent, labelled, refused, packing, dropped, short, *rest = [
        row[0] for row in sql.run(RELEASED, (site, keep))
    ]
    _picked(site, [sent], at)
    late = _packed(sent, at)
    hand_over_all(site, at=at, by=BY)
    calm()
    sql.run("update tracking_track set due_at = %s, handed_over_at = %s", (at, at - timedelta(days=2)))
    _picked(site, [labelled, refused, packing, dropped], at)
    sql.run("update warehouse_parcel set promised_on = %s where id = %s", (at.date(), late))
    crushed = "The receiver sent pictures of a crushed box; two of three mugs are broken."
    raise_claim(f"P-{late}", "damaged", amount_minor=4980, currency="EUR", because=crushed, at=at, by=BY)
    has_label = _packed(labelled, at)
    _packed(refused, at, weight_g=90_000)
    cancel(f"SO-{dropped}", because="Ordered twice by mistake.", at=at, by=BY)
    bench = open_parcel(f"SO-{packing}", site, at=at, by=BY)
    sql.run("update catalog_sku set (length_mm, width_mm, height_mm) = (120, 90, 100) where not is_kit")
    plan_packing(bench, at=at, by=BY)
    ((code,),) = sql.run(IN_HAND, (packing,))
    scan(bench, code, at=at, by=BY)
    under_way = make_pick_list(site, only=[short, *rest], at=at, by=BY)
    ((pick,),) = sql.run("select id from warehouse_pick where order_id = %s order by id limit 1", (short,))
    pick_short(pick, 0, at=at, by=BY)
    calm()
    counting = _counted(at)
    return {
        "count": counting,
        "list": str(under_way),
        "parcel": str(bench),
        "labelled": f"P-{has_label}",
        "late": f"P-{late}",
    }


def _counted(at: datetime) -> str:
    """The bin that was short has been counted, and another is to be. Returns the task of the one to do."""
    ((doubted, *_), (odd, place, sku), *_) = sql.run(
        "select t.id, p.code, s.code from (select distinct (state = 'to_pick')::int as id, place_id, sku_id "
        "from warehouse_pick where state in ('short', 'to_pick')) t "
        "join stock_place p on p.id = t.place_id join catalog_sku s on s.id = t.sku_id order by t.id, p.code"
    )
    assert (doubted, odd) == (0, 1)
    ((short,),) = sql.run("select id from warehouse_count_task where done_at is null and kind = 'short'")
    count(short, 3, at=at, by="user:2")
    ask_for_count(place, sku, because="The box is open.", at=at, by=BY)
    ((task,),) = sql.run("select max(id) from warehouse_count_task")
    start_count(task, at=at, by=BY)
    return str(task)


def _picked(site: str, orders: list[int], at: datetime) -> None:
    made = make_pick_list(site, only=orders, at=at, by=BY)
    assert made is not None
    confirm_lists([made], at=at, by=BY)


def _packed(order: int, at: datetime, weight_g: int = 740) -> int:
    (parcel,) = pack_all([order], at=at, by=BY)
    sql.run("update warehouse_parcel set weight_g = %s where id = %s", (weight_g, parcel))
    calm()
    return int(parcel)


def calm() -> None:
    """The river and the outbox, until nothing is due."""
    company.flow()
    while carry_out():
        company.flow()
