"""Connections whose keys are refused, or end soon, and shops that do not send by themselves."""

from quartermaster.console.causes.cause import Cause, Group, Told, When
from quartermaster.inbox.rules import ENDS_SOON

REFUSED, ENDING, SILENT = " waits for new keys", " has keys that end", " does not send all by itself"

# The same condition as inbox.rules.endings, over rows instead of one.
ROWS = f"""
select c.slug || '{REFUSED}' as of, c.id::text as act, c.slug as title,
  '/connect/' || c.slug || '/keys' as link, c.keys_because as note, c.keys_refused_at as at,
  null::timestamptz as due_at, null::bigint as minor, '' as currency, null::bigint as order_id
from inbox_connection c where c.is_active and c.keys_refused_at is not null
union all
select c.slug || '{ENDING}', c.id || ':' || e.key, e.key, '/connect/' || c.slug || '/keys',
  e.key || case when e.value::date < %(now)s::date then ' ended on ' else ' ends on ' end || e.value
    || case c.keys_end_by -> e.key ->> 'by' when 'shop' then ', as the shop told'
      when 'rule' then ', by its vendor''s rule' when 'person' then ', as a person wrote' else '' end,
  %(now)s, e.value::date::timestamptz, null, '', null
from inbox_connection c cross join lateral jsonb_each_text(c.keys_end) e
where c.is_active and e.value::date <= %(now)s::date + {ENDS_SOON}
union all
select c.slug || '{SILENT}', c.id::text, c.slug, '/connect/' || c.slug,
  h.off || case when h.because <> '' then ': ' || h.because else '' end,
  coalesce(h.off_since, h.looked_at, %(now)s), null, null, '', null
from channels_hooks h join inbox_connection c on c.id = h.shop_id
join channels_shop s on s.connection_id = c.id and s.mode = 'live'
where c.is_active and h.off <> ''
"""  # noqa: S608 - constants


def tell(group: Group) -> Told:
    slug, note = group.of.partition(" ")[0], group.note.rstrip(".")
    if group.of.endswith(REFUSED):
        why = f"{note}. It is neither asked nor told; what it is to be told waits, and nothing is lost."
        return Told(When.NOW, group.of, why, "Enter new keys", f"/connect/{slug}/keys", clause=group.of)
    if group.of.endswith(ENDING):
        why = f"{note}. Make new ones there, and enter them here."
        return Told(When.NEXT, group.of, why, "Replace them", f"/connect/{slug}/keys")
    why = f"{note}. Until it does it is asked every five minutes."
    return Told(When.NEXT, group.of, why, "See the shop", f"/connect/{slug}", clause=group.of)


CAUSE = Cause("keys", "Connections that need a hand", ROWS, tell)
