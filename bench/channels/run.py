"""Real workers, one database, simulated shops over HTTP: sales one after the other, then a full push."""

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from bench.arguments import at_least

if TYPE_CHECKING:
    from bench.river.ground import Ground

HELP = "a sale on one of five shops reaches the listings of the others; a full push, interrupted half way"
AIM_S, AIM_THROTTLED_S = 2.0, 10.0


def arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--sales", type=at_least(0), default=200, help="sales, each of another SKU (200); 0: none")
    add("--every-ms", type=at_least(1), default=100, help="milliseconds between two sales (100)")
    add("--workers", type=at_least(1), default=2, help="worker processes (2)")
    add("--throttled", type=at_least(0), default=30, help="of a hundred calls, answered 429 (30)")
    add("--listings", type=at_least(0), default=10_000, help="of the full push (10000); 0: none")
    add("--shopify", type=at_least(0), default=0, help="of a full push to a Shopify, in calls (0: none)")
    add("--marketplace", type=at_least(0), default=0, help="of a full push to an Amazon, as feeds (0: none)")
    add("--budget", type=at_least(1), default=1, help="so many times what the vendor allows (1)")


def run(args: argparse.Namespace) -> int:
    """Exit code 1 when an aim is missed, a number is wrong at the end, or the doctor finds anything."""
    from bench.river import ground

    report: dict[str, Any] = {}
    with ground.made(skus=0) as made:
        if args.sales:
            report |= _sales(args, made)
        report |= _pushes(args, made)
        from quartermaster.core import doctor

        report["broken"] = [finding.check for finding in doctor.examine() if finding.rows]
    print(json.dumps(report, indent=1) if args.json else _table(report))
    is_well = "plain" not in report or (
        report["plain"]["p95_s"] <= AIM_S and report["throttled"]["p95_s"] <= AIM_THROTTLED_S
    )
    is_wrong = any(one["wrong"] for one in report.values() if isinstance(one, dict))
    return 0 if is_well and not is_wrong and not report["broken"] else 1


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _sales(args: argparse.Namespace, made: "Ground") -> dict[str, Any]:
    from bench.channels.sales import Five, spread

    with Five(args.sales * 2) as five:
        _say("sales, shops that answer at once …")
        pace = {"every_s": args.every_ms / 1000, "ground": made, "count": args.workers}
        plain = spread(five, args.sales, first=0, **pace)
        _say("sales, shops that throttle …")
        for shop in five.shops:
            shop.simulator.chances["429"] = args.throttled / 100
        return {"plain": plain, "throttled": spread(five, args.sales, first=args.sales, **pace)}


def _pushes(args: argparse.Namespace, made: "Ground") -> dict[str, Any]:
    from bench.channels.full import full_push, shopify_push
    from bench.channels.marketplace import marketplace_push

    report: dict[str, Any] = {}
    by = {"ground": made, "workers": args.workers}
    if args.listings:
        _say("a full push …")
        report["full"] = full_push(args.listings, **by)
    if args.shopify:
        _say("a full push to a shop that counts calls …")
        report["shopify"] = shopify_push(args.shopify, times=args.budget, **by)
    if args.marketplace:
        _say("a full push to a marketplace …")
        report["marketplace"] = marketplace_push(args.marketplace, times=args.budget, **by)
    return report


def _table(report: dict[str, Any]) -> str:
    lines = []
    if "plain" in report:
        lines.append(
            f"{'a sale reaches the other four':32} {'p50 s':>7} {'p95 s':>7} {'max s':>7} {'wrong':>6}"
        )
    for name, title in (("plain", "shops answer at once"), ("throttled", "shops throttle")):
        if name in report:
            one = report[name]
            lines.append(
                f"{title:32} {one['p50_s']:7.2f} {one['p95_s']:7.2f} {one['max_s']:7.2f} {one['wrong']:6d}"
            )
    titles = (("full", "a WooCommerce"), ("shopify", "a Shopify"), ("marketplace", "an Amazon"))
    for name, title in titles:
        if name in report:
            lines += _push(title, report[name])
    lines.append(f"the doctor found {', '.join(report['broken']) or 'nothing'}")
    return "\n".join(lines)


def _push(title: str, one: dict[str, Any]) -> list[str]:
    times = one["budget_times"]
    allowed = "no budget of the vendor's" if not times else f"{times} times the vendor's budget"
    killed = ", then ".join(
        f"{each['unwritten']:,} not written and {each['unknown']:,} not known" for each in one["killed"]
    )
    calls = ", ".join(f"{count:,} {name}" for name, count in one["calls"].items())
    per = 1000 / one["listings"]
    return [
        f"a full push to {title}: {one['listings']:,} listings, {allowed}",
        f"  written after {one['written_s']:.1f} s ({one['listings'] / one['written_s']:.0f} a second), "
        f"known to be so after {one['known_s']:.1f} s; the budget alone takes {one['best_s']:.1f} s",
        f"  the workers were killed with {killed}",
        f"  {one['wrong']} are wrong at the end, {one['sent_twice']:,} rows were sent twice, "
        f"{one['throttled']:,} calls were refused as too many ({calls})",
        f"  for 1,000 listings {one['workers_ms'] * per:,.0f} ms of CPU of workers and "
        f"{one['database_ms'] * per:,.0f} ms of PostgreSQL; the largest worker had {one['peak_mib']:.0f} MiB",
    ]
