"""A company with full shelves, its orders released; the crew, over HTTP; the count and the doctor."""

import argparse
import json
import statistics
import subprocess
import sys
import time
from typing import Any

import msgspec

from bench.arguments import at_least
from bench.floor.crew import Shift, Worked

HELP = "people with handhelds pick and pack a day's orders over HTTP, scan by scan"
P95_MS = 150
LINES = (1, 1, 1, 2, 2, 2, 3, 3, 4, 5)  # of an order: 2.5 where kits are taken apart
_RELEASED = """
select l.code, count(distinct a.order_id), coalesce(sum(r.quantity), 0), count(*)
from allocation_allocation a join stock_location l on l.id = a.location_id
join stock_reservation r on r.holder = a.id and r.state = 'pending'
where a.state = 'released' and l.kind in ('own', 'store') group by 1 order by 1
"""
_LISTS = "select id from warehouse_pick_list where wave_id = %s order by id"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--orders", type=at_least(20), default=10_000, help="orders (10,000)")
    parser.add_argument("--devices", type=at_least(1), default=12, help="handhelds at work (12)")
    parser.add_argument("--scans-per-s", type=at_least(1), default=10, help="scans a second of a hand (10)")
    parser.add_argument("--wave-of", type=at_least(0), default=400, help="orders of a wave; 0: none (400)")
    parser.add_argument("--list-of", type=at_least(1), default=20, help="orders on a pick list (20)")
    parser.add_argument("--doubled", type=at_least(0), default=3, help="scans sent twice, per cent (3)")
    parser.add_argument("--patience", type=at_least(10), default=3600, help="seconds, then it ends (3600)")


def run(args: argparse.Namespace) -> int:
    """Exit code 1 when a scan was lost or doubled, work was left, or the doctor finds anything."""
    from bench.river.ground import made

    with made(skus=0) as ground:
        from bench.river import cpu
        from bench.river.intake import free_port, listens
        from bench.river.processes import running, wait_for

        _say("a company, its stock and its orders …")
        wanted = _released(args.orders)
        waves, lists, planned_s = _plan(args, [site for site, *_ in wanted])
        port = free_port()
        commands = [("-m", "quartermaster", "serve", "--port", str(port)), ("-m", "quartermaster", "worker")]
        with running(commands) as (web, worker):
            wait_for(lambda: listens(port), "the web process to listen")
            _say(f"{args.devices} people …")
            before = [cpu.tree_ms(pid) for pid in (web.pid, worker.pid, ground.postmaster)]
            worked = _work(args, port, lists)
            after = [cpu.tree_ms(pid) for pid in (web.pid, worker.pid, ground.postmaster)]
        report = _report(args, wanted, worked, [b - a for a, b in zip(before, after, strict=True)])
        report |= {"waves": waves, "planned_s": planned_s}
    print(json.dumps(report, indent=1) if args.json else _table(report))
    return 0 if report["is_true"] else 1


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _plan(args: argparse.Namespace, sites: list[str]) -> tuple[int, dict[str, list[int]], float]:
    """Waves until nothing is left: how many, the lists of each site, and how long it took."""
    from django.utils.timezone import now

    from quartermaster.core import sql
    from quartermaster.warehouse.actions import plan_wave
    from quartermaster.warehouse.rules.grouping import Limits
    from quartermaster.warehouse.rules.wanted import WaveWanted

    began, waves = time.monotonic(), 0
    lists: dict[str, list[int]] = {site: [] for site in sites}
    for site in sites if args.wave_of else []:
        _say(f"waves at {site} …")
        asked = WaveWanted(location=site, orders_max=args.wave_of, limits=Limits(orders=args.list_of))
        while (wave := plan_wave(asked, at=now(), by="bench")) is not None:
            waves += 1
            lists[site] += [row[0] for row in sql.run(_LISTS, (wave,))]
    return waves, lists, time.monotonic() - began


def _released(orders: int) -> list[tuple[str, int, int, int]]:
    """(site, orders, units, lines) that are to be picked at our own sites, after everybody has ordered."""
    from bench.stream.stations import Stream, stock_up
    from quartermaster.core import sql
    from quartermaster.demo.company.goods import assortment

    goods = assortment(570)
    stream = Stream(orders, goods, lines=LINES)
    stock_up(goods, stream.at, units=orders)
    for _, _, work in list(stream.stations())[:2]:
        work()
    sql.run("analyze")
    return [(str(site), *map(int, counts)) for site, *counts in sql.run(_RELEASED)]


