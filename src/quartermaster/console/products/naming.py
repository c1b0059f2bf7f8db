"""How titles and codes are to look: tried on the products before it counts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now

from quartermaster.console.gate import actor
from quartermaster.console.notices import tell
from quartermaster.core.errors import Invalid
from quartermaster.core.texts import short, whole
from quartermaster.quality.actions import set_naming
from quartermaster.quality.actions.naming import check_patterns
from quartermaster.quality.queries.naming import NamingRules, against, naming
from quartermaster.quality.rules.causes import CAUSES

PATTERNS = ("title_pattern", "code_pattern")


def page(request: HttpRequest) -> HttpResponse:
    """GET /products/naming"""
    rules = naming()
    return _shown(request, rules, rules.title_pattern, rules.code_pattern)


def keep(request: HttpRequest) -> HttpResponse:
    """POST /products/naming: keep them, or only try them on the products."""
    given = request.POST
    title, code = (short(given.get(name, ""), 255) for name in PATTERNS)
    basis = given.get("version", "")
    try:
        if given.get("what") == "try":
            check_patterns(title, code)
            return _shown(request, naming(), title, code, tried=against(title, code))
        set_naming(
            title_pattern=title,
            code_pattern=code,
            off=[name for name in CAUSES if name not in given.getlist("on")],
            because=short(given.get("because", ""), 500),
            basis=whole(basis, 9),
            at=now(),
            by=actor(request),
        )
    except Invalid as refusal:
        return _shown(request, naming(), title, code, errors=dict(refusal.errors))
    tell(request, "Kept. Every product is looked at anew.")
    return redirect("products-naming")


def _shown(
    request: HttpRequest,
    rules: NamingRules,
    title: str,
    code: str,
    *,
    tried: tuple[int, list[tuple[str, str]]] | None = None,
    errors: dict[str, str] | None = None,
) -> HttpResponse:
    context = {
        "section": "products",
        "rules": rules,
        "title_pattern": title,
        "code_pattern": code,
        "tried": tried,
        "errors": errors or {},
        "causes": [(one, one.name not in rules.off) for one in CAUSES.values()],
    }
    return render(request, "products/naming.html", context, status=422 if errors else 200)
