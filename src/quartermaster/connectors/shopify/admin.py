"""Shopify's Admin GraphQL API over HTTP: one shop, for one call of a port.

It answers 200 to nearly everything. Whether something happened stands in the body: `errors` beside or in
place of the `data` (nothing was run, or it went wrong half way), and `userErrors` inside it (see `refusal`).
https://shopify.dev/docs/api/admin-graphql and /docs/api/usage/limits, read 2026-11-23.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

from quartermaster.connectors import limits
from quartermaster.connectors.calls import Caller
from quartermaster.connectors.complaints import Complaint
from quartermaster.connectors.picked import objects, text
from quartermaster.connectors.shopify.documents import API_VERSION
from quartermaster.core import pace
from quartermaster.core.outside import (
    Account,
    AuthExpired,
    Conflict,
    Invalid,
    NotDone,
    RefusedOutside,
    Throttled,
    Unclear,
)

PATH: Final = f"/admin/api/{API_VERSION}/graphql.json"
_SHOP: Final = re.compile(r"(?:https://)?([a-z0-9][a-z0-9-]*\.myshopify\.com)/?", re.IGNORECASE)
_OPERATION: Final = re.compile(r"\s*(?:query|mutation)\s+(\w+)")
# Found before anything is run: the document or what was filled into it is not what they take.
_NEVER_RUN: Final = {
    *("MAX_COST_EXCEEDED", "INVALID_VARIABLE", "BAD_REQUEST", "GRAPHQL_PARSE_FAILED"),
    *("undefinedField", "argumentNotAccepted", "argumentLiteralsIncompatible", "missingRequiredArguments"),
}
FILES: Final = ("storage.googleapis.com",)  # where what was gathered in bulk is left
_WAIT_MAX_S: Final = 60.0  # a full bucket takes 20 seconds

type Json = Mapping[str, object]


class Admin:
    """`reads`: long lists, which have half of what the shop allows to themselves. `within`: another one, in
    whose time this one goes on."""

    def __init__(self, account: Account, *, reads: bool = False, within: "Admin | None" = None) -> None:
        token = account.settings.get("access_token", "")
        if not token:
            raise AuthExpired(f"{account.slug} has no access token: it can be neither asked nor told")
        # A Standard shop regains 100 points a second: a page has some 75, another call some 20.
        slow, quick = (
            pace.Limit(f"{account.slug}/reading", 2.0, 4),
            pace.Limit(f"{account.slug}/single", 0.4, 25),
        )
        limit_of = limits.of(account, lambda _method, _path: slow if reads else quick)
        self._limit = limit_of("POST", PATH) if limit_of else None
        self._caller: Caller = Caller(
            account.settings.get("api_url", "") or _address(account.settings.get("shop", "")),
            name="Shopify",
            headers={"X-Shopify-Access-Token": token, "Accept": "application/json"},
            complaint=_complaint,
            secrets=(token,),
            files=FILES,
            limit_of=limit_of,
            within=within._caller if within else None,
        )

    def ask(self, document: str, **variables: object) -> dict[str, object]:
        """What a question is answered. Raises RefusedOutside, NotDone."""
        return self._told(self._caller.ask(PATH, _body(document, variables)), changes=False)

    def ask_at(self, document: str, **variables: object) -> tuple[dict[str, object], datetime]:
        """`ask`, and the moment by the shop's clock."""
        answer, at = self._caller.asked_at(PATH, _body(document, variables))
        return self._told(answer, changes=False), at

    def change(self, document: str, **variables: object) -> dict[str, object]:
        """What a change is answered, `userErrors` and all. Raises RefusedOutside, NotDone, Unclear."""
        return self._told(self._caller.change("POST", PATH, _body(document, variables)), changes=True)

    def hands_out(self, url: str) -> bool:
        """Whether this is where Shopify leaves its files."""
        return self._caller.hands_out(url)

    def part(self, url: str, start: int, size: int) -> bytes:
        """Bytes of a file; fewer than `size` at its end. Raises RefusedOutside (it is gone), NotDone."""
        return self._caller.part(url, start, size)

    def redacted(self, said: str) -> str:
        return self._caller.redacted(said)

    def _told(self, answer: Json, *, changes: bool) -> dict[str, object]:
        wrong, found = objects(answer.get("errors")), answer.get("data")
        if wrong or not isinstance(found, dict):
            raise self._error(answer, wrong, changes)
        if wait := _wait_s(answer):
            self._close(wait)
        return found

    def _error(self, answer: Json, wrong: list[dict[str, object]], changes: bool) -> Exception:
        codes = {text(_part(one, "extensions").get("code")) for one in wrong}
        because = self.redacted("; ".join(text(one.get("message")) for one in wrong))
        if "THROTTLED" in codes:
            wait = _wait_s(answer) or 1.0
            self._close(wait)
            return Throttled("Shopify was asked too often", _in(wait))
        if "ACCESS_DENIED" in codes:
            return AuthExpired(f"Shopify does not let our access token do this: {because}")
        if codes and codes <= _NEVER_RUN:
            return Invalid(f"Shopify does not take this: {because}")
        said = f"Shopify gave no clear answer ({because or 'nothing in it'})"
        return Unclear(said) if changes else NotDone(said)

    def _close(self, wait_s: float) -> None:
        if self._limit is not None:
            pace.close(self._limit, _in(wait_s))  # the others need not find out for themselves


