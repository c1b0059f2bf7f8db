"""A working week as people say it."""

from itertools import groupby

_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def week_told(week: str) -> str:
    """ "12345" as "Mon–Fri", "1356" as "Mon, Wed, Fri, Sat"."""
    days = [int(number) for number in week]
    runs = [
        [day for _, day in run] for _, run in groupby(enumerate(days), key=lambda pair: pair[1] - pair[0])
    ]
    return ", ".join(
        f"{_NAMES[run[0] - 1]}–{_NAMES[run[-1] - 1]}"
        if len(run) > 2
        else ", ".join(_NAMES[day - 1] for day in run)
        for run in runs
    )
