"""Rows for pages that are empty on an ordinary morning: a dock with goods, cages, a wave of totes,
timers, a recall, a report that differs. {arrival}, {wave}, {cart}, {recall}, {moved}: an order that goes
elsewhere since it had its label, {track}: its public page."""

from datetime import date, datetime, timedelta

from tests.browser.floor import BY, calm

from quartermaster.core import sql
from quartermaster.inbound.actions import NewArrival, Scan, expect_arrival, receive
from quartermaster.orders.actions import edit
from quartermaster.orders.ports import Address
from quartermaster.outside.actions.reports import take_report
from quartermaster.outside.ports import Snapshot
from quartermaster.shipping.actions import scan_out, write_playbook, write_tariff
from quartermaster.shipping.rules.landed import Rate
from quartermaster.shipping.rules.playbooks import Playbook
from quartermaster.stock.actions.recall import recall
from quartermaster.testing.builders import an_order
from quartermaster.testing.parcels import a_packed_parcel
from quartermaster.tracking.queries.links import address
from quartermaster.warehouse.actions.plan_wave import plan_wave
from quartermaster.warehouse.actions.run_timers import run_timers
from quartermaster.warehouse.rules.policy import Mode
from quartermaster.warehouse.rules.wanted import WaveWanted

SITE = "BER"


def busy(*, at: datetime) -> dict[str, str]:
    """After tests.browser.corners. Returns what addresses are filled with."""
    filled = {**_dock(at), **_moved(at), **_wave(at)}
    _cages(at)
    filled["recall"] = recall("JAM-FIG", "L-2611", because="Glass was found in a jar.", at=at, by=BY)
    ((ful,),) = sql.run("select id from stock_location where code = 'FUL'")
    take_report(ful, "FUL", Snapshot("S-1", at, {"MUG-ST": 40, "BOWL-L": 7}), at=at, by="FUL")
    strike = Playbook("post", "Nobody fetches or scans.", moves_labels=True, fires_on=20, ends_after_h=48)
    write_playbook(strike, at=at, by=BY)
    calm()
    for minutes in (0, 1, 2):
        run_timers(at=at + timedelta(minutes=minutes), by="system")
    return filled


def _dock(at: datetime) -> dict[str, str]:
    ids = [
        expect_arrival(
            NewArrival(
                site=SITE,
                kind="po",
                supplier=supplier,
                reference=f"PO-{9000 + n}",
                lines=lines,
                expected_on=at.date() + timedelta(n),
            ),
            at=at,
            by=BY,
        )
        for n, (supplier, lines) in enumerate(
            [
                ("Stoneware & Sons", {"MUG-ST": 40, "BOWL-L": 12}),
                ("Oak & Iron", {"TRAY-OAK": 20}),
                ("Wax Works", {"CANDLE-3": 60}),
            ]
        )
    ]
    for n, (sku, units, damaged) in enumerate((("MUG-ST", 38, 2), ("BOWL-L", 14, 0))):
        scan = Scan(key=f"busy-{n}", code=sku, quantity=units, damaged=damaged, because="As counted.")
        receive(ids[0], scan, at=at, by=BY)
    return {"arrival": str(ids[0])}


def _moved(at: datetime) -> dict[str, str]:
    on = date(at.year, 1, 1)
    lines = [
        Rate("duty", "CH", on, "the book", percent_bp=500),
        Rate("vat", "CH", on, "the book", percent_bp=810),
        Rate("fee", "CH", on, "the post", amount_minor=1_150, currency="EUR"),
    ]
    write_tariff(lines, because="The book came.", at=at, by=BY)
    sql.run("update catalog_sku set hs_code = '691200', origin_country = 'DE' where hs_code = ''")
    number = an_order(("HOOK-CA", 3), connection="northlight")
    a_packed_parcel(number, at=at)
    calm()
    bern = Address(name="Ida Brandt", line1="Marktgasse 1", city="Bern", postcode="3011", country="CH")
    edit(number, ship_to=bern, because="She moved.", at=at, by=BY)
    calm()
    return {"moved": number, "track": address(int(number.removeprefix("SO-"))).rpartition("/t/")[2]}


def _wave(at: datetime) -> dict[str, str]:
    for n in range(3):
        an_order(("HOOK-CA", n + 1), connection="northlight")
    calm()
    wave = plan_wave(WaveWanted(location=SITE, mode=Mode.CLUSTER), at=at, by=BY)
    assert wave is not None
    ((first,),) = sql.run("select min(id) from warehouse_pick_list where wave_id = %s", (wave,))
    return {"wave": str(wave), "cart": str(first)}


def _cages(at: datetime) -> None:
    sent = [a_packed_parcel(an_order(("HOOK-CA", 1), connection="northlight"), at=at) for _ in range(4)]
    calm()
    for parcel in sent[:3]:
        scan_out(f"P-{parcel}", at=at, by=BY)
