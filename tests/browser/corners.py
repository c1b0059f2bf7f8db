"""Pages that have something to show only when a shop does more than the ordinary morning: made by the
product's own verbs, after the story. {photo}: a bench with photos taken, as {parcel} is one that wants one ·
{lots}: a list whose pick wants a young lot · {old}: the order that could not be promised an older one ·
{nowhere}, {rewritten}: orders whose addresses a carrier has looked at · {preview}: what a wave would take."""

import struct
import zlib
from datetime import date, datetime, timedelta

from msgspec.structs import replace
from tests.browser.floor import BY, calm

from quartermaster.core import sql
from quartermaster.inbound.actions import NewArrival, amend_arrival, cancel_arrival, expect_arrival
from quartermaster.inbound.actions.transfers import make_transfer, ship_transfer
from quartermaster.inbox.actions import connect, pause
from quartermaster.outside.actions import announce, hear_notice, work_outside
from quartermaster.outside.actions.receipts import keep_receipts
from quartermaster.outside.ports import Item, Noticed, Receipt, State
from quartermaster.shipping.actions import ask_addresses, hand_over_all, set_address_policy, write_customs
from quartermaster.shipping.queries.address_policy import AddressPolicy
from quartermaster.shipping.rules.customs.declare import Profile
from quartermaster.stock.actions import LotDate, Move, date_lots, post, set_shelf_life
from quartermaster.stock.actions.lay_bins import lay_bins
from quartermaster.stock.rules.bins import BinWanted
from quartermaster.testing.builders import a_sku, an_order
from quartermaster.testing.parcels import a_packed_parcel, picked
from quartermaster.testing.simulators.accounts import settings_for
from quartermaster.testing.simulators.server import Simulator
from quartermaster.testing.simulators.shipengine import ShipEngine
from quartermaster.tracking.actions import scan as tell_scans
from quartermaster.tracking.ports import ScanTold
from quartermaster.warehouse.actions import (
    add_parcel_photo,
    ask_for_preview,
    make_pick_list,
    open_parcel,
    plan_waves,
    scan,
    write_packaging,
)
from quartermaster.warehouse.queries.packaging import packaging_in_force
from quartermaster.warehouse.rules.photos import PhotoRule
from quartermaster.warehouse.rules.wanted import WaveWanted

SHOP, SITE = "northlight", "BER"


def corners(*, at: datetime) -> dict[str, str]:
    """What the addresses of `pictures.CORNERS` are filled with."""
    filled = {
        **_photographed(at),
        **_too_old(at),
        **_nowhere(at),
        **_looked_at(at),
    }
    _coming_in(at)
    _declared(at)
    _late(at)
    calm()
    return filled


def _photographed(at: datetime) -> dict[str, str]:
    number = an_order(("BOWL-L", 1), ("MUG-ST", 2), connection=SHOP)
    (site, *_) = picked(number, at=at)
    bench = open_parcel(number, site, at=at, by=BY)
    for code in ("BOWL-L", "MUG-ST", "MUG-ST"):
        scan(bench, code, at=at, by=BY)
    packaging = packaging_in_force().packaging
    rules = (PhotoRule(from_minor=1000, currency="EUR"), PhotoRule(countries=("CH", "NO")))
    write_packaging(replace(packaging, photos=rules), because="Claims want proof.", at=at, by=BY)
    for shade in (90, 150):
        add_parcel_photo(bench, _png(shade), at=at, by=BY)
    return {"photo": str(bench)}


