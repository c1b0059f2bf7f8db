"""A badge on paper, made of the code its page just showed: it is kept nowhere, so this is the only time."""

from django.http import HttpRequest, HttpResponse

from quartermaster.console.models import Badge
from quartermaster.console.people.actions.badges import digest_of
from quartermaster.console.people.queries import person
from quartermaster.core.errors import Refused
from quartermaster.shipping.queries.papers.badges import badge_pdf, badge_zpl


class BadgeGone(Refused):
    code = "badge-gone"
    message = "This code is not that of {name}'s badge any more."
    remedy = "Make another badge: one that was made cannot be printed later."


def badge(request: HttpRequest, user_id: int) -> HttpResponse:
    """POST /people/3/badge/paper: as=pdf or zpl."""
    shown, code = person(user_id), request.POST.get("code", "")
    if not Badge.objects.filter(user_id=user_id, digest=digest_of(code), revoked_at=None).exists():
        raise BadgeGone(name=shown.name)
    below = ", ".join(shown.sites) or "All sites"
    if request.POST.get("as") == "zpl":
        body: bytes | str = badge_zpl(shown.name, below, code)
        return HttpResponse(body, content_type="text/plain; charset=utf-8", headers=_saved(user_id, "zpl"))
    body = badge_pdf(shown.name, below, code)
    return HttpResponse(body, content_type="application/pdf", headers=_saved(user_id, "pdf"))


def _saved(user_id: int, kind: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="badge-{user_id}.{kind}"'}
