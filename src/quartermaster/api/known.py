"""Only parameters we know: a misspelt filter must not quietly find everything."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja.operation import Operation

from quartermaster.api.auth import caller
from quartermaster.core.errors import Invalid
from quartermaster.core.texts import short

type Run = Callable[..., HttpResponse]


def only_known(run: Run) -> Run:
    """Wrap an operation: a query parameter it does not have is refused, each one named."""
    operation = inspect.unwrap(run).__self__  # the bound Operation.run
    assert isinstance(operation, Operation)
    known = frozenset(
        name
        for model in operation.models
        if model.__ninja_param_source__ == "query"
        for name in model.__ninja_flatten_map__
    )

    @wraps(run)
    def wrapped(request: HttpRequest, **path: Any) -> HttpResponse:
        unknown = sorted(set(request.GET) - known)
        if unknown and caller(request):
            there_are = f"is not a parameter here; there are: {', '.join(sorted(known)) or 'none'}"
            raise Invalid(what="The address", errors={short(name, 80): there_are for name in unknown[:20]})
        return run(request, **path)

    return wrapped
