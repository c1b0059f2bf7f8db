"""What an address asks for, as text that is safe to look up."""

from collections.abc import Container

from django.http import HttpRequest

from quartermaster.core.texts import short

TEXT_MAX = 255


def texts(request: HttpRequest, *names: str) -> dict[str, str]:
    """Parameters of the address by name, "" where not given: storable, and of a length people type."""
    return {name: short(request.GET.get(name, ""), TEXT_MAX) for name in names}


def one_of(text: str, known: Container[str]) -> str:
    """The text when it is among the known ones, else ""."""
    return text if text in known else ""
