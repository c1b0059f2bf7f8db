"""Magento's REST V1 over HTTP, with an integration's bearer token.

https://developer.adobe.com/commerce/webapi/rest/, read 2026-11-23. It names no limit of its own: hosts do.
"""

from collections.abc import Sequence

from quartermaster.connectors.calls import Caller
from quartermaster.connectors.limits import per_minute
from quartermaster.connectors.magento.translate import asking
from quartermaster.connectors.magento.translate.asking import Filter
from quartermaster.core.outside import Account, AuthExpired, NotDone
from quartermaster.core.pace import Limit

API = "/rest/all/V1"
CALLS_A_MINUTE = 600  # a shop's own PHP answers a few a second; buyers need it too
PAGES_MAX = 20


def caller_of(account: Account) -> Caller:
    token = account.settings.get("access_token", "")
    if not token:
        raise AuthExpired(f"{account.slug} has no access token: it can be neither asked nor told")

    def limit_of(method: str, path: str) -> Limit:
        return per_minute(account, CALLS_A_MINUTE)

    return Caller(
        account.settings.get("url", ""),
        name="Magento",
        headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
        complaint=asking.complaint,
        secrets=(token,),
        limit_of=limit_of,
    )


def everything(caller: Caller, path: str, *groups: Sequence[Filter]) -> list[dict[str, object]]:
    """All that a search finds, page by page, the oldest first. Raises as `Caller.look`."""
    found: list[dict[str, object]] = []
    for page in range(1, PAGES_MAX + 1):
        answer = caller.look(f"{API}{path}", params=asking.criteria(*groups, page=page))
        found += asking.found(answer)
        if asking.is_last(answer, page):
            return found
    raise NotDone(f"Magento has more of {path} than can be read at once")
