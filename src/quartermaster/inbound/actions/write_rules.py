"""Say where goods go: a new version of the put-away chain."""

from datetime import datetime

from django.db import transaction

from quartermaster.core.actions.versions import next_version, write_version
from quartermaster.core.events import emit
from quartermaster.events import PutAwayRulesChanged
from quartermaster.inbound.queries.rules import CHAIN
from quartermaster.inbound.rules.put_away import Chain, Rule
from quartermaster.stock.rules.bins import KINDS

RULES_MAX = 50


@transaction.atomic
def write_rules(chain: Chain, *, basis: int, because: str, at: datetime, by: str) -> int:
    """Put a chain in force; `basis`: the version it was made from, 0 the one we come with. Returns the new
    version. Raises Invalid, VersionMoved."""
    number = next_version(CHAIN, basis)
    wrong = {f"rules.{n}": why for n, rule in enumerate(chain.rules) if (why := _wrong(rule))}
    if not 0 < len(chain.rules) <= RULES_MAX:
        wrong["rules"] = f"1 to {RULES_MAX} rules"
    version = write_version(CHAIN, number, chain, wrong=wrong, because=because, at=at, by=by)
    fact = PutAwayRulesChanged(
        subject="put_away_rules:1", at=at, actor=by, version=version, because=because.strip()
    )
    emit([fact])
    return version


def _wrong(rule: Rule) -> str:
    if unknown := sorted(set(rule.kinds) - set(KINDS)):
        return f"no kind of bin is called {unknown[0]}"
    if rule.rule in ("category", "velocity") and not rule.value:
        return "say which in value"
    if rule.rule == "size" and rule.longest_mm <= 0:
        return "say from how many mm on in longest_mm"
    return ""
