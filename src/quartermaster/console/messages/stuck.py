"""Steps that are stuck: a fact some listener could not take in, and letting it go again."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now

from quartermaster.console.gate import actor
from quartermaster.console.notices import tell
from quartermaster.console.orders.timeline import plain
from quartermaster.core.actions import retry as let_go
from quartermaster.core.queries import stuck as page


def deliveries(request: HttpRequest) -> HttpResponse:
    """GET /stuck?after="""
    found = page(after=request.GET.get("after", ""))
    return render(
        request,
        "messages/stuck.html",
        {
            "section": "messages",
            "rows": [(row, row.subject.removeprefix("order:"), plain(row.event)) for row in found.items],
            "next": f"?after={found.next}" if found.next else None,
        },
    )


def retry(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """POST /stuck/5/retry"""
    let_go(delivery_id, at=now(), by=actor(request))
    tell(request, "It goes again now. If it fails again, it comes back here.")
    return redirect("deliveries")
