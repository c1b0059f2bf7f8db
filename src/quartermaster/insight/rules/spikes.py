"""When something goes wrong so much more often than elsewhere that it cannot be chance. Pure."""

from math import exp, lgamma, log, log1p
from typing import NamedTuple

HITS_MIN = 5  # fewer are told one by one, on the pages of their orders
TIMES_MIN = 2.0  # as often as elsewhere: what is only a little worse calls for nobody
CHANCE_MAX = 0.0001  # so seldom would it come to this by chance; there are hundreds of lanes and products
PAST_MIN = 30  # with fewer of its own, a thing has no past to be compared with


class Share(NamedTuple):
    """`hits` of `of` went wrong."""

    hits: int
    of: int

    @property
    def rate(self) -> float:
        return self.hits / self.of if self.of else 0.0

    def less(self, other: "Share") -> "Share":
        return Share(self.hits - other.hits, self.of - other.of)


def normal(mine: Share, everywhere: Share, past: Share | None = None) -> float:
    """What share is normal: that of all the others, or of its own past where that is worse."""
    elsewhere = everywhere.less(mine).rate
    return max(elsewhere, past.rate) if past and past.of >= PAST_MIN else elsewhere


def stands_out(mine: Share, usual: float) -> bool:
    """Often enough, far enough from what is usual, and too unlikely to be chance."""
    return (
        mine.hits >= HITS_MIN
        and mine.rate >= TIMES_MIN * usual
        and at_least(mine.hits, mine.of, usual) <= CHANCE_MAX
    )


def at_least(hits: int, of: int, rate: float) -> float:
    """How likely `hits` or more of `of` are, each with this chance: the upper tail of the binomial.

    Exact where hits are more than expected, which is where it is asked; 1.0 otherwise.
    """
    if hits <= of * rate:
        return 1.0
    if rate <= 0:
        return 0.0
    ways = lgamma(of + 1) - lgamma(hits + 1) - lgamma(of - hits + 1)
    term = exp(ways + hits * log(rate) + (of - hits) * log1p(-rate))
    total = 0.0
    for n in range(hits, of + 1):
        total += term
        if term <= total * 1e-12:
            break
        term *= (of - n) / (n + 1) * rate / (1 - rate)
    return min(1.0, total)


def lane_words(mine: Share, usual: float, days: int) -> str:
    return (
        f"{mine.hits:,} of {mine.of:,} parcels due in {days} days came late or not at all: "
        f"{_percent(mine.rate)}, against {_percent(usual)} on the other lanes"
    )


def return_words(mine: Share, usual: float, days: int, reason: str, units: int) -> str:
    told = (
        f"{mine.hits:,} of {mine.of:,} units sold in {days} days came back: {_percent(mine.rate)}, "
        f"against {_percent(usual)}"
    )
    return f"{told}. “{reason}” was said of {units:,} of them" if reason else told


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
