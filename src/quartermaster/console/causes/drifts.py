"""What shops and we see differently, and nobody has decided."""

from quartermaster.console.causes.cause import Cause, Group, Told, When, many

ROWS = """
select c.slug as of, d.id::text as act, d.reference as title, '/connect/' || c.slug as link,
  'there: ' || d.theirs || '; here: ' || d.ours as note, coalesce(d.since, d.found_at) as at,
  null::timestamptz as due_at, o.total_minor as minor, coalesce(o.currency, '') as currency, d.order_id
from channels_drift d join inbox_connection c on c.id = d.shop_id
left join orders_order o on o.id = d.order_id
where d.settled_at is null
"""


def tell(group: Group) -> Told:
    return Told(
        When.NEXT,
        f"{group.of} and we differ",
        f"{many(group, 'difference')}. The newest, {group.note}.",
        "See them",
        link=f"/connect/{group.of}",
        clause=f"{many(group, 'thing')} differ at {group.of}",
    )


CAUSE = Cause("drifts", "Differences with shops", ROWS, tell, is_exception=False)
