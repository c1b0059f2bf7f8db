"""Shopify's published schema, when the team's specifications lie beside the project: what is asked and what
the simulator answers is checked against it."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLSchema, build_ast_schema, execute, parse, validate

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
