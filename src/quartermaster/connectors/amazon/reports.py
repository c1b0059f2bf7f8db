"""Amazon's report of a seller's performance: asked for, and read when it is ready.

https://developer-docs.amazon.com/sp-api/docs/reports-api, read 2026-11-23.
"""

from collections.abc import Sequence
from urllib.parse import quote

from quartermaster.connectors.amazon.marketplaces import chosen
from quartermaster.connectors.amazon.sign_in import signed_in
from quartermaster.connectors.amazon.translate import performance
from quartermaster.connectors.calls import Caller
from quartermaster.core.outside import Account, Invalid, NotDone
from quartermaster.marketplaces.ports import Figure

_ROOT = "/reports/2021-06-30"
_NEVER = ("CANCELLED", "FATAL")


class AmazonStanding:
    """Of all marketplaces of the connection in one report."""

    def ask(self, *, account: Account) -> str:
        markets = chosen(account.settings.get("marketplaces", ""))
        body = {"reportType": performance.TYPE, "marketplaceIds": [one.id for one in markets]}
        answer = signed_in(account, lambda caller: caller.ask(f"{_ROOT}/reports", body))
        reference = answer.get("reportId")
        if not isinstance(reference, str) or not reference:
            raise NotDone("Amazon names no report where one was asked for")
        return reference

    def read(self, *, account: Account, reference: str) -> Sequence[Figure] | None:
        return signed_in(account, lambda caller: _read(caller, reference))


def _read(caller: Caller, reference: str) -> Sequence[Figure] | None:
    report = caller.look(f"{_ROOT}/reports/{quote(reference, safe='')}")
    status, document = report.get("processingStatus"), report.get("reportDocumentId")
    if status in _NEVER:
        raise Invalid(f"Amazon makes no report of the performance: it is {status}")
    if status != "DONE":
        return None
    if not isinstance(document, str) or not document:
        raise NotDone("Amazon has made a report and names no document of it")
    found = caller.look(f"{_ROOT}/documents/{quote(document, safe='')}")
    url = found.get("url")
    if not isinstance(url, str):
        raise NotDone("Amazon does not say where the report lies")
    try:
        return performance.figures(caller.fetch(url), is_gzip=found.get("compressionAlgorithm") == "GZIP")
    except ValueError as error:
        raise NotDone(str(error)) from None
