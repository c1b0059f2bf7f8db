"""What Amazon says of our standing: the report is asked for, waited for, and read as it is."""

import gzip
import json
from datetime import date
from typing import Any

import pytest
from tests.connectors.amazon import swagger
from tests.connectors.carriers import openapi

from quartermaster.connectors.amazon.reports import AmazonStanding
from quartermaster.connectors.amazon.translate import performance
from quartermaster.core.outside import Account, Invalid, NotDone
from quartermaster.marketplaces.ports import Figure
from quartermaster.testing.simulators.amazon import Amazon
from quartermaster.testing.simulators.amazon_reports import Reports
from quartermaster.testing.simulators.server import Simulator

THERE = AmazonStanding()
FIRST, LAST = date(2026, 1, 19), date(2026, 3, 19)


def test_a_report_is_asked_for_and_read_when_it_is_ready(running: Simulator, shop: Amazon, account: Account):
    reference = THERE.ask(account=account)
    assert THERE.read(account=account, reference=reference) is None
    found = THERE.read(account=account, reference=reference)

    assert found == [
        Figure(measure, "DE", FIRST, LAST, *counted) for measure, counted in shop.reports.told.items()
    ]
    model = openapi.document("amazon-spapi/models/reports-api-model/reports_2021-06-30.json")
    asked = [one for one in running.requests if one.path.startswith("/reports/") and "/file/" not in one.path]
    assert [swagger.faults(one, [model]) for one in asked] == [[]] * len(asked)
    assert len(asked) == 4


def test_a_report_that_is_never_made_is_over(shop: Amazon, account: Account):
    shop.reports.looks, shop.reports.ends = 0, "FATAL"
    with pytest.raises(Invalid, match="FATAL"):
        THERE.read(account=account, reference=THERE.ask(account=account))


@pytest.mark.parametrize("fault", ["500", "down", "broken"])
def test_what_goes_wrong_may_be_asked_again(fault: str, running: Simulator, shop: Amazon, account: Account):
    shop.reports.looks = 0
    reference = THERE.ask(account=account)
    running.misbehave("reportDocument", fault)
    with pytest.raises(NotDone):
        THERE.read(account=account, reference=reference)
    assert THERE.read(account=account, reference=reference)


def test_in_the_us_units_count_and_what_is_odd_is_left_out():
    report: dict[str, Any] = Reports().report()
    (metrics,) = report["performanceMetrics"]
    metrics["marketplaceId"] = "ATVPDKIKX0DER"
    span = metrics["lateShipmentRate"]["reportingDateRange"]
    metrics["unitOnTimeDeliveryRate"] = {
        "reportingDateRange": span,
        "unitOnTimeDeliveryCount": 450,
        "totalUnitCount": 500,
    }
    metrics["lateShipmentRate"]["orderCount"] = 2  # fewer than were late
    metrics["validTrackingRate"]["reportingDateRange"] = {"reportingDateFrom": "yesterday"}
    del metrics["preFulfillmentCancellationRate"]
    report["performanceMetrics"].append({"marketplaceId": "NOWHERE"})

    found = performance.figures(gzip.compress(json.dumps(report).encode()), is_gzip=True)

    assert found == [
        Figure("odr", "US", FIRST, LAST, 2, 400),
        Figure("otdr", "US", FIRST, LAST, 450, 500),
    ]


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"performanceMetrics": 7}', b"\xff"])
def test_what_is_no_report_is_not_read(body: bytes):
    with pytest.raises(ValueError, match="Amazon's report"):
        performance.figures(body, is_gzip=False)
    with pytest.raises(ValueError, match="Amazon's report"):
        performance.figures(body, is_gzip=True)
