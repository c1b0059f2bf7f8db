"""A small table that comes with a form."""

from django.http import HttpRequest

from quartermaster.core.errors import Invalid

FILE_MAX = 1_000_000


def uploaded(request: HttpRequest) -> str:
    """Its text, "" where no file was chosen. Raises Invalid."""
    sent = request.FILES.get("file")
    if sent is None or not sent.size:
        return ""
    if sent.size > FILE_MAX:
        raise Invalid(what="The table", errors={"file": f"a CSV file of at most {FILE_MAX // 1000} kB"})
    try:
        return str(sent.read(), "utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid(what="The table", errors={"file": "CSV in UTF-8"}) from None
