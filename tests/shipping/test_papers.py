"""Papers, read back: the text of the PDF, the barcode in a picture of it, the fields of the ZPL."""

import json
import re
from collections.abc import Callable

import pypdfium2
import pytest
import zxingcpp
from pypdfium2 import PdfDocument

from quartermaster.core import plugs, sql
from quartermaster.core.errors import NotFound
from quartermaster.shipping.actions import void_label
from quartermaster.shipping.queries.papers import (
    NothingToPrint,
    label_pdf,
    label_zpl,
    labels_pdf,
    pick_list_pdf,
    pick_list_zpl,
    slip_pdf,
)
from quartermaster.shipping.queries.papers.typesetting import code128
from quartermaster.shipping.rules.zpl import Printed, escaped, zpl
from quartermaster.testing.builders import a_location, a_sku, an_order
from quartermaster.testing.carriers import InventedCarrier, plugged
from quartermaster.testing.parcels import a_packed_parcel
from quartermaster.warehouse.actions import confirm_lists, make_pick_list, pack_all

from .conftest import AT, work

type Pack = Callable[..., tuple[str, int]]
ODD = '#evil *bold* $x$ ^XZ ~JR _5F "quoted" Zoë Ægir'


def texts(pdf: bytes) -> list[str]:
    return [" ".join(page.get_textpage().get_text_range().split()) for page in PdfDocument(pdf)]


def barcodes(pdf: bytes) -> list[str]:
    """What a scanner reads on each page, drawn with 203 dots an inch as a label printer does."""
    found = []
    for page in PdfDocument(pdf):
        drawn = page.render(scale=203 / 72, grayscale=True)
        assert drawn.format == pypdfium2.raw.FPDFBitmap_Gray
        grey = memoryview(drawn.buffer).cast("B", shape=[drawn.height, drawn.stride])
        found.append(" ".join(code.text for code in zxingcpp.read_barcodes(grey)))
    return found


def fields(text: str) -> list[str]:
    """The field texts of a ZPL label, unescaped as a printer does."""
    return [
        re.sub(r"_([0-9A-F]{2})", lambda code: chr(int(code[1], 16)), field)
        for field in re.findall(r"\^FH_\^FD(.*?)\^FS", text)
    ]


def scanned(text: str) -> list[str]:
    """What a scanner reads on each label of a ZPL, its barcodes drawn where they are to be printed."""
    found = []
    for label in re.findall(r"\^XA(.*?)\^XZ", text, re.DOTALL):
        wide, high = (int(re.search(rf"\^{name}(\d+)", label)[1]) for name in ("PW", "LL"))  # type: ignore[index]
        dots = [bytearray(b"\xff" * wide) for _ in range(high)]
        for x, y, module, tall, data in re.findall(
            r"\^FO(\d+),(\d+)\^BY(\d)\^BCN,(\d+),N,N,N\^FH_\^FD(.*?)\^FS", label
        ):
            for start, width in re.findall(r"M(\d+) 0h(\d+)v", code128(data)):  # in halves of a module
                begin = int(x) + int(start) * int(module) // 2
                end = begin + int(width) * int(module) // 2
                assert end < wide - 10, "it runs over the edge"
                for row in dots[int(y) : int(y) + int(tall)]:
                    row[begin:end] = bytes(end - begin)
        drawn = memoryview(b"".join(dots)).cast("B", shape=[high, wide])
        found.append(" ".join(code.text for code in zxingcpp.read_barcodes(drawn)))
    return found


def tracking_number(parcel_id: int) -> str:
    ((number,),) = sql.run("select tracking_number from warehouse_parcel where id = %s", (parcel_id,))
    return str(number)


def test_a_label_is_four_by_six_inches_and_says_where_it_goes(packed: Pack):
    number, parcel_id = packed()
    work()
    pdf = label_pdf(parcel_id)
    (text,) = texts(pdf)

    assert PdfDocument(pdf)[0].get_size() == (288, 432)
    for part in ("Post Packet", "PACKET", "Ann Example", "Lane 1", "10115 Berlin", "0.8 kg", number):
        assert part in text
    assert f"P-{parcel_id}" in text
    assert barcodes(pdf) == [tracking_number(parcel_id)]


def test_a_label_in_zpl_has_the_same_fields_and_a_barcode(packed: Pack):
    number, parcel_id = packed()
    work()
    text = label_zpl([parcel_id])

    assert text.startswith("^XA^CI28\n^PW812^LL1218")
    assert text.endswith("^XZ\n")
    assert scanned(text) == [tracking_number(parcel_id)]
    for field in ("Post Packet", "Ann Example", "Lane 1", "10115 Berlin", f"P-{parcel_id}  {number}  0.8 kg"):
        assert field in fields(text)


def test_nothing_a_customer_wrote_commands_the_printer_or_the_typesetter(packed: Pack):
    _, parcel_id = packed()
    sql.run("update orders_order set ship_to = ship_to || jsonb_build_object('name', %s::text)", (ODD,))
    work()

    assert ODD[:25] in texts(label_pdf(parcel_id))[0]
    assert label_zpl([parcel_id]).count("^XZ") == 1
    assert "~JR" not in label_zpl([parcel_id])
    assert ODD[:20] in texts(slip_pdf(parcel_id))[0]


def test_what_would_run_over_is_cut_in_zpl():
    long = Printed("P-1", "SO-1", "C", "S", "T", ("x" * 300,), ("y" * 300,), "", "")
    assert max(map(len, fields(zpl(long)))) < 130
    assert escaped("a^b~c_d\\e\nf") == "a_5Eb_7Ec_5Fd_5Ce f"


