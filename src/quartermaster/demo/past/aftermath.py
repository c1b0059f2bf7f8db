"""What comes after: units sent back with a reason, money given back, opinions."""

import random
from datetime import datetime, timedelta

from msgspec.structs import replace

from quartermaster.demo.company.goods import PROMOTED
from quartermaster.demo.company.sales import Bought, Sale, shares
from quartermaster.demo.past.story import Back, Opinion, Story

# Its photo shows another brass than the lamp has; so many days ago the photo was changed.
BAD_PHOTO, PHOTO_DAYS = PROMOTED, 26
WRONG_COLOUR = "Colour differs from the photo"
_RETURNED, _RETURNED_BAD_PHOTO = 0.055, 0.62
_REASONS = {
    "Changed my mind": 34, "Too large": 15, "Too small": 9, "Arrived damaged": 14, "Not as described": 11,
    "Wrong item received": 5, "Gift not wanted": 12,
}  # fmt: skip
_CSAT, _NPS = 0.24, 0.1
_ON_TIME, _LATE = (1, 2, 6, 29, 62), (22, 24, 26, 18, 10)  # of a hundred, from 1 to 5
_PRAISE = ("Lovely, and quick.", "Well packed.", "Exactly like the picture.", "", "", "", "")
_BLAME = ("It came days late.", "Nobody told me it was delayed.", "The box was dented.", "", "")


def after_delivery(story: Story, *, now: datetime, chance: random.Random) -> Story:
    """With what buyers did and said about it until now."""
    back = [*_taken_off(story), *_sent_back(story, now, chance)]
    return replace(story, back=tuple(back), opinions=tuple(_opinions(story, now, chance)))


def worth(sale: Sale, line: int, units: int) -> int:
    """Cents that units of a line are worth after their share of the discount."""
    off = shares(sale.discount_minor, [one.gross_minor for one in sale.lines])
    bought = sale.lines[line]
    return (bought.gross_minor - off[line]) * units // bought.quantity


def _taken_off(story: Story) -> list[Back]:
    at = story.sale.placed_at + timedelta(minutes=25)
    return [
        Back(at, line, units, worth(story.sale, line, units), "Taken off before it was sent")
        for line, units in story.taken.items()
    ]


def _sent_back(story: Story, now: datetime, chance: random.Random) -> list[Back]:
    delivered = story.delivered_at
    if delivered is None:
        return []
    found = []
    for parcel in story.sent:
        for line, units in parcel.lines.items():
            bought = story.sale.lines[line]
            is_bad = _is_badly_shown(bought, story.sale.placed_at, now)
            if chance.random() >= (_RETURNED_BAD_PHOTO if is_bad else _RETURNED):
                continue
            days = chance.randint(1, 6) if is_bad else chance.randint(2, 14)
            at = delivered + timedelta(days=days, minutes=chance.randrange(1440))
            reason = WRONG_COLOUR if is_bad else chance.choices(list(_REASONS), list(_REASONS.values()))[0]
            count = units if chance.random() < 0.7 else 1
            if at < now:
                found.append(Back(at, line, count, worth(story.sale, line, count), reason, parcel.site))
    return found


def _is_badly_shown(bought: Bought, placed_at: datetime, now: datetime) -> bool:
    return bought.code.startswith(f"{BAD_PHOTO}-") and placed_at > now - timedelta(days=PHOTO_DAYS)


def _opinions(story: Story, now: datetime, chance: random.Random) -> list[Opinion]:
    delivered = story.delivered_at
    if delivered is None:
        return []
    is_late = story.promised_by is not None and delivered > story.promised_by
    found = []
    if chance.random() < _CSAT:
        score = chance.choices((1, 2, 3, 4, 5), _LATE if is_late else _ON_TIME)[0]
        comment = chance.choice(_PRAISE if score > 3 else _BLAME)
        found.append(Opinion("csat", score, delivered + timedelta(minutes=chance.randint(30, 4000)), comment))
    if chance.random() < _NPS:
        score = chance.randint(0, 8) if is_late else chance.choices(range(6, 11), (8, 9, 20, 30, 33))[0]
        found.append(Opinion("nps", score, delivered + timedelta(minutes=chance.randint(900, 9000))))
    return [one for one in found if one.at < now]
