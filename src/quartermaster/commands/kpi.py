"""./qm kpi"""

import argparse
from datetime import UTC, date, datetime
from typing import Any

NAME = "kpi"
HELP = "the KPI set of a period, exact from the rows, with the definition of every figure in --json"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", dest="first", required=True, type=_day, metavar="DATE", help="first day")
    parser.add_argument(
        "--to", dest="last", required=True, type=_day, metavar="DATE", help="last day, included"
    )
    parser.add_argument("--tz", metavar="ZONE", help="whose days: Europe/Berlin (that of the first own site)")
    parser.add_argument(
        "--as-known-at",
        type=_moment,
        metavar="MOMENT",
        help="only what was recorded by then, like 2026-08-23T09:00:00Z; what came later is told apart",
    )
    parser.add_argument("--json", action="store_true", help="the whole document")


def run(args: argparse.Namespace) -> int:
    import json

    from django.utils.timezone import now

    from quartermaster.insight.queries import document, shop_zone
    from quartermaster.insight.rules.days import Period

    period = Period(args.first, args.last, args.tz or shop_zone())
    told = document(period, at=now(), known_at=args.as_known_at)
    print(json.dumps(told, indent=2, ensure_ascii=False) if args.json else _table(told))
    return 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day like 2026-11-23") from None


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no moment like 2026-11-23T09:00:00Z") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _table(told: dict[str, Any]) -> str:
    from quartermaster.insight.rules.definitions import KPIS
    from quartermaster.insight.rules.words import aside, told_value

    lines = [f"{told['from']} to {told['to']}, days of {told['tz']}"]
    for key in KPIS:
        figure = told[key]
        also = aside(key, figure)
        value = told_value(key, figure)
        lines.append(f"{figure['title']:32} {value:>22}  n {figure['n']:>9,}{f'  {also}' if also else ''}")
    for late in told["late_corrections"]:
        lines.append(f"corrected later: {late['key']} is {late['value_now']} now, n {late['n_now']:,}")
    return "\n".join(lines)
