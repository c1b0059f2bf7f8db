"""Magento's searches: filters in groups, sorted, in pages; behind the last page comes the last one again."""

import re
from collections.abc import Iterable, Mapping

type Json = dict[str, object]

_FILTER = re.compile(r"searchCriteria\[filterGroups]\[(\d+)]\[filters]\[(\d+)]\[(field|value|conditionType)]")
_SORT = re.compile(r"searchCriteria\[sortOrders]\[(\d+)]\[field]")


def searched(rows: Iterable[Json], query: Mapping[str, str], *, names: Mapping[str, str] = {}) -> Json:
    """`names`: fields that are filtered by another name than they are shown by."""
    groups = _groups(query)
    found = [row for row in rows if all(any(_fits(row, f, names) for f in group) for group in groups)]
    for _, field in sorted(((m[1], value) for m, value in _matched(_SORT, query)), reverse=True):
        found.sort(key=lambda row, field=field: _key(row.get(names.get(field, field))))  # type: ignore[misc]
    size = int(query.get("searchCriteria[pageSize]", "0")) or max(1, len(found))
    pages = max(1, -(-len(found) // size))
    page = min(int(query.get("searchCriteria[currentPage]", "1")), pages)
    shown = found[(page - 1) * size : page * size]
    return {"items": shown, "search_criteria": {"page_size": size}, "total_count": len(found)}


def _groups(query: Mapping[str, str]) -> list[list[Json]]:
    filters: dict[tuple[str, str], Json] = {}
    for match, value in _matched(_FILTER, query):
        filters.setdefault((match[1], match[2]), {})[match[3]] = value
    groups: dict[str, list[Json]] = {}
    for (group, _), each in filters.items():
        groups.setdefault(group, []).append(each)
    return list(groups.values())


def _matched(pattern: re.Pattern[str], query: Mapping[str, str]) -> list[tuple[re.Match[str], str]]:
    return [(match, value) for name, value in query.items() if (match := pattern.fullmatch(name))]


def _fits(row: Json, wanted: Json, names: Mapping[str, str]) -> bool:
    field, value = str(wanted["field"]), str(wanted["value"])
    has = row.get(names.get(field, field))
    match wanted.get("conditionType", "eq"):
        case "in":
            return str(has).lower() in value.lower().split(",")  # as the database compares texts
        case "gt":
            return _key(has) > _key(value)
        case "gteq":
            return _key(has) >= _key(value)
    return str(has).lower() == value.lower()


def _key(value: object) -> tuple[int, int, str]:
    """Numbers before texts, each in their order."""
    text = str(value)
    return (0, int(text), "") if text.isdecimal() else (1, 0, text)
