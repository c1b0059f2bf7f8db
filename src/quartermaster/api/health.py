"""For load balancers: /healthz, the process is alive; /readyz, it can serve. No token, no detail."""

import logging

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from quartermaster.core.queries.readiness import unready

log = logging.getLogger(__name__)


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "alive"})


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and has every migration of this program, else 503."""
    because = unready()
    if because:
        log.warning("not ready: %s", because)
        return JsonResponse({"status": "not ready"}, status=503)
    return JsonResponse({"status": "ready"})
