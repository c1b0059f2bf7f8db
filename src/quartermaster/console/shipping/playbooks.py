"""What is to be done when a carrier fails: written, and done with one press."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now

from quartermaster.console.gate import actor
from quartermaster.console.notices import tell
from quartermaster.core.errors import Invalid
from quartermaster.core.texts import short
from quartermaster.shipping import actions
from quartermaster.shipping.rules.playbooks import Playbook

_TEXT_MAX = 500


def write(request: HttpRequest, carrier: str) -> HttpResponse:
    """POST /ship/carriers/post/playbook: what is done when it fails."""
    wanted = Playbook(
        carrier=short(carrier, 80),
        because=_text(request, "because"),
        moves_labels=bool(request.POST.get("moves_labels")),
        fires_on=_whole(request, "fires_on"),
        ends_after_h=_whole(request, "ends_after_h"),
    )
    actions.write_playbook(wanted, at=now(), by=actor(request))
    tell(request, f"The playbook of {carrier} is kept.")
    return redirect("ship-carrier", carrier)


def fire(request: HttpRequest, carrier: str) -> HttpResponse:
    """POST /ship/carriers/post/playbook/fire"""
    actions.fire_playbook(short(carrier, 80), at=now(), by=actor(request))
    tell(request, f"Done as it is written: {carrier} is paused.")
    return redirect("ship-carrier", carrier)


def _whole(request: HttpRequest, name: str) -> int | None:
    """None when nothing was written. Raises Invalid."""
    text = _text(request, name)
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise Invalid(what="The playbook", errors={name: "a whole number"})
    return int(text)


def _text(request: HttpRequest, name: str) -> str:
    return short(request.POST.get(name, "").strip(), _TEXT_MAX)
