"""Carriers that list other parcels than they got, or take no list at all."""

from quartermaster.console.causes.cause import Cause, Group, Told, When, many

ROWS = """
select t.account as of, t.id::text as act, 'M-' || t.manifest_id as title, '/ship/dispatch' as link,
  case when t.state = 'refused' then t.because
    else concat_ws('; ',
      nullif('not on its list: ' || (select string_agg(x, ', ') from jsonb_array_elements_text(t.missing) x),
        'not on its list: '),
      case when jsonb_array_length(t.surplus) > 0
        then jsonb_array_length(t.surplus) || ' on it that did not leave' end) end as note,
  coalesce(t.told_at, t.asked_at) as at, null::timestamptz as due_at, null::bigint as minor, '' as currency,
  null::bigint as order_id
from shipping_told t where t.state in ('short', 'refused')
"""


def tell(group: Group) -> Told:
    title = f"{many(group, 'manifest')} {group.of} has otherwise"
    return Told(When.NEXT, title, f"The newest: {group.note.rstrip('.')}.", "See the lists", clause=title)


CAUSE = Cause("manifests", "Manifests that differ", ROWS, tell)