def _work(args: argparse.Namespace, port: int, lists: dict[str, list[int]]) -> Worked:
    from quartermaster.console.actions import login_link

    shift = Shift(
        port=port,
        links=["/" + login_link().split("/", 1)[1] for _ in range(args.devices)],
        lists=lists,
        scans_per_s=args.scans_per_s,
        orders=args.list_of,
        doubled=args.doubled / 100,
        patience_s=args.patience,
    )
    done = subprocess.run(
        [sys.executable, "-m", "bench.floor.crew"],
        input=msgspec.json.encode(shift),
        stdout=subprocess.PIPE,
        check=True,
        timeout=args.patience + 60,
    )
    return msgspec.json.decode(done.stdout, type=Worked)


def _report(
    args: argparse.Namespace, wanted: list[tuple[str, int, int, int]], worked: Worked, cpu_ms: list[float]
) -> dict[str, Any]:
    from quartermaster.core import doctor, sql

    ((picked, packed, parcels),) = sql.run(
        "select (select coalesce(sum(quantity), 0) from warehouse_pick where state = 'picked'),"
        " (select coalesce(sum(i.quantity), 0) from warehouse_parcel_item i),"
        " (select count(*) from warehouse_parcel where state <> 'packing')"
    )
    units, scans = sum(units for _, _, units, _ in wanted), len(worked.answers_ms)
    cuts = statistics.quantiles(worked.answers_ms, n=100) if scans > 1 else [0.0] * 99
    began = time.monotonic()
    broken = [finding.check for finding in doctor.examine() if finding.rows]
    told = {"picked": worked.picked, "packed": worked.packed, "parcels": worked.parcels}
    booked = {"picked": int(picked), "packed": int(packed), "parcels": int(parcels)}
    return {
        "orders": sum(count for _, count, *_ in wanted),
        "lines": sum(lines for *_, lines in wanted),
        "units": units,
        "devices": args.devices,
        "seconds": worked.seconds,
        "scans": scans,
        "scans_twice": worked.twice,
        "scans_per_s": scans / worked.seconds,
        "p50_ms": cuts[49],
        "p95_ms": cuts[94],
        "p99_ms": cuts[98],
        "slowest_ms": max(worked.answers_ms, default=0.0),
        "cpu_ms_a_scan": dict(zip(("web", "worker", "postgres"), (ms / scans for ms in cpu_ms), strict=True)),
        "crew_cpu_s": worked.cpu_s,
        "lists": worked.lists,
        "told": told,
        "booked": booked,
        "errors": worked.errors,
        "broken": broken,
        "doctor_seconds": time.monotonic() - began,
        "is_true": told == booked and worked.packed == units and not worked.errors and not broken,
    }


def _table(report: dict[str, Any]) -> str:
    used, told, booked = report["cpu_ms_a_scan"], report["told"], report["booked"]
    lines = [
        f"{report['orders']:,} orders with {report['lines']:,} lines and {report['units']:,} units, "
        f"{report['waves']} waves planned in {report['planned_s']:.0f} s",
        f"{report['devices']} handhelds, {report['lists']:,} pick lists, {report['seconds']:.0f} s",
        f"scans    {report['scans']:,}, {report['scans_twice']:,} of them sent again; "
        f"{report['scans_per_s']:.0f} a second",
        f"answers  p50 {report['p50_ms']:.0f} ms, p95 {report['p95_ms']:.0f} ms (aim {P95_MS}), "
        f"p99 {report['p99_ms']:.0f} ms, slowest {report['slowest_ms']:.0f} ms",
        f"CPU      {used['web']:.1f} ms web, {used['postgres']:.1f} ms PostgreSQL, "
        f"{used['worker']:.1f} ms worker a scan; the crew itself {report['crew_cpu_s']:.0f} s",
        f"{'':9}{'told':>10}{'booked':>10}",
    ]
    lines += [f"{name:9}{told[name]:>10,}{booked[name]:>10,}" for name in told]
    lines += [f"error: {error}" for error in report["errors"]]
    lines.append(f"the doctor found {', '.join(report['broken']) or 'nothing'}")
    return "\n".join(lines)
