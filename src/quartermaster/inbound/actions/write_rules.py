"""Say where goods go: a new version of the put-away chain."""

from datetime import datetime

from django.db import transaction
from msgspec import json

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, Refused
from quartermaster.core.events import emit
from quartermaster.events import PutAwayRulesChanged
from quartermaster.inbound.queries.rules import chain_in_force
from quartermaster.inbound.rules.put_away import Chain, Rule
from quartermaster.stock.rules.bins import KINDS

RULES_MAX = 50


class RulesMoved(Refused):
    code = "rules-moved"
    message = "The put-away rules are at version {version}, you changed version {basis}."
    remedy = "Reload, and change what is there now."


SAVE = """
insert into inbound_put_away_rules (version, rules, because, actor, at)
values (%(version)s, %(rules)s::jsonb, %(because)s, %(by)s, %(at)s)
"""


@transaction.atomic
def write_rules(chain: Chain, *, basis: int, because: str, at: datetime, by: str) -> int:
    """Put a chain in force; `basis`: the version it was made from, 0 the one we come with. Returns the new
    version. Raises Invalid, RulesMoved."""
    sql.run("select pg_advisory_xact_lock(hashtextextended('put-away', 0))")
    now, _ = chain_in_force()
    if now != basis:
        raise RulesMoved(version=now, basis=basis)
    errors = {f"rules.{n}": why for n, rule in enumerate(chain.rules) if (why := _wrong(rule))}
    if not because.strip():
        errors["because"] = "say why"
    if not 0 < len(chain.rules) <= RULES_MAX:
        errors["rules"] = f"1 to {RULES_MAX} rules"
    if errors:
        raise Invalid(what="The put-away chain", errors=errors)
    text = json.encode(chain).decode()
    sql.run(SAVE, {"version": now + 1, "rules": text, "because": because.strip(), "by": by, "at": at})
    fact = PutAwayRulesChanged(
        subject="put_away_rules:1", at=at, actor=by, version=now + 1, because=because.strip()
    )
    emit([fact])
    return now + 1


def _wrong(rule: Rule) -> str:
    if unknown := sorted(set(rule.kinds) - set(KINDS)):
        return f"no kind of bin is called {unknown[0]}"
    if rule.rule in ("category", "velocity") and not rule.value:
        return "say which in value"
    if rule.rule == "size" and rule.longest_mm <= 0:
        return "say from how many mm on in longest_mm"
    return ""
