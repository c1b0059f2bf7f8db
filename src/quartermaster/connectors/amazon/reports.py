"""Amazon's reports: a seller's performance, and what buyers said. Asked for, and read when they are ready.

https://developer-docs.amazon.com/sp-api/docs/reports-api, read 2026-11-23.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple
from urllib.parse import quote

from quartermaster.connectors.amazon.marketplaces import BY_COUNTRY, chosen
from quartermaster.connectors.amazon.sign_in import signed_in
from quartermaster.connectors.amazon.translate import feedback, performance
from quartermaster.connectors.calls import Caller
from quartermaster.connectors.picked import text
from quartermaster.core.outside import Account, Invalid, NotDone
from quartermaster.marketplaces.ports import Feedback, FeedbackTold, Figure

_ROOT: Final = "/reports/2021-06-30"
_CANCELLED: Final = "CANCELLED"  # also where there is nothing to tell
_NEVER: Final = (_CANCELLED, "FATAL")


class Looked(NamedTuple):
    """status: IN_QUEUE, IN_PROGRESS, DONE, or one of _NEVER. document: of one that is done."""

    status: str
    document: str


class Fetched(NamedTuple):
    body: bytes
    is_gzip: bool


class AmazonStanding:
    """Of all marketplaces of the connection in one report."""

    def ask(self, *, account: Account) -> str:
        markets = chosen(account.settings.get("marketplaces", ""))
        body = {"reportType": performance.TYPE, "marketplaceIds": [one.id for one in markets]}
        return signed_in(account, lambda caller: _asked(caller, body))

    def read(self, *, account: Account, reference: str) -> Sequence[Figure] | None:
        return signed_in(account, lambda caller: _figures(caller, reference))


class AmazonFeedback:
    """A report for each marketplace: only by that are its dates understood. Together they are named
    DE:50000,FR:50001."""

    def ask(self, *, account: Account, since: date) -> str:
        markets = chosen(account.settings.get("marketplaces", ""))

        def ask_each(caller: Caller) -> str:
            made = []
            for one in markets:
                body = {
                    "reportType": feedback.TYPE,
                    "marketplaceIds": [one.id],
                    "dataStartTime": f"{since}T00:00:00Z",
                }
                made.append(f"{one.country}:{_asked(caller, body)}")
            return ",".join(made)

        return signed_in(account, ask_each)

    def read(self, *, account: Account, reference: str) -> FeedbackTold | None:
        parts = [part.partition(":") for part in reference.split(",")]
        if not all(country in BY_COUNTRY and number for country, _, number in parts):
            raise Invalid(f"{reference[:80]!r} names no reports of feedback")
        asked = {country: number for country, _, number in parts}
        return signed_in(account, lambda caller: _feedback(caller, asked))


def _figures(caller: Caller, reference: str) -> Sequence[Figure] | None:
    looked = _looked(caller, reference)
    if looked.status in _NEVER:
        raise Invalid(f"Amazon makes no report of the performance: it is {looked.status}")
    if looked.status != "DONE":
        return None
    fetched = _fetched(caller, looked)
    try:
        return performance.figures(fetched.body, is_gzip=fetched.is_gzip)
    except ValueError as error:
        raise NotDone(str(error)) from None


def _feedback(caller: Caller, asked: dict[str, str]) -> FeedbackTold | None:
    looked = {country: _looked(caller, number) for country, number in asked.items()}
    for country, one in looked.items():
        if one.status == "FATAL":
            raise Invalid(f"Amazon makes no report of the feedback of {country}: it is FATAL")
    if any(one.status not in (_CANCELLED, "DONE") for one in looked.values()):
        return None
    rows: list[Feedback] = []
    unread = 0
    for country, one in looked.items():
        if one.status != "DONE":
            continue
        fetched = _fetched(caller, one)
        try:
            found, odd = feedback.feedback(fetched.body, country=country, is_gzip=fetched.is_gzip)
        except ValueError as error:
            raise NotDone(str(error)) from None
        rows, unread = rows + found, unread + odd
    is_whole = not unread and all(one.status == "DONE" for one in looked.values())
    return FeedbackTold(tuple(rows), is_whole, unread)


def _asked(caller: Caller, body: Mapping[str, object]) -> str:
    reference = caller.ask(f"{_ROOT}/reports", body).get("reportId")
    if not isinstance(reference, str) or not reference:
        raise NotDone("Amazon names no report where one was asked for")
    return reference


def _looked(caller: Caller, reference: str) -> Looked:
    report = caller.look(f"{_ROOT}/reports/{quote(reference, safe='')}")
    return Looked(text(report.get("processingStatus")), text(report.get("reportDocumentId")))


def _fetched(caller: Caller, looked: Looked) -> Fetched:
    if not looked.document:
        raise NotDone("Amazon has made a report and names no document of it")
    found = caller.look(f"{_ROOT}/documents/{quote(looked.document, safe='')}")
    url = found.get("url")
    if not isinstance(url, str):
        raise NotDone("Amazon does not say where the report lies")
    return Fetched(caller.fetch(url), found.get("compressionAlgorithm") == "GZIP")
