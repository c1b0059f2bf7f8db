"""What Amazon's buyers said: a report for each marketplace, in its own language."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.connectors.amazon import swagger
from tests.connectors.carriers import openapi

from quartermaster.connectors.amazon.reports import AmazonFeedback
from quartermaster.connectors.amazon.translate.feedback import feedback
from quartermaster.core.outside import Account, Invalid, NotDone
from quartermaster.marketplaces.ports import Feedback, FeedbackTold
from quartermaster.testing.simulators.amazon import Amazon
from quartermaster.testing.simulators.amazon_reports import Said
from quartermaster.testing.simulators.server import Simulator

THERE, SINCE = AmazonFeedback(), date(2026, 8, 25)
ORDER = "302-1234567-0000001"
HEAD = b"Date\tRating\tComments\tResponse\tOrder ID\n"


def test_each_marketplace_is_asked_for_a_report_of_its_own(
    running: Simulator, shop: Amazon, account: Account
):
    shop.reports.said = [Said("24.11.26", 1, "kam nie an", ORDER)]
    shop.reports.zips = False
    both = replace(account, settings={**account.settings, "marketplaces": "DE, FR"})

    reference = THERE.ask(account=both, since=SINCE)
    assert reference == "DE:50000,FR:50001"
    assert THERE.read(account=both, reference=reference) is None
    told = THERE.read(account=both, reference=reference)

    said = Feedback(ORDER, date(2026, 11, 24), 1, "kam nie an")
    assert told == FeedbackTold((said, said), is_whole=True)
    model = openapi.document("amazon-spapi/models/reports-api-model/reports_2021-06-30.json")
    asked = [one for one in running.requests if one.path.startswith("/reports/") and "/file/" not in one.path]
    assert [swagger.faults(one, [model]) for one in asked] == [[]] * len(asked)
    assert len(asked) == 8


def test_where_one_of_them_has_nothing_to_tell_nobody_knows_what_was_taken_away(
    shop: Amazon, account: Account
):
    shop.reports.ends, shop.reports.looks = "CANCELLED", 0
    assert THERE.read(account=account, reference=THERE.ask(account=account, since=SINCE)) == FeedbackTold(
        (), is_whole=False
    )


@pytest.mark.parametrize("reference", ["", "50000", "DE:", "XX:50000", "DE:1,"])
def test_a_name_that_names_no_reports_is_refused(account: Account, shop: Amazon, reference: str):
    with pytest.raises(Invalid, match="names no reports"):
        THERE.read(account=account, reference=reference)


@pytest.mark.parametrize(
    ("country", "day", "wanted"),
    [
        ("US", "11/3/26", date(2026, 11, 3)),
        ("GB", "3/11/26", date(2026, 11, 3)),
        ("DE", "03.11.2026", date(2026, 11, 3)),
        ("JP", "26/11/03", date(2026, 11, 3)),
        ("FR", "2026-11-03", date(2026, 11, 3)),
        ("US", "24/12/26", date(2026, 12, 24)),
    ],
)
def test_a_day_is_read_as_its_marketplace_writes_it(country: str, day: str, wanted: date):
    row = f"{day}\t2\tslow\t\t{ORDER}\n".encode()
    assert feedback(HEAD + row, country=country, is_gzip=False) == ([Feedback(ORDER, wanted, 2, "slow")], 0)


@pytest.mark.parametrize(
    "row",
    [
        f"yesterday\t1\tno\t\t{ORDER}",
        f"1/2/26\tfive\tno\t\t{ORDER}",
        f"1/2/26\t0\tno\t\t{ORDER}",
        "1/2/26\t1\tno\t\t4711",
        f"1/2/26\t1\t{ORDER}",
        f"99/99/99\t1\tno\t\t{ORDER}",
    ],
)
def test_a_row_that_cannot_be_read_is_counted_and_stops_no_other(row: str):
    good = f"1/2/26\t1\tno\t\t{ORDER}"
    found, unread = feedback(HEAD + f"{row}\r\n{good}\r\n".encode(), country="GB", is_gzip=False)
    assert ([one.order for one in found], unread) == ([ORDER], 1)


@pytest.mark.parametrize("body", [b"", b"{}", b"<html>", b"Date,Rating,Comments,Order ID"])
def test_what_is_no_table_is_no_report(body: bytes):
    with pytest.raises(ValueError, match="no table"):
        feedback(body, country="DE", is_gzip=False)
    with pytest.raises(ValueError, match="cannot be read"):
        feedback(body, country="DE", is_gzip=True)


@given(st.binary(max_size=200))
def test_no_bytes_break_it(body: bytes):
    found, unread = feedback(HEAD + body, country="JP", is_gzip=False)
    assert unread >= 0
    assert all(1 <= one.stars <= 5 for one in found)


def test_a_document_that_is_cut_off_may_be_asked_again(running: Simulator, shop: Amazon, account: Account):
    shop.reports.looks = 0
    reference = THERE.ask(account=account, since=SINCE)
    running.misbehave("reportFile", "broken")
    with pytest.raises(NotDone):
        THERE.read(account=account, reference=reference)
    assert THERE.read(account=account, reference=reference) == FeedbackTold((), is_whole=True)
