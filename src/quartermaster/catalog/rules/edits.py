"""A row of an edited table beside the SKU as it is: what it changes, and what is wrong with it."""

from collections.abc import Mapping

from msgspec import Struct

from quartermaster.catalog.rules import skus
from quartermaster.catalog.rules.columns import COLUMNS, Wrong, read, shown
from quartermaster.catalog.rules.damage import damage, shortened
from quartermaster.catalog.rules.skus import Draft, Facts


class Edit(Struct, frozen=True, kw_only=True):
    """What somebody wants of a SKU. cells: column -> text, "" empties it; columns left out stay.

    version: of the SKU that was looked at; None: whatever it is now. expects: column -> what must stand there
    now, for what is taken back. line: of a file.
    """

    code: str
    cells: Mapping[str, str]
    version: int | None = None
    expects: Mapping[str, str] = {}
    line: int | None = None


class Planned(Struct, frozen=True, kw_only=True):
    """changes: column -> (before, after), as text. refused: "", or why the row is not applied. notes: what
    was recognised as harmed, and left as it was."""

    code: str
    changes: Mapping[str, tuple[str, str]] = {}
    refused: str = ""
    notes: tuple[str, ...] = ()
    line: int | None = None


def plan(edit: Edit, now: Facts | None, *, version: int = 0) -> tuple[Planned, Draft | None]:
    """What the row comes to; the draft is None when there is nothing to be done, or it is refused."""
    if now is None:
        return _refused(edit, f"there is no SKU {edit.code[:80]}"), None
    changes: dict[str, tuple[str, str]] = {}
    notes: list[str] = []
    wrong: list[str] = []
    for name, text in edit.cells.items():
        before, given = shown(name, now), _kept(name, text)
        if given == before or _harm(name, before, given, notes):
            continue
        if COLUMNS[name].kind in ("code", "whole") and shortened(given):
            wrong.append(f"{name}: {given} was shortened by a spreadsheet, the digits are lost")
            continue
        changes[name] = (before, given)
    if moved := [name for name, text in edit.expects.items() if shown(name, now) != text]:
        return _refused(edit, f"{', '.join(moved)}: changed since"), None
    if changes and edit.version not in (None, version):
        return _refused(edit, "somebody changed the SKU meanwhile: look at it again", changes), None
    draft = _draft(edit.code, changes, now, wrong)
    if not wrong and draft is not None:
        after = skus.after(now, draft)
        wrong = [f"{name}: {because}" for name, because in skus.errors_in(edit.code, after).items()]
    if wrong:
        return _refused(edit, "; ".join(wrong), changes), None
    real = {
        name: pair
        for name, pair in changes.items()
        if draft and shown(name, skus.after(now, draft)) != pair[0]
    }
    planned = Planned(code=edit.code, changes=real, notes=tuple(notes), line=edit.line)
    return planned, draft if real else None


def _kept(name: str, text: str) -> str:
    """A title keeps its spaces; what is a code or a number has none around it."""
    return text if name == "title" else text.strip()


def _harm(name: str, before: str, given: str, notes: list[str]) -> str:
    if COLUMNS[name].kind != "code":
        return ""
    found = damage(before, given)
    if found:
        notes.append(f"{name}: {found}; it stays {before}")
    return found


def _draft(code: str, changes: Mapping[str, tuple[str, str]], now: Facts, wrong: list[str]) -> Draft | None:
    """A SKU as the cells want it; what cannot be read is added to `wrong`."""
    currency = changes["currency"][1] if "currency" in changes else str(now["currency"])
    given: dict[str, object] = {}
    for name, (_, text) in changes.items():
        try:
            given[COLUMNS[name].field] = read(name, text, currency=currency)
        except Wrong as error:
            wrong.append(f"{name}: {error}")
    if wrong or not given:
        return None
    if "currency" in given and "cost_minor" not in given and now["cost_minor"] is not None:
        wrong.append("currency: the cost is in the old one; give it anew beside it")
        return None
    if "barcodes" in given:
        wanted, known = given["barcodes"], now["barcodes"]
        assert isinstance(wanted, Mapping)
        assert isinstance(known, Mapping)
        given["without"] = tuple(sorted(known.keys() - wanted.keys()))
    return Draft(code=code, **given)  # type: ignore[arg-type]  # read by their columns


def _refused(edit: Edit, because: str, changes: Mapping[str, tuple[str, str]] | None = None) -> Planned:
    return Planned(code=edit.code, changes=changes or {}, refused=because[:1000], line=edit.line)
