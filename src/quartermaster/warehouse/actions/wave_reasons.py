"""Why a wave takes what it takes, as it is kept with it."""

from collections.abc import Collection, Mapping
from typing import Any

from msgspec.structs import asdict

from quartermaster.core import sql
from quartermaster.warehouse.actions.make_pick_list import TURN
from quartermaster.warehouse.actions.propose_wave import Proposal
from quartermaster.warehouse.rules.choosing import RULE, VERSION
from quartermaster.warehouse.rules.grouping import Plan

LEFT_SHOWN = 100


def previewed(proposal: Proposal) -> str:
    """The wave as it would be made now, as JSON of queries.wave_plans.Previewed."""
    because = reasons(proposal, proposal.plan, set(proposal.picks))
    count = len(proposal.plan.batches)
    found = {"mode": proposal.mode, "routing": proposal.routing, "list_count": count, "because": because}
    return sql.rows([found])[1:-1]


def reasons(proposal: Proposal, plan: Plan, taken: Collection[int]) -> Mapping[str, Any]:
    """What was asked, by which policy and rule, whom it took and whom it left, why these lists, and what that
    saves. `taken`: orders that were still there."""
    choice, wanted = proposal.choice, proposal.wanted
    limits = wanted.limits or proposal.policy.policy.limits
    left = [n for n in range(len(proposal.queue)) if n not in set(choice.taken)]
    chosen = list(choice.because)
    if gone := len(choice.taken) - len(taken):
        chosen.append(f"taken or changed by others meanwhile: {gone}")
    return {
        "asked": {**asdict(wanted), "limits": limits._asdict()},
        "policy": proposal.policy.version,
        "rule": RULE,
        "rule_version": VERSION,
        "queue": TURN,
        "considered": len(proposal.queue),
        "chosen": chosen,
        "aisles": len(choice.aisles),
        "aisles_in_turn": choice.in_turn,
        "lists": plan.because,
        "length_mm": plan.length,
        "one_by_one_mm": plan.one_by_one,
        "orders": [
            _told(proposal, n, "by turn" if place < choice.urgent else "short walk")
            for place, n in enumerate(choice.taken)
            if proposal.queue[n].order_id in taken
        ],
        "left": len(left),
        "left_first": [
            _told(proposal, n, "larger than a wave" if n in choice.too_large else "next wave")
            for n in left[:LEFT_SHOWN]
        ],
        "batches": [len(one) for one in plan.batches],
    }


def _told(proposal: Proposal, number: int, because: str) -> Mapping[str, Any]:
    one, candidate = proposal.queue[number], proposal.candidates[number]
    return {
        "number": f"SO-{one.order_id}",
        "priority": one.priority,
        "ship_by": one.ship_by,
        "lines": candidate.lines,
        "units": candidate.units,
        "because": because,
    }
