"""How measures are said on a page."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from quartermaster.marketplaces.queries.officials import Compared
from quartermaster.marketplaces.queries.standings import Past, StandingShown
from quartermaster.marketplaces.rules import words
from quartermaster.marketplaces.rules.rolling import Rolled
from quartermaster.marketplaces.rules.terms import PPM, TITLES, Dated, Terms

LAMPS = {
    "none": ("", "nothing counted"),
    "few": ("", "too few to be held to it"),
    "green": ("is-good", "good"),
    "amber": ("is-warn", "close"),
    "red": ("is-bad", "broken"),
}
DATED = {
    Dated.PLACED: "the order was placed",
    Dated.SHIP_BY: "it was to be shipped",
    Dated.LEFT: "the parcel left",
    Dated.PROMISED: "it was promised for",
}


type Officials = Mapping[tuple[str, str, str, int], tuple[int, int, date]]


def tile(one: StandingShown, officials: Officials | None = None) -> dict[str, Any]:
    """A window of a measure as a row of the page, beside what the marketplace said last."""
    tone, lit = LAMPS[one.state]
    said = (officials or {}).get((one.slug, one.measure, one.country, one.window_days))
    return {
        "it": one,
        "title": TITLES[one.measure],
        "value": words.shown(one.bad, one.n, one.terms),
        "target": words.target(one.terms),
        "tone": tone,
        "lit": lit,
        "counted": f"{one.bad:,} of {words.many(one.n, one.terms)}",
        "room": room(one),
        "official": words.shown(said[1], said[0], one.terms) if said else "",
        "official_on": said[2] if said else None,
    }


def official(one: Compared, terms: Terms) -> dict[str, Any]:
    """Theirs and ours over the same days, as the marketplace shows them."""
    theirs = one.theirs
    return {
        "it": theirs,
        "theirs": words.shown(theirs.bad, theirs.n, terms),
        "counted": f"{theirs.bad:,} of {theirs.n:,}",
        "ours": words.shown(one.ours_bad or 0, one.ours_n or 0, terms),
        "ours_counted": f"{one.ours_bad:,} of {one.ours_n:,}" if one.ours_n is not None else "",
        "because": " ".join(one.because),
    }


def room(one: StandingShown) -> str:
    """How many may still go wrong, or what it needs."""
    match one.state:
        case "red":
            return f"{words.many(one.needs_good, one.terms)} more must go right"
        case "none":
            return "–"
    return words.many(one.headroom, one.terms) if one.headroom else "none"


def rolled(rows: Sequence[Rolled], terms: Terms) -> list[dict[str, Any]]:
    """The days on which something moves, and the last one."""
    before = [None, *(one.state for one in rows)]
    telling = [
        one
        for one, state in zip(rows, before, strict=False)
        if one.leaving or one.coming or one.state != state or one is rows[-1]
    ]
    return [
        {
            "it": one,
            "value": words.shown(one.bad, one.n, terms),
            "tone": LAMPS[one.state][0],
            "lit": LAMPS[one.state][1],
        }
        for one in telling
    ]


def line(rows: Sequence[Past]) -> list[float | None]:
    """The share of each day as it is shown: of defects, or of what went well."""
    return [_share(one) for one in rows]


def _share(one: Past) -> float | None:
    if not one.n:
        return None
    return (one.n - one.bad if one.terms.reads_good else one.bad) / one.n


def terms_told(terms: Terms) -> str:
    """Under 4 % of orders over 10 and 30 days, that ended 1 day ago, by the day the order was placed."""
    days = " and ".join(str(one) for one in terms.windows)
    ended = "ending today" if not terms.ends_days_ago else f"that ended {_days(terms.ends_days_ago)} ago"
    few = f", from {terms.least_n} {terms.counts}s on" if terms.least_n else ""
    auto = ", with those the marketplace cancels for want of shipping" if terms.counts_auto else ""
    warn = words.percent(PPM - terms.warn_ppm if terms.reads_good else terms.warn_ppm)
    return (
        f"{words.target(terms)} of {terms.counts}s over {days} days {ended}, by the day "
        f"{DATED[terms.dated_by]}; amber from {warn}{few}{auto}"
    )


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