def _png(shade: int) -> bytes:
    """A box on a table, as far as anybody can draw one in eight lines."""
    wide, high = 320, 240
    box, table = bytes((shade + 60, shade + 20, shade - 20)), bytes((60, 66, 72))
    rows = [
        b"\0" + b"".join(box if 60 < x < 260 and 50 < y < 190 else table for x in range(wide))
        for y in range(high)
    ]

    def part(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    head = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
    packed = zlib.compress(b"".join(rows))
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", packed) + part(b"IEND", b"")


def _too_old(at: datetime) -> dict[str, str]:
    """Three jars are good for three weeks, six for half a year, and the shop's terms ask for sixty days."""
    jar = a_sku("JAM-FIG")
    sql.run(
        "insert into catalog_barcode (code, sku_id, pack_quantity) values ('4012345099994', %s, 1)", (jar,)
    )
    lay_bins(SITE, [BinWanted(code=code, kind="storage") for code in ("J-1", "J-2")], at=at, by=BY)
    lots = {"L-2611": ("J-1", 3, 21), "L-2705": ("J-2", 6, 180)}
    post(
        [
            Move(f"jam:{lot}", jar, units, "world:supplier", f"{SITE}/{place}", "received", lot=lot)
            for lot, (place, units, _) in lots.items()
        ],
        by=BY,
        at=at,
    )
    days = [LotDate(jar, lot, at.date() + timedelta(left)) for lot, (_, _, left) in lots.items()]
    date_lots(days, by=BY, at=at)
    set_shelf_life(SHOP, "", 60, because="Their terms of sale.", at=at, by=BY)
    old = an_order(("JAM-FIG", 8), connection=SHOP)
    list_id = make_pick_list(SITE, only=[int(old.removeprefix("SO-"))], at=at, by=BY)
    return {"lots": str(list_id), "old": old}


def _nowhere(at: datetime) -> dict[str, str]:
    """A carrier has looked at every address: nobody can deliver to one, another it would write otherwise."""
    street = {"first_name": "Ida", "last_name": "Brandt", "address1": "Torstrasse 41", "city": "Berlin"}
    of = {
        name: an_order(
            ("HOOK-CA", 2),
            connection=SHOP,
            shipping_address={**street, "zip": postcode, "country_code": "DE", "country": "Germany"},
        )
        for name, postcode in (("nowhere", "99999"), ("rewritten", "99701"))
    }
    with Simulator(ShipEngine()) as engine:
        connect("shipengine", "acme-ship", settings_for("shipengine", engine.url), at=at, by=BY)
        set_address_policy(AddressPolicy(is_on=True), because="Too many came back.", at=at, by=BY)
        ask_addresses(at=at)
        calm()
        pause("acme-ship", at=at, by=BY)
    return of


def _looked_at(at: datetime) -> dict[str, str]:
    asked = ask_for_preview(WaveWanted(location=SITE), at=at, by=BY)
    plan_waves(at=at)
    return {"preview": str(asked)}


def _coming_in(at: datetime) -> None:
    """One that was acknowledged and came short, one that was amended, one they refuse, one that does not
    come any more, and a transfer nobody has fetched yet."""
    connect("site_api", "fulfil", {}, at=at, by=BY)
    work_outside("FUL", "fulfil", at=at, by=BY)
    arrivals = [
        expect_arrival(
            NewArrival(
                site="FUL",
                kind="po",
                supplier="Stoneware & Sons",
                reference=f"PO-{8100 + n}",
                lines=lines,
                expected_on=at.date() + timedelta(n + 2),
            ),
            at=at,
            by=BY,
        )
        for n, lines in enumerate(
            ({"MUG-ST": 60, "MUG-SL": 24}, {"BOWL-L": 12}, {"TRAY-OAK": 40}, {"CANDLE-3": 30})
        )
    ]
    _tell()
    references = dict(sql.run("select arrival_id, reference from outside_notice"))
    short, amended, refused, gone = (references[arrival] for arrival in arrivals)
    hear_notice(Noticed(short, State.ACKNOWLEDGED, 1, "GR-5501"), at=at, by="FUL")
    ((site,),) = sql.run("select id from stock_location where code = 'FUL'")
    came = (Item("MUG-ST", 58), Item("MUG-SL", 24))
    keep_receipts(site, [Receipt("GR-5501", at, came, notice=short)], at=at)
    hear_notice(Noticed(amended, State.ACKNOWLEDGED, 1, "GR-5502"), at=at, by="FUL")
    amend_arrival(
        arrivals[1],
        lines={"BOWL-L": 9},
        expected_on=date(at.year + 1, 1, 4),
        because="They had less.",
        at=at,
        by=BY,
    )
    because = "There is no room for trays before the week is over."
    hear_notice(Noticed(refused, State.REFUSED, 1, because=because), at=at, by="FUL")
    cancel_arrival(arrivals[3], because="The supplier closed.", at=at, by=BY)
    _tell()
    ship_transfer(make_transfer(SITE, "FUL", {"HOOK-CA": 20}, because="Season", at=at, by=BY), at=at, by=BY)
    announce()
    assert gone in references.values()


def _tell() -> None:
    announce()
    calm()


def _declared(at: datetime) -> None:
    """Who we are for customs, said three times: the last of them from next month on."""
    first = Profile(exporter="Northlight GmbH\nTorstrasse 41\n10119 Berlin", eori={"EU": "DE123456789012345"})
    write_customs(first, because="As registered.", at=at, by=BY)
    british = replace(first, eori={**first.eori, "GB": "GB123456789000"}, ioss="IM2760000742")
    write_customs(british, because="We sell to Britain, and have an IOSS number.", at=at, by=BY)
    soon = at.date() + timedelta(30)
    write_customs(replace(british, incoterm="DDP"), because="We pay duties.", from_on=soon, at=at, by=BY)


def _late(at: datetime) -> None:
    """Parcels that left days ago: one nobody scanned, one that stands still, one in trouble, one lost."""
    sent = [a_packed_parcel(an_order(("HOOK-CA", n + 1), connection=SHOP), at=at) for n in range(4)]
    calm()
    hand_over_all(SITE, at=at, by=BY)
    hand_over_all("MUC", at=at, by=BY)
    calm()
    for parcel, days in zip(sent, (4, 9, 6, 30), strict=True):
        sql.run(
            "update tracking_track set handed_over_at = %s, due_at = %s where parcel_id = %s",
            (at - timedelta(days), at - timedelta(days - 3), parcel),
        )
    told = [(sent[1], "in_transit", 7), (sent[2], "exception", 4), (sent[3], "in_transit", 28)]
    tell_scans(
        [
            ScanTold(at=at - timedelta(days), parcel_id=parcel, status=status, place="Hannover")
            for parcel, status, days in told
        ],
        source="test",
        at=at,
        by="test",
    )
