"""Flipkart's errors in words."""

from collections.abc import Mapping

from quartermaster.connectors.complaints import Complaint
from quartermaster.connectors.picked import objects, text


def complaint(said: Mapping[str, object]) -> Complaint:
    """A list of errors, one of its own, or OAuth's."""
    for wrong in (*objects(said.get("errors")), said):
        because = text(wrong.get("description") or wrong.get("message") or wrong.get("errorMessage"))
        because = because or text(wrong.get("error_description"))
        code = text(wrong.get("code") or wrong.get("errorCode") or wrong.get("error"))
        if because or code:
            return Complaint("", because or code)
    return Complaint("", "")


def failure(said: Mapping[str, object]) -> str:
    """What it says is wrong with one shipment of a call; "" when nothing is."""
    is_done = text(said.get("status") or said.get("processingStatus")).upper() == "SUCCESS"
    if is_done:
        return ""
    parts = (text(said.get("errorMessage")), text(said.get("errorCode")))
    return next(filter(None, parts), "Flipkart does not say why")
