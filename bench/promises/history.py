"""Parcels of a real shop's past: when each was ordered, left and arrived, read from its files."""

import csv
import gzip
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from quartermaster.allocation.rules.transit import Lane, Place

COUNTRY = "BR"


class Past(NamedTuple):
    """One order of one seller. start: the day it was sold, or the day it left."""

    lane: Lane
    start: date
    arrived_on: date | None
    told_on: date | None  # the day the shop promised


def read(folder: Path, *, start: str) -> list[Past]:
    """Orders that left, of one seller each, by the day they start. start: the column that says when."""
    states = {row["customer_id"]: row["customer_state"] for row in _rows(folder, "customers")}
    origins = {row["seller_id"]: row["seller_state"] for row in _rows(folder, "sellers")}
    sellers: dict[str, set[str]] = {}
    for row in _rows(folder, "order_items"):
        sellers.setdefault(row["order_id"], set()).add(row["seller_id"])
    found = []
    for row in _rows(folder, "orders"):
        of = sellers.get(row["order_id"], set())
        began = _day(row[start])
        if began is None or len(of) != 1 or row["order_status"] in ("canceled", "unavailable"):
            continue
        (seller,) = of
        lane = Lane(seller, Place(COUNTRY, origins[seller]), Place(COUNTRY, states[row["customer_id"]]))
        arrived = _day(row["order_delivered_customer_date"])
        told = _day(row["order_estimated_delivery_date"])
        found.append(Past(lane, began, None if arrived is None else max(arrived, began), told))
    return sorted(found, key=lambda one: (one.start, one.lane))


def _rows(folder: Path, name: str) -> Iterator[dict[str, str]]:
    path = folder / f"olist_{name}_dataset.csv"
    packed = folder / f"{path.name}.gz"
    with path.open(encoding="utf-8") if path.exists() else gzip.open(packed, "rt", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def _day(text: str) -> date | None:
    return date.fromisoformat(text[:10]) if text else None
