"""Real workers, one database, simulated shops over HTTP: sales one after the other, then a full push."""

import argparse
import json
import sys
from typing import Any

from bench.arguments import at_least

HELP = "a sale on one of five shops reaches the listings of the others; a full push, interrupted half way"
AIM_S, AIM_THROTTLED_S = 2.0, 10.0


def arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--sales", type=at_least(5), default=200, help="sales, each of another SKU (200)")
    add("--every-ms", type=at_least(1), default=100, help="milliseconds between two sales (100)")
    add("--workers", type=at_least(1), default=2, help="worker processes (2)")
    add("--throttled", type=at_least(0), default=30, help="of a hundred calls, answered 429 (30)")
    add("--listings", type=at_least(0), default=10_000, help="of the full push (10000); 0: none")
    add("--marketplace", type=at_least(0), default=0, help="of a full push to an Amazon, as feeds (0: none)")


def run(args: argparse.Namespace) -> int:
    """Exit code 1 when an aim is missed, a number is wrong at the end, or the doctor finds anything."""
    from bench.river import ground

    with ground.made(skus=0) as made:
        from bench.channels.full import full_push
        from bench.channels.sales import Five, spread

        def say(text: str) -> None:
            print(text, file=sys.stderr, flush=True)

        with Five(max(args.sales, 1) * 2) as five:
            say("sales, shops that answer at once …")
            pace = {"every_s": args.every_ms / 1000, "ground": made, "count": args.workers}
            plain = spread(five, args.sales, first=0, **pace)
            say("sales, shops that throttle …")
            for shop in five.shops:
                shop.simulator.chances["429"] = args.throttled / 100
            throttled = spread(five, args.sales, first=args.sales, **pace)
        report: dict[str, Any] = {"plain": plain, "throttled": throttled}
        if args.listings:
            say("a full push …")
            report["full"] = full_push(args.listings, workers=args.workers)
        if args.marketplace:
            from bench.channels.marketplace import marketplace_push

            say("a full push to a marketplace …")
            report["marketplace"] = marketplace_push(args.marketplace, workers=args.workers)
        from quartermaster.core import doctor

        report["broken"] = [finding.check for finding in doctor.examine() if finding.rows]
    print(json.dumps(report, indent=1) if args.json else _table(report))
    is_well = plain["p95_s"] <= AIM_S and throttled["p95_s"] <= AIM_THROTTLED_S
    is_right = not (plain["wrong"] or throttled["wrong"] or report["broken"])
    pushes = [report[name] for name in ("full", "marketplace") if name in report]
    return 0 if is_well and is_right and not any(one["wrong"] for one in pushes) else 1


def _table(report: dict[str, Any]) -> str:
    lines = [f"{'a sale reaches the other four':32} {'p50 s':>7} {'p95 s':>7} {'max s':>7} {'wrong':>6}"]
    for name, title in (("plain", "shops answer at once"), ("throttled", "shops throttle")):
        one = report[name]
        lines.append(
            f"{title:32} {one['p50_s']:7.2f} {one['p95_s']:7.2f} {one['max_s']:7.2f} {one['wrong']:6d}"
        )
    if "full" in report:
        one = report["full"]
        lines.append(
            f"full push: {one['listings']:,} listings in {one['seconds']:.1f} s ({one['rows_per_s']:.0f}/s), "
            f"{one['calls']:,} calls; its workers were killed half way: what they had in hand was done after "
            f"{one['with_leases_s']:.0f} s, {one['sent_twice']:,} rows were sent twice, "
            f"{one['wrong']} are wrong at the end"
        )
    if "marketplace" in report:
        one = report["marketplace"]
        calls = ", ".join(f"{count:,} {name}" for name, count in one["calls"].items())
        lines.append(
            f"a marketplace: {one['listings']:,} listings, {one['writes']:,} written in "
            f"{one['seconds']:.1f} s, read back after {one['read_back_s']:.1f} s; at its own rates "
            f"{one['at_its_rates_s']:,.0f} s ({calls}); {one['wrong']} are wrong at the end"
        )
    lines.append(f"the doctor found {', '.join(report['broken']) or 'nothing'}")
    return "\n".join(lines)
