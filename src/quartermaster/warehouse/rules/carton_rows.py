"""Cartons as rows of a table, and back: what is wrong with a row is said of that row."""

import csv
import io
from collections.abc import Mapping, Sequence

from quartermaster.warehouse.rules.packaging import Carton, wrong_with

NUMBERS = (
    *("inner_length_mm", "inner_width_mm", "inner_height_mm"),
    *("outer_length_mm", "outer_width_mm", "outer_height_mm"),
    *("tare_g", "weight_max_g", "cost_minor", "void_bp"),
)
COLUMNS = ("code", "title", "kind", *NUMBERS, "sites", "is_on")
OPTIONAL = {"kind": "box", "void_bp": "0", "tare_g": "0", "cost_minor": "0", "sites": "", "is_on": "yes"}
YES, NO = ("yes", "true", "1"), ("no", "false", "0")
ROWS_MAX = 1000


def row_of(carton: Carton) -> dict[str, str]:
    """As it stands in the file. Sites are parted by a bar."""
    sides = (*carton.inner_mm, *carton.outer_mm)
    numbers = (*sides, carton.tare_g, carton.weight_max_g, carton.cost_minor, carton.void_bp)
    return {
        "code": carton.code,
        "title": carton.title,
        "kind": carton.kind,
        **{name: str(number) for name, number in zip(NUMBERS, numbers, strict=True)},
        "sites": "|".join(carton.sites),
        "is_on": "yes" if carton.is_on else "no",
    }


def carton_of(row: Mapping[str, str]) -> tuple[Carton | None, str]:
    """The carton, or what is wrong with the row. What is left out is as `OPTIONAL` says."""
    given = {name: (row.get(name) or "").strip() or OPTIONAL.get(name, "") for name in COLUMNS}
    problems = [f"{name} is a whole number" for name in NUMBERS if not _is_number(given[name])]
    if given["is_on"].lower() not in YES + NO:
        problems.append("is_on is yes or no")
    if problems:
        return None, "; ".join(problems)
    number = {name: int(given[name]) for name in NUMBERS}
    carton = Carton(
        code=given["code"],
        title=given["title"],
        inner_mm=(number["inner_length_mm"], number["inner_width_mm"], number["inner_height_mm"]),
        outer_mm=(number["outer_length_mm"], number["outer_width_mm"], number["outer_height_mm"]),
        tare_g=number["tare_g"],
        weight_max_g=number["weight_max_g"],
        cost_minor=number["cost_minor"],
        kind=given["kind"],
        void_bp=number["void_bp"],
        sites=tuple(dict.fromkeys(each.strip() for each in given["sites"].split("|") if each.strip())),
        is_on=given["is_on"].lower() in YES,
    )
    problems = list(wrong_with(carton))
    return (None, "; ".join(problems)) if problems else (carton, "")


def read_rows(text: str) -> tuple[list[Carton], dict[str, str]]:
    """Cartons of a CSV text with a header, and its errors by row ("row 3", the header being row 1)."""
    lines = text.removeprefix("\ufeff").splitlines()
    parted = max(",;\t", key=(lines or [""])[0].count)
    try:
        rows = list(csv.DictReader(io.StringIO("\n".join(lines)), delimiter=parted, strict=True))
    except csv.Error as error:
        return [], {"file": str(error)}
    header = set(rows[0]) if rows else set()
    missing = [name for name in COLUMNS if name not in header and name not in OPTIONAL]
    if not rows or missing:
        return [], {"file": f"no column {', '.join(missing)}" if rows else "it has no rows"}
    if len(rows) > ROWS_MAX:
        return [], {"file": f"more than {ROWS_MAX:,} rows"}
    cartons: list[Carton] = []
    errors: dict[str, str] = {}
    for n, row in enumerate(rows, 2):
        carton, wrong = carton_of(row)
        if carton is None:
            errors[f"row {n}"] = wrong
        elif any(other.code == carton.code for other in cartons):
            errors[f"row {n}"] = f"{carton.code} stands above already"
        else:
            cartons.append(carton)
    return cartons, errors


def merged(before: Sequence[Carton], given: Sequence[Carton]) -> tuple[Carton, ...]:
    """Those given take the place of their namesakes; new ones come behind, others stay."""
    new = {carton.code: carton for carton in given}
    kept = tuple(new.pop(carton.code, carton) for carton in before)
    return (*kept, *new.values())


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 9
