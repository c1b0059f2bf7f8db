"""Signed in at Amazon (Login with Amazon): a refresh token gives access tokens, each for an hour.

https://developer-docs.amazon.com/sp-api/docs/connect-to-the-selling-partner-api, read 2026-11-23.
"""

from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import NamedTuple
from urllib.parse import urlsplit

from quartermaster.connectors.amazon import paces
from quartermaster.connectors.amazon.marketplaces import chosen, server
from quartermaster.connectors.amazon.translate.telling import complaint
from quartermaster.connectors.calls import Caller
from quartermaster.core.outside import Account, AuthExpired, NotDone, RefusedOutside

LOGIN = "https://api.amazon.com"
FEWER_S = 60  # a token is renewed this long before it ends
NOTIFICATIONS = "sellingpartnerapi::notifications"
NEEDED = ("client_id", "client_secret", "refresh_token")

type _Key = tuple[str, str, str, str]


class Token(NamedTuple):
    access: str
    ends: float


_tokens: dict[_Key, Token] = {}
_locks: dict[_Key, Lock] = {}


def signed_in[T](account: Account, call: Callable[[Caller], T]) -> T:
    """Make a call with the account's token; with a new one, once, when that does not count any more.
    Raises AuthExpired when the refresh token does not count any more either."""
    stale = ""
    for is_last in (False, True):
        token = _token(account, stale)
        try:
            return call(_caller(account, token))
        except AuthExpired:
            if is_last:
                raise
            stale = token
    raise AssertionError("it returns or raises")


def _token(account: Account, stale: str) -> str:
    """One that is not `stale`. One thread asks for it, the others wait for what it gets."""
    wanted = account.settings
    if missing := [name for name in NEEDED if not wanted.get(name)]:
        raise AuthExpired(
            f"{account.slug} has no {missing[0].replace('_', ' ')}: it can be neither asked nor told"
        )
    key = (wanted.get("api_url", ""), wanted["client_id"], wanted["client_secret"], wanted["refresh_token"])
    with _locks.setdefault(key, Lock()):
        known = _tokens.pop(key, None)
        if known is None or known.access == stale or monotonic() >= known.ends:
            known = _given(account)
        _tokens[key] = known
        return known.access


def login(api_url: str) -> str:
    """Where the tokens of a server come from: a sandbox of Amazon's has them from the one login."""
    is_theirs = (urlsplit(api_url).hostname or "").endswith(".amazon.com")
    return LOGIN if is_theirs or not api_url else api_url


def _login(account: Account) -> Caller:
    wanted = account.settings
    return Caller(
        login(wanted.get("api_url", "")),
        name="Amazon",
        headers={"Accept": "application/json"},
        complaint=complaint,
        secrets=(wanted["client_secret"], wanted.get("refresh_token", "")),
    )


def _given(account: Account) -> Token:
    wanted, caller = account.settings, _login(account)
    form = {"grant_type": "refresh_token", **{name: wanted[name] for name in NEEDED}}
    try:
        told = caller.sign_in("/auth/o2/token", form)
    except RefusedOutside as refusal:  # OAuth says 400 to a token that was revoked
        raise AuthExpired(f"Amazon does not let {account.slug} in: {refusal}") from None
    given, lasts_s = told.get("access_token"), told.get("expires_in")
    if not isinstance(given, str) or not given or not isinstance(lasts_s, int):
        raise NotDone("Amazon gave no token")
    return Token(given, monotonic() + max(0, lasts_s - FEWER_S))


def grantless[T](account: Account, call: Callable[[Caller], T]) -> T:
    """A call that is the application's own and no seller's: what it sends its notifications to."""
    wanted = account.settings
    if missing := [name for name in NEEDED[:2] if not wanted.get(name)]:
        raise AuthExpired(f"{account.slug} has no {missing[0].replace('_', ' ')}")
    caller = _login(account)
    form = {"grant_type": "client_credentials", "scope": NOTIFICATIONS}
    try:
        told = caller.sign_in("/auth/o2/token", form | {name: wanted[name] for name in NEEDED[:2]})
    except RefusedOutside as refusal:
        raise AuthExpired(f"Amazon does not let the application of {account.slug} in: {refusal}") from None
    given = told.get("access_token")
    if not isinstance(given, str) or not given:
        raise NotDone("Amazon gave no token")
    return call(_caller(account, given))


def _caller(account: Account, token: str) -> Caller:
    wanted = account.settings
    markets = chosen(wanted.get("marketplaces", ""))
    return Caller(
        wanted.get("api_url") or server(markets[0]),
        name="Amazon",
        headers={"x-amz-access-token": token, "Accept": "application/json"},
        complaint=complaint,
        secrets=(token, wanted["client_secret"], wanted.get("refresh_token", "")),
        files=("amazonaws.com",),  # where reports lie
        limit_of=paces.limit_of(account),
        heard=paces.heard(account),
    )
