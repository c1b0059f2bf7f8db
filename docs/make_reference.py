"""Fills in what the documentation reads from the program: PYTHONPATH=src python docs/make_reference.py

A page says where: everything between `<!-- made: NAME -->` and `<!-- end -->` is written anew; NAME is one of
PARTS. tests/test_docs.py fails when a page is not what this would write.
"""

import argparse
import ast
import importlib
import os
import pkgutil
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "quartermaster"
_PLACE = re.compile(r"<!-- made: ([a-z_-]+) -->\n.*?<!-- end -->", re.DOTALL)


def pages() -> list[Path]:
    """Every page people read, those of the connectors included."""
    return [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md")), *sorted(SOURCE.glob("**/*.md"))]


def filled(text: str) -> str:
    """A page with its made parts as they should be. Needs Django set up, and no database."""
    return _PLACE.sub(lambda found: f"<!-- made: {found[1]} -->\n\n{PARTS[found[1]]()}\n\n<!-- end -->", text)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Cells hold no line breaks; a bar in them is written as one."""
    body = [[str(cell).replace("|", "\\|") for cell in row] for row in rows]
    lines = [head, ["---"] * len(head), *body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


# --- commands ---


def modules() -> list[ModuleType]:
    """The command modules, in the order `./qm` lists them."""
    package = importlib.import_module("quartermaster.commands")
    names = [found.name for found in pkgutil.iter_modules(package.__path__) if not found.ispkg]
    found = [importlib.import_module(f"{package.__name__}.{name}") for name in names]
    return sorted(found, key=lambda module: (module.NAME not in ("up", "test"), module.NAME))


def parsers(module: ModuleType) -> dict[str, argparse.ArgumentParser]:
    """What is typed behind ./qm -> the parser that --help prints: one, or one for each verb."""
    parser = argparse.ArgumentParser(add_help=False)
    module.arguments(parser)
    verbs = {
        f"{module.NAME} {verb}": inner
        for action in parser._actions
        if isinstance(action, argparse._SubParsersAction)
        for verb, inner in action.choices.items()
    }
    return verbs or {module.NAME: parser}


def options(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    return [action for action in parser._actions if not isinstance(action, argparse._HelpAction)]


def commands() -> str:
    parts = []
    for module in modules():
        parts.append(f"## {module.NAME}\n\n{module.HELP[:1].upper()}{module.HELP[1:]}.")
        takes_more = ["[PYTEST ARGUMENT …]"] if getattr(module, "TAKES_MORE", False) else []
        for typed, parser in parsers(module).items():
            given = options(parser)
            parts.append(f"```sh\n{' '.join(['./qm', typed, *map(_word, given), *takes_more])}\n```")
            if given:
                parts.append(table(("argument", ""), [(f"`{_name(x)}`", _meaning(x)) for x in given]))
    return "\n\n".join(parts)


def _name(action: argparse.Action) -> str:
    """--port PORT, FILE: as one types it."""
    metavar = action.metavar or ("{" + ",".join(action.choices) + "}" if action.choices else "")
    if not action.option_strings:
        return str(metavar or action.dest)
    takes = "" if action.nargs == 0 else f" {metavar or action.dest.upper()}"
    return f"{action.option_strings[-1]}{takes}"


def _word(action: argparse.Action) -> str:
    more = " …" if action.nargs in ("+", "*") else ""
    is_optional = not action.required if action.option_strings else action.nargs in ("?", "*")
    return f"[{_name(action)}{more}]" if is_optional else f"{_name(action)}{more}"


def _meaning(action: argparse.Action) -> str:
    is_marked = action.option_strings and action.required
    return f"{'required: ' if is_marked else ''}{action.help or ''}"


# --- events and the clock ---


def events_of_the_business() -> str:
    return _events(lambda module: module.startswith("quartermaster.events."))


def events_of_the_core() -> str:
    return _events(lambda module: module.startswith("quartermaster.core."))


def _events(is_wanted: Callable[[str], bool]) -> str:
    flow = importlib.import_module("quartermaster.flow")
    heard = {fact.__name__: [flow.name_of(listen) for listen in found] for fact, found in flow.FLOW.items()}
    rows = []
    for kind in filter(lambda kind: is_wanted(kind.__module__), event_kinds()):
        said = " ".join((vars(kind).get("__doc__") or "").split())
        body = ", ".join(f"`{name}`" for name in kind.__struct_fields__ if name not in _COMMON)
        by = ", ".join(f"`{name}`" for name in recorders(kind.__name__))
        listeners = ", ".join(f"`{name}`" for name in heard.get(kind.__name__, ())) or "nobody yet"
        name = f"**{kind.__name__}**{f'<br>{said}' if said else ''}"
        rows.append((name, f"`{kind.kind}:…`", body, by, listeners))
    return table(("event", "subject", "body", "recorded by", "heard by"), rows)


_COMMON = ("subject", "at", "actor", "source")


def event_kinds() -> list[Any]:
    """Every class of events, in the order of the files and of the lines in them."""
    defined = re.compile(r"^class (\w+)\(Event, ", re.MULTILINE)
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        if names := defined.findall(path.read_text(encoding="utf-8")):
            module = importlib.import_module(_dotted(path, "quartermaster."))
            found += [getattr(module, name) for name in names]
    return found


def recorders(name: str) -> list[str]:
    """The modules that make this event, or hand its class to what makes it: "orders.actions.cancel"."""
    made = re.compile(rf"(?<!class )\b{name}\(|\w\({name},")
    return [module for module, text in _sources() if name in text and made.search(text)]


@cache
def _sources() -> list[tuple[str, str]]:
    """Every module with its text, in order."""
    return [(_dotted(path), path.read_text(encoding="utf-8")) for path in sorted(SOURCE.rglob("*.py"))]


def _dotted(path: Path, before: str = "") -> str:
    return before + ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")


def jobs() -> str:
    """The coarse jobs, read from the text of jobs.py: their decorators say when."""
    rows = []
    for path in sorted(SOURCE.rglob("jobs.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                calls = [each for each in node.decorator_list if isinstance(each, ast.Call)]
                words = [word for call in calls for word in call.keywords]
                said = {word.arg: ast.literal_eval(word.value) for word in words}
                if "cron" in said:
                    meaning = " ".join((ast.get_docstring(node) or "").split())
                    rows.append((f"`{said['name']}`", f"`{said['cron']}`", meaning))
    return table(("job", "cron, in UTC", ""), rows)


# --- invariants ---


def invariants() -> str:
    doctor = importlib.import_module("quartermaster.core.doctor")
    return table(("check", "what holds"), [(f"`{check.name}`", check.sentence) for check in doctor.checks])


def constraints() -> str:
    return table(("table", "name", "what"), _constraints())


def _constraints() -> Iterator[tuple[str, str, str]]:
    from django.apps import apps

    triggers = _triggers()
    for model in apps.get_models():
        if not model.__module__.startswith("quartermaster."):
            continue
        cell = f"`{model._meta.db_table}`"
        for constraint in sorted(model._meta.constraints, key=lambda each: each.name):
            yield cell, f"`{constraint.name}`", _constraint(constraint)
        for field in model._meta.local_fields:
            if field.unique and not field.primary_key:
                yield cell, "", f"one row for each `{field.column}`"
        for name, what in triggers.get(model._meta.db_table, ()):
            yield cell, f"`{name}`", f"a trigger refuses {what}"


def _constraint(constraint: Any) -> str:
    if not hasattr(constraint, "fields"):
        return f"`{condition(constraint.condition)}`"
    where = f", where `{condition(constraint.condition)}`" if constraint.condition else ""
    return f"one row for each {', '.join(f'`{name}`' for name in constraint.fields)}{where}"


_SIGNS = {"gte": "≥", "lte": "≤", "gt": ">", "lt": "<", "exact": "=", "regex": "~"}


def condition(told: Any) -> str:
    """A Q as a person would write it: reserved ≤ sellable."""
    if isinstance(told, tuple):
        return _comparison(*told)
    parts = [condition(child) for child in told.children]
    if told.connector == "AND":
        parts = [f"({part})" if " or " in part else part for part in parts]
    joined = f" {told.connector.lower()} ".join(parts)
    if not told.negated:
        return joined
    return joined.replace(" = ", " ≠ ") if len(parts) == 1 and " = " in joined else f"not ({joined})"


def _comparison(path: str, value: Any) -> str:
    name, _, lookup = path.partition("__")
    if lookup == "isnull" or value is None:
        return f"{name} is {'' if value in (None, True) else 'not '}null"
    if lookup == "in":
        return f"{name} is one of {', '.join(str(each) or chr(34) * 2 for each in value)}"
    return f"{name} {_SIGNS[lookup or 'exact']} {_term(value)}"


def _term(value: Any) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    if hasattr(value, "connector"):
        return f"{_term(value.lhs)} {value.connector} {_term(value.rhs)}"
    return str(getattr(value, "name", value))


_TRIGGER = re.compile(r"CREATE TRIGGER (\w+) BEFORE ([A-Z ]+?) ON (\w+)")


def _triggers() -> dict[str, list[tuple[str, str]]]:
    """Table -> its triggers and what they refuse, as the migrations write them."""
    found: dict[str, list[tuple[str, str]]] = {}
    for path in sorted(SOURCE.glob("*/migrations/*.py")):
        for name, what, of in _TRIGGER.findall(path.read_text(encoding="utf-8")):
            found.setdefault(of, []).append((name, what.replace(" OR ", ", ")))
    return found


# --- orders, routing, connections ---


def checks() -> str:
    rules = importlib.import_module("quartermaster.orders.rules.checks")
    rows = []
    for step in rules.DEFAULT:
        state = ("on" if step.is_on else "off") + (f", `limit` {step.limit:,}" if step.limit else "")
        rows.append((f"`{step.name}`", rules.MEANING[step.name], f"`{rules.CHECKS[step.name][0]}`", state))
    return table(("check", "passed when", "else the hold", "at first"), rows)


def holds() -> str:
    kinds = importlib.import_module("quartermaster.orders.rules.holds").KINDS
    rows = [
        (
            f"`{name}`",
            kind.title,
            f"{kind.blocks}",
            f"{kind.reserved}",
            "checks" if kind.is_automatic else "people",
        )
        for name, kind in kinds.items()
    ]
    return table(("hold", "title", "blocks", "reserved units", "placed by"), rows)


def point_of_no_return() -> str:
    rules = importlib.import_module("quartermaster.orders.rules.change")
    rows = [
        (stage, *(_verdict(rules.MATRIX[change][stage]) for change in rules.Change)) for stage in rules.Stage
    ]
    return table(("stage", *rules.Change), rows)


def _verdict(verdict: Any) -> str:
    return f"**{verdict.answer}**" + (f": {', '.join(verdict.steps)}" if verdict.steps else "")


def filters() -> str:
    rules = importlib.import_module("quartermaster.allocation.rules.filters")
    default = importlib.import_module("quartermaster.allocation.rules").Rule("").filters
    rows = [
        (f"`{name}`", f"sites that {asks}", "yes" if name in default else "no")
        for name, asks in rules.ASKS.items()
    ]
    return table(("filter", "lets pass", "in a new rule"), rows)


def criteria() -> str:
    rank = importlib.import_module("quartermaster.allocation.rules.rank")
    default = importlib.import_module("quartermaster.allocation.rules").Rule("").rank
    rows = [(f"`{name}`", it.wish, "yes" if name in default else "no") for name, it in rank.CRITERIA.items()]
    rows.append((f"`{rank.BY_CODE}`", "the site's code: ends every tie", "yes"))
    return table(("criterion", "prefers", "in a new rule"), rows)


def kpis() -> str:
    rules = importlib.import_module("quartermaster.insight.rules.definitions")
    parts = [rules.EXCLUDED]
    for one in rules.KPIS.values():
        facts = (
            ("formula", one.formula),
            ("unit", one.unit),
            ("belongs to the day on which", one.cohort),
            ("one row is", f"one {one.counts}"),
            ("provisional for", f"{one.window_days} days behind the period"),
            ("source", one.source),
        )
        parts.append(f"## {one.key}\n\n{one.text}\n\n{table((one.title, ''), facts)}")
    return "\n\n".join(parts)


def settings_of(kind: str) -> str:
    plug = importlib.import_module("quartermaster.core.plugs").plug(kind)
    rows = []
    for field in plug.settings:
        marks = [*(["secret"] if field.is_secret else []), *([] if field.is_required else ["optional"])]
        rows.append((f"`{field.name}`", ", ".join(marks), f"{field.label}. {field.hint}".strip()))
    return table(("setting", "", ""), rows)


PARTS: dict[str, Callable[[], str]] = {
    "commands": commands,
    "events-of-the-business": events_of_the_business,
    "events-of-the-core": events_of_the_core,
    "jobs": jobs,
    "invariants": invariants,
    "constraints": constraints,
    "checks": checks,
    "holds": holds,
    "point-of-no-return": point_of_no_return,
    "filters": filters,
    "criteria": criteria,
    "kpis": kpis,
    "settings-of-shopify": lambda: settings_of("shopify"),
    "settings-of-woocommerce": lambda: settings_of("woocommerce"),
    "settings-of-amazon": lambda: settings_of("amazon"),
    "settings-of-magento": lambda: settings_of("magento"),
    "settings-of-flipkart": lambda: settings_of("flipkart"),
    "settings-of-easyship": lambda: settings_of("easyship"),
    "settings-of-karrio": lambda: settings_of("karrio"),
    "settings-of-extensiv": lambda: settings_of("extensiv"),
    "settings-of-unicommerce": lambda: settings_of("unicommerce"),
    "settings-of-csv_folder": lambda: settings_of("csv_folder"),
    "settings-of-shippo": lambda: settings_of("shippo"),
    "settings-of-shipengine": lambda: settings_of("shipengine"),
}


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quartermaster.settings")
    import django

    django.setup()
    for page in pages():
        before = page.read_text(encoding="utf-8")
        if (after := filled(before)) != before:
            page.write_text(after, encoding="utf-8")
            print(f"written: {page.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
