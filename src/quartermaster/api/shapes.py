"""The JSON everybody shares: money, ids, texts, pages, problems. Strict: nothing is converted silently."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, get_args, get_type_hints

from msgspec import Struct
from msgspec.structs import fields
from pydantic import (
    AfterValidator,
    AwareDatetime,
    Base64Bytes,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    create_model,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from quartermaster.core.money import MINOR_MAX
from quartermaster.core.pages import LIMIT, LIMIT_MAX, Page
from quartermaster.core.photos import PHOTO_MAX
from quartermaster.core.quantities import QUANTITY_MAX
from quartermaster.core.texts import TEXT_MAX, storable


class Shape(BaseModel):
    """Something we answer, read from whatever the queries return."""

    model_config = ConfigDict(from_attributes=True)


class Sent(BaseModel):
    """Something we are sent: an int is an int, a text a text, and a field we do not know is a mistake."""

    model_config = ConfigDict(strict=True, extra="forbid")


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def _rfc3339(value: object) -> object:
    if not (isinstance(value, str) and _RFC3339.fullmatch(value)):
        raise ValueError("must be a text like 2026-11-23T09:30:00Z")
    return value


def _iso_day(value: object) -> object:
    """What we answer is a day already."""
    if type(value) is date or (isinstance(value, str) and _DAY.fullmatch(value)):
        return value
    raise ValueError("must be a text like 2026-11-23")


@dataclass(frozen=True)
class Told:
    """A description in the OpenAPI document, whatever else is said about the type."""

    text: str

    def __get_pydantic_json_schema__(
        self, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {**handler(core_schema), "description": self.text}


def _utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("is outside the years 1 to 9999 in UTC") from None


Text = Annotated[str, Field(max_length=TEXT_MAX), AfterValidator(storable)]
Code = Annotated[str, Field(min_length=1, max_length=TEXT_MAX), AfterValidator(storable)]
Because = Annotated[str, Field(min_length=1, max_length=1000, pattern=r"\S"), AfterValidator(storable)]
Quantity = Annotated[int, Field(ge=1, le=QUANTITY_MAX, strict=True)]
Count = Annotated[int, Field(ge=0, le=QUANTITY_MAX, strict=True)]
Revision = Annotated[int, Field(ge=1, le=2**31 - 1)]
Minor = Annotated[int, Field(ge=0, le=MINOR_MAX, strict=True)]
Moment = Annotated[AwareDatetime, Field(strict=False), BeforeValidator(_rfc3339), AfterValidator(_utc)]
Day = Annotated[date, Field(strict=False), BeforeValidator(_iso_day)]
RowId = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,17}$"), Told("An opaque id we gave.")]
ParcelId = Annotated[
    str,
    Field(pattern=r"^(P-)?[1-9][0-9]{0,17}$"),
    AfterValidator(lambda told: told.removeprefix("P-")),
    Told("A parcel by its id, 17, or its number, P-17."),
]
Country = Annotated[str, Field(pattern=r"^([A-Z]{2})?$"), Told("ISO 3166-1 alpha-2, or empty.")]

# Query parameters: texts by nature, so whole numbers are read from digits and from nothing else.
After = Annotated[str, Field(pattern=r"^(0|[1-9][0-9]{0,17})?$"), Told("`next` of the page before.")]
Limit = Annotated[int, Field(ge=1, le=LIMIT_MAX), Told("Items on a page.")]
LIMIT_DEFAULT = LIMIT
Filter = Annotated[str, Field(max_length=1000), AfterValidator(storable)]


class Money(Shape):
    """Minor units (cents) and an ISO 4217 currency."""

    minor: int
    currency: str


class FieldProblem(Shape):
    field: str
    because: str


class Problem(Shape):
    """application/problem+json. `code` is stable; `title` says what happened, `remedy` what to do now."""

    status: int
    code: str
    title: str
    detail: str
    remedy: str
    errors: list[FieldProblem]
    request_id: str


class Items[T](Shape):
    """A page. `next` goes into `after` for the following one; null when this is the last."""

    items: list[T]
    next: str | None


def listed(found: Page[Any]) -> dict[str, Any]:
    """A page as `Items` reads it."""
    return {"items": found.items, "next": found.next}


def told_as(struct: type[Struct]) -> type[Shape]:
    """A shape with the fields and the properties of what a query returns, for one that is answered as it is:
    they are written once. A field made of other structs is named again by who subclasses it."""
    told: dict[str, Any] = {
        field.name: (field.type, ...)
        for field in fields(struct)
        if not any(
            isinstance(kind, type) and issubclass(kind, Struct)
            for kind in (field.type, *get_args(field.type))
        )
    }
    for name, value in vars(struct).items():
        if isinstance(value, property):
            told[name] = (get_type_hints(value.fget)["return"], ...)
    return create_model(f"Told[{struct.__name__}]", __base__=Shape, **told)


class Reason(Sent):
    because: Because


class PhotoSent(Sent):
    """photo: JPEG, PNG or WebP in base64, at most 4 MB."""

    photo: Annotated[Base64Bytes, Field(max_length=2 * PHOTO_MAX, strict=False)]


class PhotoKept(Shape):
    id: str


type Json = dict[str, Any]
