"""Whom something can be given to."""

from quartermaster.core import sql
from quartermaster.core.errors import Invalid


def person_of(assignee: str) -> str:
    """The name of somebody ("user:3") who may come in; "" for nobody (""). Raises Invalid."""
    if not assignee:
        return ""
    known = sql.run("select username from auth_user where is_active and 'user:' || id = %s", (assignee,))
    if not known:
        raise Invalid(what="The assignment", errors={"assignee": "nobody who may come in"})
    return str(known[0][0])
