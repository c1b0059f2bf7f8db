"""Bearer tokens: who is calling, and may they do this."""

from typing import Final

from django.http import HttpRequest
from ninja.security import HttpBearer

from quartermaster.core.errors import Refused
from quartermaster.core.tokens import Token, authenticate

_KNOWN: Final = "quartermaster.token"


class Unauthenticated(Refused):
    code = "unauthenticated"
    status = 401
    message = "There is no valid token with this request."
    remedy = "Send Authorization: Bearer TOKEN. ./qm token create NAME --scope SCOPE prints a new one."


class ScopeMissing(Refused):
    code = "scope-missing"
    status = 403
    message = "The token {name} may not do that: it lacks the scope {scope}."
    remedy = "Use a token that has it. ./qm token create NAME --scope {scope} makes one."


class Bearer(HttpBearer):
    """Lets in live tokens that have `scope`; every route names the one it needs."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Token:
        token = caller(request)
        if token is None:
            raise Unauthenticated
        if not token.allows(self.scope):
            raise ScopeMissing(name=token.name, scope=self.scope)
        return token

    def authenticate(self, request: HttpRequest, token: str) -> Token | None:
        return authenticate(token)


class SiteBearer(Bearer):
    """Lets in tokens that have `scope`, and those of the site that the path names as {site}."""

    def __call__(self, request: HttpRequest) -> Token:
        token = caller(request)
        if token is not None and token.works_at(_site(request)):
            return token
        return super().__call__(request)


def comes_from_site(request: HttpRequest) -> bool:
    """Whether this is a program of those who work the site that the path names."""
    token = caller(request)
    return token is not None and token.works_at(_site(request))


def _site(request: HttpRequest) -> str:
    match = request.resolver_match
    assert match is not None, "routes are known before anybody is let in"
    return str(match.kwargs["site"])


def caller(request: HttpRequest) -> Token | None:
    """The live token of this request, looked up once; None when there is none."""
    if _KNOWN not in request.META:
        kind, _, text = request.headers.get("Authorization", "").partition(" ")
        request.META[_KNOWN] = authenticate(text.strip()) if kind.lower() == "bearer" else None
    found = request.META[_KNOWN]
    assert found is None or isinstance(found, Token)
    return found


def actor(request: HttpRequest) -> str:
    """How the caller stands in the event log."""
    token = caller(request)
    assert token is not None, "only authenticated operations have an actor"
    return f"token:{token.name}"
