"""What channels and scanners call a SKU."""

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router, Status
from pydantic import Field

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import LIMIT_DEFAULT, After, Code, Filter, Items, Limit, Sent, Shape
from quartermaster.catalog.actions import NewAlias, add_aliases, remove_alias, remove_barcode
from quartermaster.catalog.queries import aliases as find_aliases
from quartermaster.core.texts import storable

router = Router(tags=["Catalog"])
READ, WRITE = Bearer("catalog:read"), Bearer("catalog:write")


class Alias(Shape):
    """The channel of `connection` calls `sku` by the name of `code`."""

    connection: str
    code: str
    sku: str


class AliasWanted(Sent):
    connection: Code
    code: Code
    sku: Code


@router.get("/aliases", auth=READ, response=Items[Alias], summary="List aliases, oldest first")
def aliases(
    request: HttpRequest, connection: Filter = "", after: After = "", limit: Limit = LIMIT_DEFAULT
) -> dict[str, Any]:
    found = find_aliases(connection=connection, after=after, limit=limit)
    items = [Alias(connection=slug, code=code, sku=sku) for slug, code, sku in found.items]
    return {"items": items, "next": found.next}


@router.post("/aliases", auth=WRITE, response={201: Alias}, summary="Say what a channel calls a SKU")
def add_alias(request: HttpRequest, wanted: AliasWanted) -> Alias:
    """A name that is known is pointed to the SKU given. Orders that waited for it are healed."""
    alias = NewAlias(connection=wanted.connection, code=wanted.code, sku=wanted.sku)
    (outcome,) = add_aliases([alias], at=now(), by=actor(request), source="api")
    if outcome.refused:
        raise outcome.refused
    return Alias(connection=wanted.connection, code=wanted.code, sku=wanted.sku)


@router.delete("/aliases", auth=WRITE, response={204: None}, summary="Forget an alias")
def drop_alias(
    request: HttpRequest,
    connection: Annotated[Filter, Field(min_length=1)],
    code: Annotated[Filter, Field(min_length=1)],
) -> Status[None]:
    """Orders that came under that name keep their SKU."""
    remove_alias(connection, code, at=now(), by=actor(request))
    return Status(204, None)


@router.delete("/barcodes/{path:code}", auth=WRITE, response={204: None}, summary="Forget a barcode")
def drop_barcode(request: HttpRequest, code: str) -> Status[None]:
    """It may be given to another SKU then."""
    remove_barcode(storable(code), at=now(), by=actor(request))
    return Status(204, None)
