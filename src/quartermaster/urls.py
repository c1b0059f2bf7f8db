"""Where everything is: the API, the probes, and the console's pages."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from quartermaster.api.app import api
from quartermaster.api.health import healthz, readyz

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", api.urls),
    path("healthz", healthz),
    path("readyz", readyz),
]
if find_spec("quartermaster.console.urls"):
    urlpatterns.append(path("", include("quartermaster.console.urls")))
