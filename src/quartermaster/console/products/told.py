"""What shops were told that their listings say: how far each is, and putting it back."""

from typing import NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now

from quartermaster.channels.actions import put_back
from quartermaster.channels.queries.contents import ContentPushed, ContentShown, contents, pushed
from quartermaster.console.asked import one_of, texts
from quartermaster.console.gate import actor
from quartermaster.console.notices import tell
from quartermaster.console.orders.queries import user_names
from quartermaster.console.orders.timeline import actor as named
from quartermaster.console.products.words import Word
from quartermaster.core.texts import whole

SHOWS = {"all": "All", "waiting": "Under way", "trouble": "Not told", "confirmed": "Confirmed"}
FIELDS = {"title": "title", "barcode": "barcode", "weight_g": "weight, g"}
WORDS = {
    "due": Word("waiting", "is-accent"),
    "sent": Word("being sent", "is-accent"),
    "asked": Word("sent, to be seen", "is-accent"),
    "confirmed": Word("confirmed", "is-good"),
    "refused": Word("refused", "is-bad"),
    "changed": Word("changed meanwhile", "is-warn"),
    "stuck": Word("the shop keeps its own", "is-bad"),
    "withdrawn": Word("not sent", ""),
}


class Stands(NamedTuple):
    """A row, and a word for how far it is."""

    row: ContentShown
    word: Word


def stands(row: ContentShown) -> Stands:
    return Stands(row, WORDS[row.state])


def asked_for(made: ContentPushed) -> str:
    """What became of a push, in a few words."""
    told = (
        (made.waiting, "on the way"),
        (made.confirmed, "confirmed"),
        (made.refused, "not told"),
        (made.withdrawn, "not sent"),
    )
    return ", ".join(f"{count:,} {what}" for count, what in told if count) or "nothing"


def page(request: HttpRequest) -> HttpResponse:
    """GET /products/told?show=trouble&push=7&after="""
    asked = texts(request, "show", "push", "after")
    show = one_of(asked["show"], SHOWS) or "all"
    push = whole(asked["push"], 17)
    found = contents(show=show, push=push, after=asked["after"])  # type: ignore[arg-type]  # one of them
    one = pushed(push) if push is not None else None
    made_by = {row.made_by for row in found.items} | ({one.made_by} if one else set())
    names = user_names({by.removeprefix("user:") for by in made_by})
    keep = {} if push is None else {"push": str(push)}
    here = keep if show == "all" else {**keep, "show": show}
    context = {
        "section": "products",
        "push": one,
        "became": asked_for(one) if one else "",
        "who": named(one.made_by, names) if one else "",
        "may_undo": one is not None and one.undone_by is None and bool(one.waiting or one.confirmed),
        "rows": [(stands(row), FIELDS[row.field], named(row.made_by, names)) for row in found.items],
        "tabs": [
            (f"?{urlencode({**keep, 'show': name})}", title, name == show) for name, title in SHOWS.items()
        ],
        "newer": f"?{urlencode(here)}" if asked["after"] else None,
        "older": f"?{urlencode({**here, 'after': found.next})}" if found.next else None,
    }
    return render(request, "products/told.html", context)


def undo(request: HttpRequest, push_id: int) -> HttpResponse:
    """POST /products/told/7: what was there before is told again, what was not sent yet is not sent."""
    back = put_back(push_id, at=now(), by=actor(request))
    if back is None:
        tell(request, f"Push {push_id} is withdrawn: nothing of it had been sent.")
        return redirect(f"{reverse('products-told')}?push={push_id}")
    tell(request, f"Push {push_id} is being put back: {asked_for(pushed(back))}.")
    return redirect(f"{reverse('products-told')}?push={back}")
