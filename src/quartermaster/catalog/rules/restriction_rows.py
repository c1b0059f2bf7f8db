"""Restrictions as a table has them: one row a line of the list."""

from collections.abc import Mapping

from quartermaster.catalog.rules.restrictions import LEVELS, Restriction, problems
from quartermaster.core.cells import Cells

COLUMNS = (
    *("level", "because", "from_on", "until_on", "country", "site", "carrier", "service"),
    *("hs_prefix", "sku", "hazmat", "tag", "source", "import_only"),
)
REQUIRED = ("level", "because", "from_on")


def restriction(given: Mapping[str, str]) -> tuple[Restriction | None, Mapping[str, str]]:
    """A line, or by column what is wrong with the row."""
    cells = Cells(given)
    from_on, until_on, is_hazmat = cells.day("from_on"), cells.day("until_on"), cells.flag("hazmat")
    is_import = cells.flag("import_only")
    level = next((each for each in LEVELS if each == given["level"].lower()), None)
    if level is None:
        cells.errors["level"] = f"one of: {', '.join(LEVELS)}"
    if from_on is None:
        cells.errors.setdefault("from_on", "a day such as 2026-12-31")
    if level is None or from_on is None or cells.errors:
        return None, cells.errors
    names = ("because", "site", "carrier", "service", "sku", "tag", "source")
    line = Restriction(
        level=level,
        from_on=from_on,
        until_on=until_on,
        country=given["country"].upper(),
        hs_prefix=given["hs_prefix"].replace(".", "").replace(" ", ""),
        is_hazmat=bool(is_hazmat),
        is_import=bool(is_import),
        **{name: given[name] for name in names},
    )
    wrong = problems(line)
    return (None, wrong) if wrong else (line, {})