def test_many_labels_come_in_the_order_of_picking(lamp: str):
    numbers = [an_order((lamp, 1)) for _ in range(4)]
    pick_list = make_pick_list("BER", at=AT, by="user:1")
    assert pick_list is not None
    confirm_lists([pick_list], at=AT, by="user:1")
    ids = [int(number.removeprefix("SO-")) for number in numbers]
    parcels = [parcel_id for order_id in reversed(ids) for parcel_id in pack_all([order_id], at=AT, by="x")]
    work()
    found = sql.run(
        "select p.id from warehouse_pick k join warehouse_parcel p using (order_id) order by k.position"
    )
    order = [parcel_id for (parcel_id,) in found]
    assert order != parcels

    assert barcodes(labels_pdf(parcels)) == [tracking_number(parcel_id) for parcel_id in order]
    found = re.findall(r"\^BCN,220,N,N,N\^FH_\^FD(.*?)\^FS", label_zpl(parcels))
    assert found == [tracking_number(parcel_id) for parcel_id in order]

    pdf = pick_list_pdf(pick_list)
    assert barcodes(pdf) == [f"PL-{pick_list}"]
    (text,) = texts(pdf)
    assert "4 units for 4 orders" in text
    assert "LAMP" in text
    rows = re.findall(r"SO-\d+", text)
    assert rows == [
        f"SO-{sql.run('select order_id from warehouse_parcel where id = %s', (each,))[0][0]}"
        for each in order
    ]


def test_a_pick_list_in_zpl_says_what_the_pdf_says(lamp: str):
    title = "Brass #lamp ^XZ" + "!" * 90
    sql.run("update catalog_sku set title = %s", (title,))
    numbers = [an_order((lamp, n + 1)) for n in range(10)]
    pick_list = make_pick_list("BER", at=AT, by="user:1")
    assert pick_list is not None
    text = pick_list_zpl(pick_list)

    assert scanned(text) == [f"PL-{pick_list}"] * 2 == barcodes(pick_list_pdf(pick_list)) * 2
    told = fields(text)
    assert f"PL-{pick_list}   1 of 2" in told
    assert f"PL-{pick_list}   2 of 2" in told
    assert sum(each.startswith("55 units for 10 orders · BER") for each in told) == 2
    assert sorted(each for each in told if each.startswith("LAMP")) == sorted(
        f"LAMP · {number}" for number in numbers
    )
    assert sorted(int(each.split(" × ")[0]) for each in told if each.endswith(" × BER")) == list(range(1, 11))
    assert all(len(each) < 80 for each in told)
    assert text.count("^XZ") == 2
    with pytest.raises(NotFound):
        pick_list_zpl(999_999)


def test_a_carrier_s_own_label_is_printed_as_it_is(packed: Pack, monkeypatch: pytest.MonkeyPatch):
    _, ours = packed()
    work()
    invented = InventedCarrier()
    known = plugged(invented, plugs.installed())
    monkeypatch.setattr(plugs, "installed", lambda: known)
    _, theirs = packed()
    work()
    own = label_pdf(ours)
    sql.run(
        "update shipping_label set pdf = %s, zpl = '^XA^FDtheirs^FS^XZ' where parcel_id = %s", (own, theirs)
    )

    assert label_pdf(theirs) == own
    assert label_zpl([theirs]) == "^XA^FDtheirs^FS^XZ"
    assert barcodes(labels_pdf([ours, theirs])) == [tracking_number(ours)] * 2


def test_a_parcel_without_a_valid_label_prints_nothing(packed: Pack):
    _, parcel_id = packed()
    with pytest.raises(NothingToPrint):
        label_pdf(parcel_id)
    work()
    void_label(f"P-{parcel_id}", because="smudged", at=AT, by="user:1")
    with pytest.raises(NothingToPrint):
        label_zpl([parcel_id])


def test_a_packing_slip_names_what_is_in_the_parcel(packed: Pack):
    number, parcel_id = packed(3)
    work()
    pdf = slip_pdf(parcel_id)
    (text,) = texts(pdf)

    for part in ("Packing slip", number, "Ann Example", "10115 Berlin", "LAMP", "3 units in this parcel"):
        assert part in text
    assert tracking_number(parcel_id) in text
    assert barcodes(pdf) == [f"P-{parcel_id}"]
    with pytest.raises(NotFound):
        slip_pdf(999_999)


def test_a_packing_slip_names_the_parts_of_a_kit(db: None):
    a_location("BER")
    lamp = a_sku("LAMP", BER=10)
    ((kit,),) = sql.run("insert into catalog_sku (code, is_kit) values ('SET', true) returning id")
    for table in ("catalog_kit_part", "catalog_kit_leaf"):
        sql.run(f"insert into {table} (kit_id, part_id, quantity) values (%s, %s, 2)", (kit, lamp))
    parcel_id = a_packed_parcel(an_order(("SET", 1)))

    (text,) = texts(slip_pdf(parcel_id))

    assert "LAMP" in text
    assert "part of Thing SET" in text
    assert "2 units in this parcel" in text


def test_a_long_packing_slip_has_several_pages(packed: Pack):
    _, parcel_id = packed()
    ((line_id,),) = sql.run("select id from orders_line")
    for n in range(60):
        ((sku,),) = sql.run("insert into catalog_sku (code) values (%s) returning id", (f"PART-{n}",))
        sql.run(
            "insert into warehouse_parcel_item (parcel_id, line_id, sku_id, quantity) values (%s, %s, %s, 1)",
            (parcel_id, line_id, sku),
        )
    pages = texts(slip_pdf(parcel_id))

    assert len(pages) > 1
    assert all("Article" in page for page in pages)
    assert json.dumps(pages).count("PART-59") == 1
