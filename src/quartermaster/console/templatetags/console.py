"""How pages write money, moments, counts and sizes: one place, so that every page writes them alike."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import now

from quartermaster.console.navigation import COUNTED_MAX
from quartermaster.console.times import Left, time_left
from quartermaster.core.money import BadAmount, Money

register = template.Library()

_SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "INR": "₹", "JPY": "¥", "CAD": "CA$", "AUD": "A$", "PLN": "zł "}
_ORDER = re.compile(r"\bSO-([1-9][0-9]{0,17})\b")
_TIGHT = "\u202f"  # a narrow space that does not break


@register.filter
def money(minor: int | None, currency: str) -> str:
    """€1,234.50. Negative in parentheses; a currency nobody knows stays minor units with its code."""
    if minor is None:
        return "unknown"
    try:
        amount = f"{Money(abs(minor), currency).decimal:,}"
    except BadAmount:
        return f"{minor} minor units of {currency or 'an unnamed currency'}"
    told = f"{_SIGNS[currency]}{amount}" if currency in _SIGNS else f"{currency}\u00a0{amount}"
    return f"({told})" if minor < 0 else told


@register.filter
def sums(amounts: Mapping[str, int]) -> str:
    """€1,148 + $20: each currency for itself, whole units. A dash where there is no money in it."""
    told = [
        money(minor, currency).split(".")[0]
        for currency, minor in sorted(amounts.items(), key=lambda x: -x[1])
    ]
    return " + ".join(told[:2]) + (" + …" if told[2:] else "") if told else "–"


@register.filter
def left(until: datetime) -> Left:
    """Time left until then, or how late it is."""
    return time_left(until, now())


@register.filter
def moment(at: datetime | None) -> SafeString:
    """23 Nov 09:03, with the whole of it, zone named, for the pointer. Another year is written out."""
    return _time(at, "%-d %b %H:%M" if at and at.year == now().year else "%-d %b %Y %H:%M")


@register.filter
def minutes(count: int) -> str:
    """50 min, 4 h, 4 h 5 min."""
    hours, rest = divmod(count, 60)
    return " ".join(filter(None, (f"{hours} h" if hours else "", f"{rest} min" if rest or not hours else "")))


@register.filter
def clock_only(at: datetime) -> SafeString:
    """09:12:40, with the whole of it for the pointer."""
    return _time(at, "%H:%M:%S")


@register.filter
def short_moment(at: datetime) -> SafeString:
    """08:31 when it is of today, else 21 Nov."""
    return _time(at, "%H:%M" if at.astimezone(UTC).date() == now().date() else "%-d %b")


@register.filter
def site_time(at: datetime) -> SafeString:
    """15:00, by the clock of the site it belongs to."""
    whole = f"{at:%H:%M} {at.tzname()}, {at.astimezone(UTC):%H:%M} UTC"
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), whole, f"{at:%H:%M}")


@register.filter
def date_in(at: datetime) -> str:
    """Monday 23 November, by the clock it is told in."""
    return f"{at:%A} {at.day} {at:%B}"


@register.filter
def weekday_time(at: datetime) -> str:
    """Friday 17:00, by the clock it is told in."""
    return f"{at:%A %H:%M}"


@register.filter
def clock(at: datetime | None) -> SafeString:
    """The moment to the second, zone named: where order matters more than room."""
    return _time(at, "%-d %b %Y, %H:%M:%S UTC")


def _time(at: datetime | None, form: str) -> SafeString:
    if at is None:
        return mark_safe('<span class="faint">never</span>')  # a constant
    at = at.astimezone(UTC)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        at.isoformat(timespec="seconds"),
        f"{at:%A} {at.day} {at:%B %Y, %H:%M:%S} UTC",
        f"{at.strftime(form)}",
    )


@register.filter
def age(at: datetime) -> str:
    """4 min, 3 h, 12 d: how long ago, in the one unit that matters."""
    past = max(now() - at, timedelta(0))
    minutes = past // timedelta(minutes=1)
    if minutes < 1:
        return f"{past.seconds}{_TIGHT}s"
    if minutes < 60:
        return f"{minutes}{_TIGHT}min"
    return f"{minutes // 60}{_TIGHT}h" if minutes < 48 * 60 else f"{minutes // 1440}{_TIGHT}d"


@register.filter
def ago(at: datetime) -> str:
    """just now, 4 min ago."""
    return "just now" if now() - at < timedelta(minutes=1) else f"{age(at)} ago"


@register.filter
def size(count: int) -> str:
    """Bytes as people read them: 812 B, 4.1 kB, 1.2 MB."""
    if count < 1000:
        return f"{count}{_TIGHT}B"
    return f"{count / 1000:.1f}{_TIGHT}kB" if count < 1_000_000 else f"{count / 1_000_000:.1f}{_TIGHT}MB"


@register.filter
def weight(grams: int) -> str:
    """640 g, 1.9 kg."""
    return f"{grams}{_TIGHT}g" if grams < 1000 else f"{grams / 1000:.1f}{_TIGHT}kg"


@register.filter
def count(number: int) -> str:
    """1,284; beyond what is counted, 10,000+."""
    return f"{COUNTED_MAX:,}+" if number > COUNTED_MAX else f"{number:,}"


@register.filter
def exactly(number: int) -> str:
    """1,284,000: for what was really counted to the end."""
    return f"{number:,}"


@register.filter
def with_orders(text: str) -> SafeString:
    """Text from anywhere, escaped, with order numbers in it made links."""
    safe = conditional_escape(text)
    return mark_safe(_ORDER.sub(r'<a class="link" href="/orders/SO-\1">SO-\1</a>', safe))  # noqa: S308  # escaped above
