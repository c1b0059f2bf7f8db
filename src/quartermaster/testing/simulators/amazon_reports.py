"""Amazon's reports: asked for, made after a while, and read from where they lie."""

import gzip
import json
import re
from typing import NamedTuple, cast

from quartermaster.testing.simulators.amazon_listings import MARKETPLACE, no
from quartermaster.testing.simulators.server import Request, Response

ROOT = "/reports/2021-06-30/"
TYPE = "GET_V2_SELLER_PERFORMANCE_REPORT"
FEEDBACK = "GET_SELLER_FEEDBACK_DATA"
HEAD = ("Datum", "Bewertung", "Kommentare", "Ihre Antwort", "Bestellnummer", "E-Mail der Bewertenden")
_FILE = "reports/2021-06-30/file/"

type Json = dict[str, object]


class Said(NamedTuple):
    """What a buyer said, as the table has it: the day in the marketplace's way."""

    day: str
    stars: int
    comment: str
    order: str


def operation(method: str, path: str) -> str:
    if method == "POST":
        return "createReport"
    found = re.match(rf"{ROOT}(documents|file)/", path)
    return {"documents": "reportDocument", "file": "reportFile"}[found[1]] if found else "report"


class Reports:
    """`looks`: how often a report is looked at before it is ready. `ends`: DONE, or CANCELLED, FATAL. `told`:
    figures of the one marketplace over those given: measure -> (numerator, denominator). `said`: what buyers
    said. `zips`: whether documents are packed."""

    def __init__(self) -> None:
        self.looks = 1
        self.ends = "DONE"
        self.zips = True
        self.first, self.last = "2026-01-19T00:00Z", "2026-03-19T23:59Z"
        self.told = {"odr": (2, 400), "lsr": (3, 400), "cr": (1, 60), "vtr": (190, 200), "otdr": (88, 90)}
        self.said: list[Said] = []
        self.asked: dict[str, int] = {}
        self.types: dict[str, str] = {}

    def respond(self, request: Request, *, url: str) -> Response:
        match request.operation:
            case "createReport":
                return self._created(cast("Json", request.body))
            case "reportDocument":
                name = request.path.rpartition("/")[2]
                told: Json = {"reportDocumentId": name, "url": f"{url}/{_FILE}{name}"}
                return Response(200, told | ({"compressionAlgorithm": "GZIP"} if self.zips else {}))
            case "reportFile":
                body = self._file(request.path.rpartition("/")[2].removeprefix("doc-"))
                return Response(200, gzip.compress(body) if self.zips else body)
        return self._looked(request.path.rpartition("/")[2])

    def _created(self, wanted: Json) -> Response:
        if wanted.get("reportType") not in (TYPE, FEEDBACK) or not wanted.get("marketplaceIds"):
            return no(400, "InvalidInput", "Invalid report type.")
        number = f"{50_000 + len(self.asked)}"
        self.asked[number], self.types[number] = 0, str(wanted["reportType"])
        return Response(202, {"reportId": number})

    def _looked(self, number: str) -> Response:
        if number not in self.asked:
            return no(404, "NotFound", f"Report {number} was not found.")
        self.asked[number] += 1
        is_ready = self.asked[number] > self.looks
        told: Json = {
            "reportId": number,
            "reportType": self.types[number],
            "createdTime": "2026-03-20T08:00:00Z",
            "processingStatus": self.ends if is_ready else "IN_PROGRESS",
        }
        if is_ready and self.ends == "DONE":
            told["reportDocumentId"] = f"doc-{number}"
        return Response(200, told)

    def _file(self, number: str) -> bytes:
        if self.types.get(number) != FEEDBACK:
            return json.dumps(self.report()).encode()
        rows = [(one.day, str(one.stars), one.comment, "", one.order, "") for one in self.said]
        return "\r\n".join("\t".join(row) for row in (HEAD, *rows)).encode("cp1252")

    def report(self) -> Json:
        span = {"reportingDateFrom": self.first, "reportingDateTo": self.last}

        def rate(measure: str, top: str, bottom: str, **more: object) -> Json:
            good, of = self.told[measure]
            said = {"status": "GOOD", "rate": good / of, "targetValue": 0.01, "targetCondition": "LESS_THAN"}
            return {"reportingDateRange": span, bottom: of, top: good, **said, **more}

        part = {"count": 0, "status": "NONE"}
        defects = {"claims": part, "chargebacks": part, "negativeFeedback": part}
        odr = rate("odr", "orderWithDefects", "orderCount", **defects, fulfillmentType="mfn")
        odr["orderWithDefects"] = {"count": self.told["odr"][0], "status": "GOOD"}
        return {
            "accountStatuses": [{"marketplaceId": MARKETPLACE, "status": "NORMAL"}],
            "performanceMetrics": [
                {
                    "marketplaceId": MARKETPLACE,
                    "orderDefectRate": {"mfn": odr, "afn": {**odr, "fulfillmentType": "afn"}},
                    "lateShipmentRate": rate("lsr", "lateShipmentCount", "orderCount"),
                    "preFulfillmentCancellationRate": rate("cr", "cancellationCount", "orderCount"),
                    "validTrackingRate": rate("vtr", "validTrackingCount", "shipmentCount"),
                    "onTimeDeliveryRate": rate(
                        "otdr", "onTimeDeliveryCount", "shipmentCountWithValidTracking"
                    ),
                }
            ],
        }
