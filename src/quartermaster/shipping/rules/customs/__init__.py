"""What customs want to know of a parcel that crosses a border."""

from quartermaster.shipping.rules.customs.declare import (
    EU,
    PURPOSES,
    Contents,
    Declaration,
    Good,
    Profile,
    Row,
    Site,
    crosses,
    declare,
)
from quartermaster.shipping.rules.customs.forms import FIRST, Form, Limit, form_for
from quartermaster.shipping.rules.customs.numbers import eori_fault, ioss_fault
from quartermaster.shipping.rules.customs.values import Part

__all__ = [
    "EU",
    "FIRST",
    "PURPOSES",
    "Contents",
    "Declaration",
    "Form",
    "Good",
    "Limit",
    "Part",
    "Profile",
    "Row",
    "Site",
    "crosses",
    "declare",
    "eori_fault",
    "form_for",
    "ioss_fault",
]
