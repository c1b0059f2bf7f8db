"""When a carrier is taken to have failed."""

from msgspec import Struct


class Playbook(Struct, frozen=True):
    """What is done then: a pause with these words, its labels moved or not, for so many hours. fires_on:
    parcels it lets lie before that happens by itself; None: a person does it."""

    carrier: str
    because: str
    moves_labels: bool = True
    fires_on: int | None = None
    ends_after_h: int | None = None


def wrong_with(wanted: Playbook) -> dict[str, str]:
    """By field, in words; empty when it can be written."""
    wrong = {} if wanted.because.strip() else {"because": "say what is told to whoever asks why"}
    if wanted.fires_on is not None and not 1 <= wanted.fires_on <= 100_000:
        wrong["fires_on"] = "from 1 to 100000 parcels"
    if wanted.ends_after_h is not None and not 1 <= wanted.ends_after_h <= 24 * 30:
        wrong["ends_after_h"] = "from 1 hour to 30 days"
    return wrong


def failed(wanted: Playbook, *, unanswered: int, unscanned: int) -> str:
    """Why it fires now, "" while it does not. unanswered: labels it was asked for, and has neither sold nor
    refused; unscanned: parcels it was handed, and has not scanned in the time it is given."""
    if wanted.fires_on is None or unanswered + unscanned < wanted.fires_on:
        return ""
    told = (
        (unscanned, "parcel it has not scanned", "parcels it has not scanned"),
        (unanswered, "label it does not answer for", "labels it does not answer for"),
    )
    return " and ".join(f"{count} {one if count == 1 else many}" for count, one, many in told if count)
