"""Five shops in processes of their own, real workers, three days of trade of which one is an outage."""

import argparse
import json
import sys
import time
from collections import Counter
from random import Random
from typing import TYPE_CHECKING, Any

from bench.arguments import at_least

if TYPE_CHECKING:
    from bench.feed.town import Town
    from bench.feed.trade import Trade

HELP = (
    "five shops whose webhooks and calls go wrong, one away for a day: afterwards both sides say the same. "
    "A day is scaled: whatever waits (the next question, the next try) waits so much shorter, work does not"
)
OUTAGE_MIN_S = 30.0
UNITS_PER_ORDER = 2.0  # bought, on average
SPARE = 1.15  # units on the shelves for each unit that is bought: what sells best runs out
PATIENCE_S = 600.0
SHOWN_MAX = 10
DRIFTS = """
select d.kind, count(*), string_agg(c.slug || ' ' || d.reference, ', ' order by d.id)
  filter (where d.settled_at is null)
from channels_drift d join inbox_connection c on c.id = d.shop_id group by 1 order by 1
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--orders", type=at_least(10), default=1000, help="orders that buyers place (1000)")
    add("--per-s", type=at_least(1), default=10, help="orders in a second, over all shops (10)")
    add("--skus", type=at_least(2), default=100, help="SKUs all shops sell (100)")
    add("--workers", type=at_least(1), default=2, help="worker processes (2)")
    add("--seed", type=at_least(0), default=20261123, help="of the dice (20261123)")
    add("--away", default="shopify", help="the shop that is away for a day (shopify)")


def run(args: argparse.Namespace) -> int:
    """Exit code 1 on any difference, stale write, doubled effect, oversell without a reason or unseen."""
    from bench.river import ground

    with ground.made(skus=0) as made:
        from bench.feed.town import opened
        from bench.feed.trade import Trade

        day_s = max(OUTAGE_MIN_S, args.orders / args.per_s / 3)
        units = max(3, round(args.orders * UNITS_PER_ORDER * SPARE / args.skus))
        with opened(made, skus=args.skus, units=units, count=args.workers, seed=args.seed) as town:
            _say(f"{args.orders:,} orders, {args.skus} SKUs of {units} units, a day in {day_s:.0f} s")
            trade = Trade(town, Random(args.seed))
            report = _through(args, made.url, town, trade, day_s)
            report |= _examined(args, town, trade, report)
    print(json.dumps(report, indent=1, default=str) if args.json else _table(report))
    return 0 if report["is_right"] else 1


def _say(text: str) -> None:
    print(f"[{time.strftime('%H:%M:%S')}] {text}", file=sys.stderr, flush=True)


def _through(
    args: argparse.Namespace, url: str, town: "Town", trade: "Trade", day_s: float
) -> dict[str, Any]:
    """Three days: orders all the time, one shop away on the second."""
    from bench.feed.crew import Crew
    from bench.feed.days import Clock
    from bench.feed.dirty import Watch
    from bench.feed.oversells import Away
    from bench.feed.quiet import settled
    from quartermaster.core.moment import now

    began = time.monotonic()
    town.misbehave(args.seed)
    left_at = back_at = now()
    with Crew() as crew, Clock(url, day_s=day_s) as clock, Watch(url) as watch:
        for n in range(args.orders):
            if n == args.orders // 3:
                _say(f"{args.away} is away")
                town.misbehave(args.seed + 100, args.away)
                left_at = now()
            if n == 2 * args.orders // 3:
                _say(f"{args.away} is back")
                town.misbehave(args.seed + 200)
                back_at = now()
            trade.one()
            wait = began + (n + 1) * 3 * day_s / args.orders - time.monotonic()
            if wait > 0:
                time.sleep(wait)
            if n % 1000 == 999:
                _say(f"{n + 1:,} orders")
        traded_s = time.monotonic() - began
        _say("no more orders; the shops behave")
        town.behave()
        quiet_s = settled(len(town.shops), patience_s=PATIENCE_S, say=_say)
    return {
        "orders": args.orders,
        "acts": dict(trade.counts),
        "turned_away": trade.empty,
        "scale": clock.scale,
        "dirty_s": watch.longest_s,
        "day_s": day_s,
        "away": Away(args.away, left_at, back_at),
        "traded_s": traded_s,
        "quiet_s": quiet_s,
        "orders_per_s": args.orders / (traded_s + quiet_s),
        "calls": {kind: shop.do("calls") for kind, shop in town.shops.items()},
        "crew_refused": dict(Counter(crew.refused).most_common(5)),
    }


def _examined(
    args: argparse.Namespace, town: "Town", trade: "Trade", report: dict[str, Any]
) -> dict[str, Any]:
    from bench.feed.books import doubled, held_together
    from bench.feed.order_of_writes import stale
    from bench.feed.oversells import found, hops, surfaced
    from quartermaster.core import doctor, sql

    _say("comparing")
    books = held_together(town, trade.sales)
    effects, twice = doubled(town)
    writes, went_back = stale(town)
    away, dirty_s = report["away"], report["dirty_s"]
    oversold = found(town, trade.sales, away, hour_s=3600 / report["scale"], dirty_s=dirty_s)
    seen = surfaced()
    lags = [one.lag_s for one in oversold if one.lag_s is not None]
    outside = [one for one in oversold if one.lag_s is None or one.lag_s > one.allowed_s]
    unseen = [one for one in oversold if one.is_waiting and one.order_id not in seen]
    drifts = sql.run(DRIFTS)
    stuck = sql.run("select left(because, 120), count(*) from inbox_message where state = 'stuck' group by 1")
    _say("the doctor")
    broken = [
        f"{finding.check}: {'; '.join(map(str, finding.rows[:3]))}"
        for finding in doctor.examine()
        if finding.rows
    ]
    wrong = {
        **books.wrong,
        "writes that went back": went_back,
        "effects done twice": twice,
        "oversold outside the lag": [str(one) for one in outside],
        "oversold and shown to nobody": [str(one) for one in unseen],
        "stuck": [f"{because} ({n})" for because, n in stuck],
        "doctor": broken,
    }
    return {
        "compared": dict(books.compared),
        "known": dict(books.known),
        "effects": effects,
        "writes": writes,
        "oversold": len(oversold),
        "oversold_waiting": sum(one.is_waiting for one in oversold),
        "hops": hops(trade.sales, away, dirty_s=dirty_s),
        "lag_p50_s": sorted(lags)[len(lags) // 2] if lags else 0.0,
        "lag_max_s": max(lags, default=0.0),
        "drifts": [f"{kind}: {n}{f', open {left}' if left else ''}" for kind, n, left in drifts],
        "wrong": wrong,
        "is_right": not any(wrong.values()),
    }


def _table(report: dict[str, Any]) -> str:
    one = report
    lines = [
        f"{one['orders']:,} orders in {one['traded_s']:.0f} s, at rest {one['quiet_s']:.0f} s later: "
        f"{one['orders_per_s']:.1f} a second; {sum(one['calls'].values()):,} calls",
        f"a day took {one['day_s']:.0f} s: waits {one['scale']:.0f} times as short; "
        f"{one['away'].kind} was away for one of three",
        *(f"  {count:6,}  {act}" for act, count in sorted(one["acts"].items())),
        f"  {one['turned_away']:6,}  buyers found too little",
        "compared on both sides:",
        *(f"  {count:6,}  {what}" for what, count in one["compared"].items()),
        f"  {one['effects']:6,}  things done in the shops for us",
        f"  {one['writes']:6,}  numbers written to them",
        f"  {one['oversold']:6,}  orders of what was not there, {one['oversold_waiting']} still wait; "
        f"the number seen was {one['lag_p50_s']:.1f} s old (half of them), {one['lag_max_s']:.1f} s at most",
        *(f"  {half:6.1f}  s, {most:.1f} s at most: {what}" for what, (half, most) in one["hops"].items()),
        *(f"  {count:6,}  {what}: a person is told" for what, count in one["known"].items()),
        f"  differences the product's own comparison found: {', '.join(one['drifts']) or 'none'}",
        "wrong:",
        *(f"  {len(rows):6,}  {what}" for what, rows in one["wrong"].items()),
    ]
    for what, rows in one["wrong"].items():
        lines += [f"{what}: {row}" for row in rows[:SHOWN_MAX]]
    return "\n".join(lines)
