"""What holds of people and badges at every moment."""

from collections.abc import Callable

from quartermaster.core import sql

ROWS_MAX = 100
# Before the first sign-in there is nobody; afterwards an owner can always come in.
OWNERLESS = """
select count(*) from console_person having count(*) > 0 and not exists (
  select from console_person p join auth_user u on u.id = p.user_id where p.role = 'owner' and u.is_active)
"""
LEFT_OVER = """
select b.id, u.username from console_badge b join auth_user u on u.id = b.user_id
where b.revoked_at is null and not u.is_active order by b.id limit %s
"""


def people_without_an_owner() -> list[str]:
    return [f"none of {people} people is an owner who may come in" for (people,) in sql.run(OWNERLESS)]


def badges_of_people_who_were_stopped() -> list[str]:
    return [f"badge {badge} of {name}" for badge, name in sql.run(LEFT_OVER, (ROWS_MAX,))]


INVARIANTS: tuple[tuple[str, str, Callable[[], list[str]]], ...] = (
    ("people.badges", "No badge counts whose person may not come in.", badges_of_people_who_were_stopped),
    ("people.owner", "An owner can come in.", people_without_an_owner),
)
