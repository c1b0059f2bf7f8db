"""Rule sets as data: what is wrong with one that is sent, each rule in a sentence, the first set."""

from collections.abc import Iterator, Sequence

from quartermaster.allocation.rules import filters, rank
from quartermaster.allocation.rules.by_hand import BY_HAND
from quartermaster.allocation.rules.facts import Otherwise, Rule, RuleSet
from quartermaster.allocation.rules.rank import BY_CODE, CRITERIA
from quartermaster.allocation.rules.sentences import listed, money, parcels
from quartermaster.allocation.rules.splits import SITES_MAX
from quartermaster.core.money import MINOR_MAX

SITE_KINDS = ("own", "3pl", "store", "dropship", "fba")
RULES_MAX = 100
NAME_MAX = 80
_ALWAYS = ("site_kind", "restricted")  # told otherwise, or nothing a rule decides

DEFAULT = RuleSet(1, (Rule("Everywhere"),))


def check(rules: RuleSet) -> list[str]:
    """Everything wrong with a rule set, in words; empty when it can be used. `route` relies on it."""
    problems = []
    if rules.version < 1:
        problems.append("The version must be 1 or more.")
    if not rules.rules:
        problems.append("There is no rule, so every order would wait.")
    if len(rules.rules) > RULES_MAX:
        problems.append(f"There are {len(rules.rules)} rules; at most {RULES_MAX} can be kept in one's head.")
    names = [rule.name for rule in rules.rules]
    problems += [f"The name {name} is used more than once." for name in _repeated(names)]
    for place, rule in enumerate(rules.rules, 1):
        title = f"Rule {rule.name}" if rule.name.strip() else f"Rule number {place}"
        problems += [f"{title}: {problem}." for problem in _problems(rule)]
    for place, rule in enumerate(rules.rules[:-1]):
        if _is_for_all(rule) and rule.otherwise is Otherwise.PARK:
            later = listed([each.name for each in rules.rules[place + 1 :]])
            problems.append(f"Rule {rule.name} takes every order and parks the rest; never reached: {later}.")
            break
    return problems


def describe(rule: Rule, currency: str = "") -> str:
    """One sentence a person can check. Amounts are in minor units, or as money when a currency is given."""
    words = [_who(rule, currency), _where(rule)]
    best = [it.wish for it in rank.criteria_of(rule.rank)]
    words.append(f"best first by {', then '.join([*best, 'site code'])}")
    split = rule.split
    if split.is_allowed and split.parcels_max > 1:
        least = (
            f" worth at least {_amount(split.value_min_minor, currency)} each"
            if split.value_min_minor
            else ""
        )
        words.append(f"in at most {parcels(split.parcels_max)}{least}")
    else:
        words.append("never split over sites")
    words.append("what is missing waits" if split.ships_partly else "nothing goes until everything is there")
    words.append("else the next rule" if rule.otherwise is Otherwise.NEXT else "else the order waits")
    return f"{rule.name}: {'; '.join(words)}."


def _problems(rule: Rule) -> Iterator[str]:
    if not rule.name.strip():
        yield "a rule needs a name"
    if len(rule.name) > NAME_MAX:
        yield f"the name is longer than {NAME_MAX} characters"
    if rule.name.strip().lower() == BY_HAND:
        yield f'"{BY_HAND}" names what a person decided, so no rule can be called that'
    yield from _lists(rule)
    for country in rule.countries:
        if not (len(country) == 2 and country.isascii() and country.isalpha() and country.isupper()):
            yield f'"{country}" is not a country code of two capital letters'
    for kind in rule.site_kinds:
        if kind not in SITE_KINDS:
            yield f'"{kind}" is not a kind of site; there are {listed(SITE_KINDS)}'
    yield from _numbers(rule)


def _lists(rule: Rule) -> Iterator[str]:
    for name in rule.filters:
        if name not in filters.FILTERS:
            yield f'"{name}" is not a filter; there are {listed(list(filters.FILTERS))}'
    for name in rule.rank:
        if name not in rank.NAMES:
            yield f'"{name}" is not a criterion; there are {listed([*CRITERIA, BY_CODE])}'
    for title in ("countries", "channels", "tags", "site_kinds", "sites", "filters", "rank"):
        values: tuple[str, ...] = getattr(rule, title)
        for value in _repeated(values):
            yield f'{title} names "{value}" more than once'
        if not all(value.strip() for value in values):
            yield f"{title} has an empty entry"
    if not rule.rank:
        yield "rank names no criterion, so sites would be chosen by code alone"
    if BY_CODE in rule.rank[:-1]:
        yield f'"{BY_CODE}" decides for good, so what follows it in rank is never looked at'


def _numbers(rule: Rule) -> Iterator[str]:
    split = rule.split
    if rule.value_min_minor is not None and not 0 <= rule.value_min_minor <= MINOR_MAX:
        yield "value_min_minor must be 0 or more, in minor units"
    if not 1 <= split.parcels_max <= SITES_MAX:
        yield f"split.parcels_max must be from 1 to {SITES_MAX}"
    if split.is_allowed and split.parcels_max == 1:
        yield "split.is_allowed with split.parcels_max 1 splits nothing: raise the one or turn off the other"
    if not 0 <= split.value_min_minor <= MINOR_MAX:
        yield "split.value_min_minor must be 0 or more, in minor units"


def _repeated(values: Sequence[str]) -> list[str]:
    return [value for value in dict.fromkeys(values) if values.count(value) > 1]


def _is_for_all(rule: Rule) -> bool:
    return not (rule.countries or rule.channels or rule.tags or rule.value_min_minor)


def _who(rule: Rule, currency: str) -> str:
    words = []
    if rule.countries:
        words.append(f"to {listed(rule.countries, 'or')}")
    if rule.channels:
        words.append(f"from {listed(rule.channels, 'or')}")
    if rule.tags:
        words.append(f"tagged {listed(rule.tags, 'or')}")
    if rule.value_min_minor:
        words.append(f"worth at least {_amount(rule.value_min_minor, currency)}")
    return " ".join(["orders", *words]) if words else "every order"


def _where(rule: Rule) -> str:
    kinds = f"{listed(rule.site_kinds, 'or')} sites" if rule.site_kinds else "sites"
    named = f" among {listed(rule.sites)}" if rule.sites else ""
    asked = [filters.ASKS[name] for name, _ in filters.filters_of(rule) if name not in _ALWAYS]
    return f"from {kinds}{named} that {listed(asked)}"


def _amount(minor: int, currency: str) -> str:
    return money(minor, currency) if currency else f"{minor} minor units"
