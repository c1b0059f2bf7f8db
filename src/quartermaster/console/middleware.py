"""What every page of ours carries, whoever made it: it stays out of caches."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class NoStore:
    """Pages show names and addresses: no browser, proxy or back button keeps them after sign-out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        if not response.has_header("Cache-Control") and not getattr(response, "streaming", False):
            response.headers["Cache-Control"] = "no-store"
        return response
