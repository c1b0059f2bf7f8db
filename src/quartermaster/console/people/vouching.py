"""What one may not do alone, somebody who may accepts: their PIN and badge in the same form."""

from django.http import HttpRequest
from django.utils.timezone import now

from quartermaster.console.gate import who
from quartermaster.console.people.actions import vouch
from quartermaster.console.signin.badge import this_device
from quartermaster.core.errors import Refused


class NeedsLead(Refused):
    code = "needs-lead"
    status = 403
    message = "A supervisor accepts this."
    remedy = "At a shared device: the supervisor's PIN, then their badge, in this form."


def accepted_by(request: HttpRequest, right: str, *, what: str) -> str:
    """The name of who accepts it by `lead_badge` and `lead_pin` of the form; empty when the person may do it
    alone. Raises NeedsLead and what vouch does."""
    if who(request).may(right):
        return ""
    code, pin = (request.POST.get(name, "").strip()[:80] for name in ("lead_badge", "lead_pin"))
    device = this_device(request)
    if not (code and pin and device):
        raise NeedsLead
    return vouch(code.upper(), pin, device, right=right, what=what, at=now()).get_username()
