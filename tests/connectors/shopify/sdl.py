"""Shopify's published schema, when the team's specifications lie beside the project: what is asked and what
the simulator answers is checked against it."""

import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    FieldNode,
    GraphQLList,
    GraphQLSchema,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    build_ast_schema,
    execute,
    get_named_type,
    get_nullable_type,
    parse,
    validate,
    visit,
)

from quartermaster.connectors.shopify.documents import API_VERSION

SPECS = Path(__file__).resolve().parents[4] / "shared" / "specs"
_DESCRIPTION = re.compile(r'"""(?:[^"\\]|\\.|"(?!""))*"""')
SDL = SPECS / "shopify" / "admin-graphql" / f"admin_{API_VERSION}.graphql"


@cache
def _schema() -> GraphQLSchema:
    """Without its descriptions, which are three quarters of it."""
    bare = _DESCRIPTION.sub("", SDL.read_text(encoding="utf-8"))
    return build_ast_schema(parse(bare, no_location=True), assume_valid=True, assume_valid_sdl=True)


def schema() -> GraphQLSchema:
    if not SDL.exists():
        pytest.skip(f"NOT CHECKED: there is no schema of Shopify's at {SDL}")
    return _schema()


def faults(document: str) -> list[str]:
    """What Shopify would not understand of a document."""
    return [error.message for error in validate(schema(), parse(document))]


def misfits(said: Iterable[tuple[str, Any, Any]]) -> list[str]:
    """Variables that do not fit their document, and answers that are not what it asked for."""
    found: list[str] = []
    for document, variables, answer in said:
        run = execute(schema(), parse(document), root_value=answer, variable_values=variables)
        found += [f"{error.path}: {error.message}" for error in run.errors or ()]
        if not run.errors and run.data != answer:
            found.append(f"more or less than was asked: {_difference(run.data, answer)}")
    return found


class _Connections(Visitor):
    """Lists in pages, and the fields they stand in."""

    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self.types, self.open, self.found, self.wrong = types, list[str](), 0, list[str]()

    def enter_field(self, node: FieldNode, *_: object) -> None:
        kind = get_nullable_type(self.types.get_type())
        what = "list" if isinstance(kind, GraphQLList) else str(get_named_type(kind))
        if what.endswith("Connection"):
            self.found += 1
            depth = sum(one.endswith("Connection") for one in self.open)
            above = [one for one in self.open if one == "list"]
            if depth > 2 or len(above) > depth:  # each connection has its own `edges`
                self.wrong.append(f"{node.name.value} stands too deep, or in a list")
        self.open.append(what)

    def leave_field(self, *_: object) -> None:
        self.open.pop()


def not_for_bulk(document: str) -> list[str]:
    """What a bulk operation does not take: more than five connections, more than two of them inside
    another, and one in a list that has no pages."""
    types = TypeInfo(schema())
    seen = _Connections(types)
    visit(parse(document), TypeInfoVisitor(types, seen))
    return seen.wrong + ([f"{seen.found} connections"] if not 1 <= seen.found <= 5 else [])


def json_of(body: bytes) -> Any:
    """What is in it; nothing where it is no JSON."""
    try:
        return json.loads(body)
    except ValueError:
        return None


def _difference(wanted: Any, given: Any, at: str = "") -> str:
    """Where the two first part."""
    if isinstance(wanted, dict) and isinstance(given, dict):
        for key in sorted({*wanted, *given}):
            if (key in wanted) != (key in given):
                return f"{at}.{key}"
            if wanted[key] != given[key]:
                return _difference(wanted[key], given[key], f"{at}.{key}")
    if isinstance(wanted, list) and isinstance(given, list) and len(wanted) == len(given):
        for n, (one, other) in enumerate(zip(wanted, given, strict=True)):
            if one != other:
                return _difference(one, other, f"{at}[{n}]")
    return f"{at}: {wanted!r}, not {given!r}"
