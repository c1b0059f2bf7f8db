"""The web process: webhook intake first, everything else by Django."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.wsgi import get_wsgi_application

_django = get_wsgi_application()

from quartermaster.api.intake import Start, intake  # noqa: E402  # models can be imported only after Django's set-up
from quartermaster.core.workdays import warm  # noqa: E402

warm()


def application(environ: Mapping[str, Any], start: Start) -> Iterable[bytes]:
    if str(environ.get("PATH_INFO", "")).startswith("/in/"):
        return intake(environ, start)
    return _django(environ, start)  # type: ignore[arg-type]  # Django types the environ as a dict
