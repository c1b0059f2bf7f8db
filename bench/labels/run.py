"""Orders down the stream until each has its label; then one sheet of all labels, set, drawn and scanned."""

import argparse
import json
import os
import secrets
import sys
import time
from collections import Counter
from typing import Any

from bench.arguments import at_least

HELP = "one sheet of labels: set as PDF and as ZPL, every barcode of it read back"
AIM_S = 5.0
DOTS_PER_INCH = 203  # of a label printer
LABELLED = "select id, tracking_number from warehouse_parcel where tracking_number <> '' order by id"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--labels", type=at_least(1), default=500, help="labels on the sheet (500)")


def run(args: argparse.Namespace) -> int:
    """Exit code 1 when a label is missing or a barcode reads otherwise, 2 without the tools of the tests."""
    from quartermaster.commands.running import throwaway

    try:
        from bench.labels.scanner import read
    except ImportError as missing:
        print(f"qm: {missing.name} is not installed: QM_DEV=1 ./qm bench labels", file=sys.stderr)
        return 2
    with throwaway.database("labels", durable=True) as made:
        os.environ.update(
            QM_HOME=str(made.folder / "home"),
            QM_DATABASE_URL=made.url,
            QM_SECRET_KEY=secrets.token_urlsafe(40),
            DJANGO_SETTINGS_MODULE="quartermaster.settings",
        )
        import django

        django.setup()
        labelled = _labelled(args.labels)
        report = _set([parcel for parcel, _ in labelled])
        pdf = report.pop("pdf")
    _say("the scanner …")
    codes = read(pdf, DOTS_PER_INCH)
    report["read_right"] = (Counter(codes) & Counter(number for _, number in labelled)).total()
    report["pages"] = len(codes)
    is_right = report["read_right"] == len(codes) == len(labelled) == report["zpl_labels"] == args.labels
    print(json.dumps(report, indent=1) if args.json else _table(report))
    return 0 if is_right else 1


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _labelled(labels: int) -> list[tuple[int, str]]:
    """(parcel, tracking number) of so many parcels, each with the label it was sold."""
    from django.core.management import call_command

    from bench.stream.stations import Stream, stock_up
    from quartermaster.core import sql
    from quartermaster.demo.company.goods import assortment

    call_command("migrate", verbosity=0)
    goods = assortment(570)
    stream = Stream(labels, goods)
    stock_up(goods, stream.at, units=labels)
    for station, _, work in stream.stations():
        if station == "hand-over":
            break
        _say(f"{station} …")
        work()
    return [(int(parcel), str(number)) for parcel, number in sql.run(LABELLED)[:labels]]


def _set(parcels: list[int]) -> dict[str, Any]:
    """Both sheets, from the rows of the database to bytes. The first label warms what every sheet needs."""
    from quartermaster.shipping.queries.papers import label_pdf, label_zpl, labels_pdf

    label_pdf(parcels[0])
    began = time.monotonic()
    pdf = labels_pdf(parcels)
    pdf_s = time.monotonic() - began
    began = time.monotonic()
    zpl = label_zpl(parcels)
    return {
        "labels": len(parcels),
        "pdf_s": pdf_s,
        "zpl_s": time.monotonic() - began,
        "pdf_kb": len(pdf) / 1000,
        "zpl_labels": zpl.count("^XZ"),
        "pdf": pdf,
    }


def _table(report: dict[str, Any]) -> str:
    return "\n".join(
        [
            f"PDF  {report['labels']:,} labels in {report['pdf_s']:.2f} s (aim {AIM_S:g}), "
            f"{report['pdf_kb']:,.0f} kB, {report['pages']:,} pages",
            f"ZPL  {report['zpl_labels']:,} labels in {report['zpl_s']:.2f} s",
            f"read back right: {report['read_right']:,} of {report['pages']:,}",
        ]
    )
