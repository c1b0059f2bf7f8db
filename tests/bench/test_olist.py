"""The benchmark of a real shop's history, on a small one: every figure, and nothing that is wired in."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from bench.olist import run as olist
from tests.bench.small_olist import TRUTH, written

pytestmark = pytest.mark.django_db


def measured(folder: Path) -> olist.Outcome:
    (folder / "scratch").mkdir()
    return olist.measure(folder, folder / "scratch")


def test_every_figure_of_a_small_shop_is_equal_to_the_one_counted_by_hand(tmp_path: Path) -> None:
    outcome = measured(written(tmp_path))
    assert [figure for figure in outcome.figures if not figure["is_equal"]] == []
    quality = TRUTH["data_quality"]
    assert isinstance(quality, dict)
    assert len(outcome.figures) == len(TRUTH) - 1 + len(quality)
    assert (outcome.differs, outcome.broken) == ([], [])
    assert outcome.is_true


def test_a_figure_that_differs_and_one_that_nobody_knows_are_found(tmp_path: Path) -> None:
    written(tmp_path)
    truth: dict[str, Any] = {
        "orders": 13,
        "cancellation_rate": 0.083334,
        "tea_breaks": 4,
        "order_item_rows": 11,
    }
    (tmp_path / "ground_truth_small.json").write_text(json.dumps({"withheld": truth}))
    outcome = measured(tmp_path)
    told = {figure["name"]: (figure["is_equal"], figure["ours"]) for figure in outcome.figures}
    assert told["orders"] == (False, 12)
    assert told["tea_breaks"] == (False, None)
    assert told["order_item_rows"] == (True, 11)
    assert not told["cancellation_rate"][0]
    assert not outcome.is_true


def test_a_section_covers_the_orders_of_its_period(tmp_path: Path) -> None:
    written(tmp_path)
    period = {"purchase_first": "2017-02-01 08:00:00", "purchase_last": "2017-02-06 10:00:00"}
    truth = {
        "february": {"orders": 6, **period, "order_item_rows": 3},
        "all": {"orders": 12},
        "notes": {"x": 1},
    }
    (tmp_path / "ground_truth_small.json").write_text(json.dumps(truth))
    outcome = measured(tmp_path)
    assert [figure["is_equal"] for figure in outcome.figures] == [True] * 5


@pytest.mark.parametrize(
    ("truth", "ours", "is_same"),
    [
        (Decimal("0.0067"), 0.00669, True),
        (Decimal("0.006697"), 0.006696, False),
        (Decimal("6706.000000000131"), 6706.0, True),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        ([1, "x"], [1, "x"], True),
        ("x", None, False),
        (3, None, False),
    ],
)
def test_figures_are_compared_to_the_digits_given(truth: object, ours: object, is_same: bool) -> None:
    from bench.olist.compare import same

    assert same(truth, ours, 2) is is_same
