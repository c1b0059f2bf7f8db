"""A small table that a person brings: its rows by column, each with the line it stands on."""

import csv
from collections.abc import Mapping, Sequence
from typing import Final

from quartermaster.core.csvs import unguarded

ROWS_MAX: Final = 2_000


def rows_of(text: str, required: Sequence[str]) -> tuple[list[tuple[int, Mapping[str, str]]], str]:
    """Rows with their lines, the header's being 1; and what is wrong with the whole table, "" when nothing
    is. Separated by comma, semicolon or tab, as the header is."""
    lines = text.lstrip("\ufeff").splitlines()
    header = lines[0] if lines else ""
    reader = csv.reader(lines, delimiter=max(",;\t", key=header.count))
    found: list[tuple[int, Mapping[str, str]]] = []
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        if lacking := [name for name in required if name not in names]:
            return [], f"the header lacks {', '.join(lacking)}"
        for cells in reader:
            if any(cell.strip() for cell in cells):
                told = [unguarded(cell.strip()) for cell in cells]
                found.append((reader.line_num, dict(zip(names, told, strict=False))))
    except csv.Error as error:
        return [], f"line {reader.line_num}: {error}"
    if not found:
        return [], "it has no rows"
    if len(found) > ROWS_MAX:
        return [], f"{len(found):,} rows; at most {ROWS_MAX:,} at once"
    return found, ""
