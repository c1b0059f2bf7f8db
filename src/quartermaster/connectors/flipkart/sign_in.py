"""Signed in at Flipkart: a token by the application's own credentials, kept until shortly before it ends."""

from base64 import b64encode
from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Final, NamedTuple

from quartermaster.connectors import limits
from quartermaster.connectors.calls import Caller
from quartermaster.connectors.flipkart.translate.complaints import complaint
from quartermaster.core.outside import Account, AuthExpired, NotDone, RefusedOutside

ADDRESS: Final = "https://api.flipkart.net"
FEWER_S: Final = 3600  # a token is asked anew this long before it ends; it lasts for 60 days
A_MINUTE: Final = 120  # calls; Flipkart publishes no limit, and answers 429


class _Token(NamedTuple):
    access: str
    ends: float


_tokens: dict[tuple[str, str, str], _Token] = {}
_asking = Lock()  # one thread asks, the others wait for what it brings


class Session:
    """Signed in, for one call of a port: all of its questions end in the time of one."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self._token = _token(account)
        self._caller = _caller(account, self._token)

    def do[T](self, call: Callable[[Caller], T]) -> T:
        """With the token in force; with a new one, once, when that does not count any more. Raises
        AuthExpired when a new one does not count either."""
        try:
            return call(self._caller)
        except AuthExpired:
            self._token = _token(self.account, not_this=self._token)
            self._caller = _caller(self.account, self._token, within=self._caller)
            return call(self._caller)


def _token(account: Account, *, not_this: str = "") -> str:
    """The token in force; another than `not_this`, which was turned away."""
    told = account.settings
    if not (told.get("app_id") and told.get("webhook_secret")):
        raise AuthExpired(f"{account.slug} has no application id: Flipkart can be neither asked nor told")
    key = (_address(account), told["app_id"], told["webhook_secret"])
    with _asking:
        known = _tokens.get(key)
        if known is None or known.access == not_this or monotonic() >= known.ends:
            known = _tokens[key] = _asked(account)
        return known.access


def _asked(account: Account) -> _Token:
    told = account.settings
    proof = b64encode(f"{told['app_id']}:{told['webhook_secret']}".encode()).decode()
    caller = Caller(
        _address(account),
        name="Flipkart",
        headers={"Authorization": f"Basic {proof}", "Accept": "application/json"},
        complaint=complaint,
        secrets=(told["webhook_secret"], proof),
    )
    params = {"grant_type": "client_credentials", "scope": "Seller_Api"}
    try:
        given = caller.look("/oauth-service/oauth/token", params=params)
    except RefusedOutside as refusal:  # OAuth says 400 to a wrong secret
        raise AuthExpired(f"Flipkart does not let the application in: {refusal}") from None
    access, lasts_s = given.get("access_token"), given.get("expires_in")
    if not isinstance(access, str) or not access or not isinstance(lasts_s, int):
        raise NotDone("Flipkart gave no token")
    return _Token(access, monotonic() + max(0, lasts_s - FEWER_S))


def _caller(account: Account, token: str, within: Caller | None = None) -> Caller:
    each = limits.per_minute(account, A_MINUTE)
    return Caller(
        f"{_address(account)}/sellers",
        name="Flipkart",
        headers={"Authorization": f"Bearer {token}", "Accept": "application/json, application/pdf"},
        complaint=complaint,
        secrets=(token, account.settings.get("webhook_secret", "")),
        limit_of=limits.of(account, lambda method, path: each),
        within=within,
    )


def _address(account: Account) -> str:
    return account.settings.get("api_url") or ADDRESS