def refusal(payload: Json, name: str = "userErrors") -> RefusedOutside | None:
    """What a change was refused for, each field with its reason; None when it was not."""
    wrong = objects(payload.get(name))
    if not wrong:
        return None
    because = "; ".join(dict.fromkeys(text(one.get("message")) for one in wrong))
    fields = {".".join(_path(one)): text(one.get("message")) for one in wrong if one.get("field")}
    codes = {text(one.get("code")) for one in wrong}
    said = f"Shopify: {because}"[:400]
    return Conflict(said) if any("CONCURRENT" in code for code in codes) else Invalid(said, fields)


def _path(one: Json) -> list[str]:
    field = one.get("field")
    return [text(step) for step in field] if isinstance(field, list) else [text(field)]


def _part(whole: Json, name: str) -> Json:
    value = whole.get(name)
    return value if isinstance(value, dict) else {}


def _body(document: str, variables: Mapping[str, object]) -> dict[str, object]:
    found = _OPERATION.match(document)
    assert found is not None, "every document names its operation"
    return {"query": document, "operationName": found[1], "variables": dict(variables)}


def _address(shop: str) -> str:
    """Where the shop answers. A key is sent to Shopify's own domain only."""
    found = _SHOP.fullmatch(shop.strip())
    if found is None:
        raise NotDone(
            f"{shop[:80]!r} is no address of the form your-shop.myshopify.com: no key is sent there"
        )
    return f"https://{found[1].lower()}"


def _wait_s(answer: Json) -> float:
    """How long until the same could be asked again, by the points that are left; 0: at once."""
    cost = _part(_part(answer, "extensions"), "cost")
    status = _part(cost, "throttleStatus")
    asked, left, each_s = (
        _number(one)
        for one in (
            cost.get("requestedQueryCost"),
            status.get("currentlyAvailable"),
            status.get("restoreRate"),
        )
    )
    return min(_WAIT_MAX_S, (asked - left) / each_s) if each_s > 0 and asked > left else 0.0


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | Decimal) else 0.0


def _in(wait_s: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=wait_s)


def _complaint(said: Json) -> Complaint:
    """Of answers that are not 200: {"errors": "…"}, or a list of them."""
    wrong = said.get("errors")
    listed = "; ".join(text(one.get("message")) for one in objects(wrong))
    return Complaint("", listed or (wrong if isinstance(wrong, str) else ""))
