"""What a packer is told before the first scan: the cartons, or why nobody can say."""

from collections.abc import Iterator

from msgspec import Struct

from quartermaster.shipping.rules.cartons.choose import cartonize
from quartermaster.shipping.rules.cartons.shapes import Plan, Wanted


class Suggestion(Struct, frozen=True):
    """`plan` is None when something was never measured, or the site has no carton: nothing is guessed."""

    plan: Plan | None
    because: tuple[str, ...]


def suggest(wanted: Wanted) -> Suggestion:
    lacking = tuple(_lacking(wanted))
    if lacking:
        return Suggestion(None, lacking)
    plan = cartonize(wanted)
    return Suggestion(plan, plan.because)


def _lacking(wanted: Wanted) -> Iterator[str]:
    if not wanted.goods:
        yield "Nothing that was picked waits for a carton."
    if not wanted.packaging.cartons:
        yield "No carton is switched on at this site."
    for one in wanted.goods:
        unknown = [name for name, known in (("size", one.size_mm), ("weight", one.weight_g)) if known is None]
        if unknown:
            verb = "is" if len(unknown) == 1 else "are"
            yield f"{one.sku}: its {' and '.join(unknown)} {verb} not known, so no carton is suggested."
