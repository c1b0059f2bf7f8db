"""Signed in at Unicommerce: a token, renewed before it ends, and asked for anew by the password."""

import re
from collections.abc import Callable
from time import monotonic
from typing import NamedTuple

from quartermaster.connectors.calls import Caller
from quartermaster.connectors.unicommerce import translate
from quartermaster.core.outside import Account, AuthExpired, NotDone, RefusedOutside

FEWER_S = 60  # a token is renewed this long before it ends
RENEW_S = 29 * 24 * 3600  # a token may be renewed for 30 days from the first
CLIENT = "my-trusted-client"
_TENANT = re.compile(r"[a-z0-9][a-z0-9-]*", re.IGNORECASE)


class Tokens(NamedTuple):
    access: str
    ends: float
    renew: str
    first: float  # when the password was used


_tokens: dict[tuple[str, str, str, str], Tokens] = {}


def signed_in[T](account: Account, call: Callable[[Caller], T]) -> T:
    """Make a call with the account's token; with a new one, once, when that does not count any more.
    Raises AuthExpired when the password does not count any more either."""
    for is_last in (False, True):
        caller = _caller(account, _token(account, is_anew=is_last))
        try:
            return call(caller)
        except AuthExpired:
            if is_last:
                raise
    raise AssertionError("it returns or raises")


def _token(account: Account, *, is_anew: bool) -> str:
    wanted = account.settings
    key = (wanted.get("api_url", ""), wanted["tenant"], wanted["username"], wanted["password"])
    known = _tokens.get(key)
    if known and not is_anew and monotonic() < known.ends:
        return known.access
    _tokens[key] = (known and _renewed(account, known)) or _by_password(account)
    return _tokens[key].access


def _renewed(account: Account, known: Tokens) -> Tokens | None:
    """None: it cannot be renewed any more."""
    if not known.renew or monotonic() > known.first + RENEW_S:
        return None
    try:
        return _asked(account, known.first, grant_type="refresh_token", refresh_token=known.renew)
    except (RefusedOutside, AuthExpired):
        return None


def _by_password(account: Account) -> Tokens:
    wanted = account.settings
    try:
        return _asked(
            account,
            monotonic(),
            grant_type="password",
            username=wanted["username"],
            password=wanted["password"],
        )
    except RefusedOutside as refusal:  # OAuth says 400 to a wrong password
        raise AuthExpired(f"Unicommerce does not let {wanted['username']} in: {refusal}") from None


def _asked(account: Account, first: float, **params: str) -> Tokens:
    told = _caller(account, "").look("/oauth/token", params={"client_id": CLIENT, **params})
    given, lasts_s, renew = told.get("access_token"), told.get("expires_in"), told.get("refresh_token")
    if not isinstance(given, str) or not given or not isinstance(lasts_s, int):
        raise NotDone("Unicommerce gave no token")
    ends = monotonic() + max(0, lasts_s - FEWER_S)
    return Tokens(given, ends, renew if isinstance(renew, str) else "", first)


def _caller(account: Account, token: str) -> Caller:
    wanted = account.settings
    if not _TENANT.fullmatch(wanted["tenant"]):
        raise NotDone("the tenant is one word: the first part of the address of your Uniware")
    headers = {"Facility": wanted["facility"]}
    if token:
        headers["Authorization"] = f"bearer {token}"
    return Caller(
        wanted.get("api_url") or f"https://{wanted['tenant']}.unicommerce.com",
        name="Unicommerce",
        headers=headers,
        complaint=translate.complaint,
        secrets=(wanted["password"], token),
    )
