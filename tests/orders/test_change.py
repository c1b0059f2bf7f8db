"""The point of no return: every change at every stage has one honest answer."""

import itertools

import pytest

from quartermaster.orders.rules.change import MATRIX, Answer, Change, Stage, verdict

STAGES = list(Stage)


@pytest.mark.parametrize(("change", "stage"), list(itertools.product(Change, Stage)))
def test_every_change_at_every_stage_is_answered_in_a_sentence(change: Change, stage: Stage) -> None:
    answer = MATRIX[change][stage]
    assert answer.sentence.endswith(".")
    assert bool(answer.steps) == (answer.answer in (Answer.UNDO, Answer.RETURN))


@pytest.mark.parametrize("change", list(Change))
def test_what_has_become_too_late_never_becomes_free_again(change: Change) -> None:
    late = [MATRIX[change][stage].answer in (Answer.NO, Answer.RETURN) for stage in STAGES]
    assert late == sorted(late)


@pytest.mark.parametrize("change", list(Change))
def test_nothing_can_be_undone_once_the_carrier_has_it(change: Change) -> None:
    for stage in (Stage.SHIPPED, Stage.DELIVERED):
        assert MATRIX[change][stage].answer in (Answer.NO, Answer.RETURN)


@pytest.mark.parametrize("change", [Change.CANCEL, Change.EDIT])
def test_a_label_is_voided_before_its_units_go_back(change: Change) -> None:
    assert MATRIX[change][Stage.LABELLED].steps[0] == "void_label"


def test_the_furthest_unit_decides() -> None:
    assert (
        verdict(Change.CANCEL, [Stage.OPEN, Stage.SHIPPED, Stage.PICKED])
        == MATRIX[Change.CANCEL][Stage.SHIPPED]
    )
    assert verdict(Change.CANCEL, []).answer is Answer.FREE
