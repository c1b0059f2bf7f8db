"""Amazon's feeds of listings: laid down, created, and worked off one after the other, a while later."""

import gzip
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import cast

from quartermaster.testing.simulators.amazon_listings import MARKETPLACE, SELLER, Listings, no
from quartermaster.testing.simulators.server import Request, Response

ROOT = "/feeds/2021-06-30/"
TYPE = "JSON_LISTINGS_FEED"
_FILE = f"{ROOT}file/"
_OPEN = ("IN_QUEUE", "IN_PROGRESS")

type Json = dict[str, object]


def operation(method: str, path: str) -> str:
    found = re.match(rf"{ROOT}(documents|file|feeds)(/.)?", path)
    what, is_one = (found[1], bool(found[2])) if found else ("", False)
    named = {
        ("POST", "documents", False): "createFeedDocument",
        ("GET", "documents", True): "feedDocument",
        ("PUT", "file", True): "feedUpload",
        ("GET", "file", True): "feedReport",
        ("POST", "feeds", False): "createFeed",
        ("GET", "feeds", False): "feeds",
        ("GET", "feeds", True): "feed",
        ("DELETE", "feeds", True): "cancelFeed",
    }
    return named.get((method, what, is_one), "unknown")


def is_file(path: str) -> bool:
    """Where documents lie: nobody wants a token there."""
    return path.startswith(_FILE)


class Feeds:
    """`looks`: how often a feed is looked at before it is worked off. `ends`: DONE, or FATAL (after half of
    its messages), CANCELLED. `refuses`: SKU -> what is wrong with its message. A message for a SKU that there
    is not is accepted, as Amazon does, and changes nothing. `strangers`: feeds of others under way."""

    def __init__(self, listings: Listings) -> None:
        self.listings = listings
        self.looks = 1
        self.ends = "DONE"
        self.refuses: dict[str, str] = {}
        self.documents: dict[str, object] = {}
        self.feeds: dict[str, Json] = {}
        self.strangers: list[str] = []
        self._looked: dict[str, int] = {}

    def respond(self, request: Request, *, url: str) -> Response:
        name = request.path.rpartition("/")[2]
        match request.operation:
            case "createFeedDocument":
                made = f"amzn1.tortuga.{len(self.documents) + 1}"
                self.documents[made] = None
                return Response(201, {"feedDocumentId": made, "url": f"{url}{_FILE}{made}"})
            case "feedUpload":
                self.documents[name] = request.body
                return Response(200, b"")
            case "feedDocument":
                lies: Json = {"feedDocumentId": name, "url": f"{url}{_FILE}{name}"}
                return Response(200, lies | {"compressionAlgorithm": "GZIP"})
            case "feedReport":
                return Response(200, gzip.compress(json.dumps(self.documents[name]).encode()))
            case "createFeed":
                return self._created(cast("Json", request.body))
            case "feeds":
                return self._listed(request.query)
        if name not in self.feeds:
            return no(404, "NotFound", f"Feed {name} was not found.")
        return self._cancelled(name) if request.operation == "cancelFeed" else self._shown(name)

    def work_off(self) -> None:
        for name in self.feeds:
            self._work_off(name)

    def _created(self, wanted: Json) -> Response:
        document = str(wanted.get("inputFeedDocumentId"))
        if wanted.get("feedType") != TYPE or wanted.get("marketplaceIds") != [MARKETPLACE]:
            return no(400, "InvalidInput", "Invalid feed type or marketplace.")
        if not isinstance(self.documents.get(document), dict):
            return no(400, "InvalidInput", "The feed document has no contents.")
        name = f"{60_001 + len(self.feeds)}"
        at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        told: Json = {"feedId": name, "feedType": TYPE, "createdTime": at, "processingStatus": "IN_QUEUE"}
        self.feeds[name] = told | {"marketplaceIds": [MARKETPLACE], "document": document}
        self._looked[name] = 0
        return Response(202, {"feedId": name})

    def _listed(self, query: Mapping[str, str]) -> Response:
        wanted = query.get("processingStatuses", "").split(",")
        if query.get("feedTypes") != TYPE or not set(wanted) <= {*_OPEN, "DONE", "CANCELLED", "FATAL"}:
            return no(400, "InvalidInput", "feedTypes or processingStatuses is invalid")
        since = query.get("createdSince", "")
        asked = [feed for feed in self.feeds.values() if str(feed["createdTime"]) >= since]
        found = [_public(feed) for feed in asked if feed["processingStatus"] in wanted]
        found += [
            {"feedId": each, "feedType": TYPE, "processingStatus": "IN_PROGRESS"} for each in self.strangers
        ]
        return Response(200, {"feeds": found})

    def _cancelled(self, name: str) -> Response:
        if self.feeds[name]["processingStatus"] != "IN_QUEUE":
            return no(400, "InvalidInput", "The feed cannot be cancelled any more.")
        self.feeds[name]["processingStatus"] = "CANCELLED"
        return Response(200, b"")

    def _shown(self, name: str) -> Response:
        self._looked[name] += 1
        if self._looked[name] > self.looks:
            for earlier in [*self.feeds][: [*self.feeds].index(name) + 1]:
                self._work_off(earlier)
        return Response(200, _public(self.feeds[name]))

    def _work_off(self, name: str) -> None:
        feed = self.feeds[name]
        if feed["processingStatus"] not in _OPEN:
            return
        messages = cast("list[Json]", cast("Json", self.documents[str(feed["document"])])["messages"])
        issues: list[Json] = []
        done = {"DONE": len(messages), "FATAL": len(messages) // 2}.get(self.ends, 0)
        for message in messages[:done]:
            issues += self._wrong(message)
        feed["processingStatus"] = self.ends
        if self.ends == "DONE":
            report = f"{feed['document']}.report"
            feed["resultFeedDocumentId"] = report
            self.documents[report] = _report(name, len(messages), issues)

    def _wrong(self, message: Json) -> list[Json]:
        """Its patch is carried out, or what is wrong with it."""
        sku = str(message["sku"])
        wrong = self.refuses.get(sku, "")
        if not wrong and sku in self.listings.items:
            answer = cast("Json", self.listings.patched(sku, message).body)
            if answer["status"] == "INVALID":
                wrong = str(cast("list[Json]", answer["issues"])[0]["message"])
        if not wrong:
            return []
        told: Json = {"messageId": message["messageId"], "sku": sku, "code": "90220"}
        return [told | {"severity": "ERROR", "message": wrong}]


def _public(feed: Json) -> Json:
    return {key: value for key, value in feed.items() if key != "document"}


def _report(name: str, messages: int, issues: list[Json]) -> Json:
    invalid = len({str(one["messageId"]) for one in issues})
    return {
        "header": {"sellerId": SELLER, "version": "2.0", "feedId": name},
        "issues": issues,
        "summary": {
            "errors": len(issues),
            "warnings": 0,
            "messagesProcessed": messages,
            "messagesAccepted": messages - invalid,
            "messagesInvalid": invalid,
        },
    }
