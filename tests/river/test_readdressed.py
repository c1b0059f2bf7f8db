"""An address that changes after the label, and across a border."""

from datetime import date

from tests.shipping.conftest import AT, work
from tests.shipping.test_customs import known

from quartermaster.core import doctor, sql
from quartermaster.orders.actions import edit
from quartermaster.orders.ports import Address
from quartermaster.shipping.actions import close_manifest, scan_out, write_tariff
from quartermaster.shipping.queries.readdressed import readdressed
from quartermaster.shipping.rules.landed import Rate
from quartermaster.testing.builders import a_location, a_sku, an_order
from quartermaster.testing.parcels import a_packed_parcel

BERN = Address(name="Ann", line1="Marktgasse 1", city="Bern", postcode="3011", country="CH")
SWISS = [
    Rate("duty", "CH", date(2026, 1, 1), "the book", hs_prefix="9405", percent_bp=500),
    Rate("vat", "CH", date(2026, 1, 1), "the book", percent_bp=810),
    Rate("fee", "CH", date(2026, 1, 1), "the post", amount_minor=1_150, currency="EUR"),
]
LABELS = "select state, ship_to->>'country', manifest_id is not null from shipping_label order by id"


def test_tax_and_shipping_are_reckoned_anew_the_old_label_is_void_once_and_only_the_new_one_leaves(
    db: None,
) -> None:
    a_location("BER")
    a_sku("LAMP", BER=9)
    number = an_order(("LAMP", 2))
    parcel = a_packed_parcel(number)
    known()
    write_tariff(SWISS, because="The book came.", at=AT, by="user:1")
    work()
    assert readdressed(int(number.removeprefix("SO-"))) == []

    edit(number, ship_to=BERN, because="She moved.", at=AT, by="user:1")
    work()

    ((told, was, now),) = readdressed(int(number.removeprefix("SO-")))
    assert (told, was.country, was.landed, now.country) == (f"P-{parcel}", "DE", None, "CH")
    assert now.label_minor > was.label_minor > 0
    assert now.landed is not None
    ((value,),) = sql.run("select gross_minor - discount_minor from orders_line")
    duty, vat, fee = now.landed.duty.minor, now.landed.vat.minor, now.landed.fee.minor
    assert duty == value * 5 // 100
    assert (fee, now.landed.total_minor) == (1_150, (duty or 0) + (vat or 0) + 1_150)
    assert (vat or 0) * 1_000 // 81 in range(value, 2 * value)
    assert now.landed.payer == "the receiver"

    close_manifest(scan_out(f"P-{parcel}", at=AT, by="user:1").manifest, at=AT, by="user:1")
    work()
    assert sql.run(LABELS) == [("voided", "DE", False), ("bought", "CH", True)]
    assert sql.run("select count(*) from core_event where name = 'LabelVoided'") == [(1,)]
    assert [finding for finding in doctor.examine() if finding.rows] == []
