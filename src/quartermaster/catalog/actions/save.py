"""Make and change SKUs: a constant number of statements for a batch, one refused row stops no other."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from msgspec import UNSET

from quartermaster.catalog import queries
from quartermaster.catalog.actions.outcomes import BarcodeTaken, Outcome, UnitLocked, lock
from quartermaster.catalog.actions.write import write
from quartermaster.catalog.queries import SkuState
from quartermaster.catalog.rules import skus as rules
from quartermaster.catalog.rules.skus import Draft
from quartermaster.core.errors import Invalid, Refused
from quartermaster.core.events import emit
from quartermaster.events import SkuChanged

type Changes = dict[str, tuple[object, object]]


def save_sku(draft: Draft, *, at: datetime, by: str, source: str = "") -> Outcome:
    """Make or change one SKU. Raises Invalid with every field that is wrong, UnitLocked, BarcodeTaken."""
    (outcome,) = save_skus([draft], at=at, by=by, source=source)
    if outcome.refused:
        raise outcome.refused
    return outcome


@transaction.atomic
def save_skus(drafts: Sequence[Draft], *, at: datetime, by: str, source: str = "") -> list[Outcome]:
    """Make the SKUs that are not there, change those that are; one outcome per draft, in their order.

    Several drafts of one SKU apply in their order. What is the same is neither written nor told.
    """
    lock()
    known = queries.states({draft.code for draft in drafts})
    owners = queries.barcode_owners({code for draft in drafts for code in draft.barcodes or ()})
    used = queries.in_use(_unit_changes(drafts, known))
    before: dict[str, Mapping[str, object]] = {code: state.facts for code, state in known.items()}
    now = dict(before)
    outcomes: list[Outcome] = []
    for draft in drafts:
        wanted = rules.after(now.get(draft.code, rules.NEW), draft)
        refused = _refusal(draft, wanted, known.get(draft.code), owners, used)
        if not refused:
            now[draft.code] = wanted
            for barcode in draft.without:
                owners.pop(barcode, None)
            owners |= dict.fromkeys(draft.barcodes or (), draft.code)
        outcomes.append(Outcome(None, refused, {} if refused else rules.doubts_in(wanted)))
    changes: dict[str, Changes] = {}
    for code, sku in now.items():
        if code not in before:
            changes[code] = {"sku": (None, code), **rules.changed(rules.NEW, sku)}
        elif sku is not before[code] and (changed := rules.changed(before[code], sku)):
            changes[code] = changed
    ids = {code: state.id for code, state in known.items()}
    ids |= write({code: now[code] for code in changes}, changes, ids, at=at)
    _tell(changes, ids, at=at, by=by, source=source)
    return [
        outcome
        if outcome.refused
        else outcome._replace(
            sku_id=ids[draft.code], is_new=draft.code in changes, is_made=draft.code not in known
        )
        for draft, outcome in zip(drafts, outcomes, strict=True)
    ]


def _unit_changes(drafts: Iterable[Draft], known: Mapping[str, SkuState]) -> list[int]:
    return [
        state.id
        for draft in drafts
        if (state := known.get(draft.code))
        and draft.base_unit is not UNSET
        and draft.base_unit != state.facts["base_unit"]
    ]


def _refusal(
    draft: Draft,
    wanted: Mapping[str, object],
    known: SkuState | None,
    owners: Mapping[str, str],
    used: set[int],
) -> Refused | None:
    if errors := rules.errors_in(draft.code, wanted):
        return Invalid(what=f"SKU {draft.code[:80]!r}", errors=errors)
    for barcode in draft.barcodes or ():
        if (owner := owners.get(barcode, draft.code)) != draft.code:
            return BarcodeTaken(barcode=barcode, owner=owner)
    if known and known.id in used and (unit := known.facts["base_unit"]) != wanted["base_unit"]:
        return UnitLocked(sku=draft.code, unit=unit, wanted=wanted["base_unit"])
    return None


def _tell(
    changes: Mapping[str, Changes], ids: Mapping[str, int], *, at: datetime, by: str, source: str
) -> None:
    emit(
        SkuChanged(subject=f"sku:{code}", at=at, actor=by, source=source, sku_id=ids[code], changed=changed)
        for code, changed in sorted(changes.items())
    )
