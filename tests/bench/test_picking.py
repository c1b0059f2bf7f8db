"""The benchmark reads the published formats, finds what is best, and notices a length that cannot be."""

import argparse
import json
from pathlib import Path
from typing import Any

import pytest
from bench.picking import run as picking

HEAD = """NAME : mini
LAYOUT : single-block
NUM_AISLES : 2
NUM_CELLS : 4
DEPOT_AISLE : 0
DEPOT_LOCATION : bottom
DISTANCE_AISLE_TO_AISLE : 3
DISTANCE_CELL_TO_CELL : 1
DISTANCE_TOP_TO_CELL : 1
DISTANCE_BOTTOM_TO_CELL : 1
"""
# Cell 3 is one step from the front: in and out of the second aisle is 3 + 1 + 1 + 3.
LIST = "ID 5 AISLE 1 CELL 3 QUANTITY 1\nID 5 QUANTITY 1\n"
SPREAD = "ID 5 AISLE 1 CELL 3 QUANTITY 1\nID 5 AISLE 0 CELL 2 QUANTITY 1\nID 5 QUANTITY 1\n"
ORDERS = """Order 0 number of articles 1
0\tAisle 1\tLocation 0
Order 1 number of articles 1
0\tAisle 0\tLocation 0
"""


def measured(folder: Path, capsys: pytest.CaptureFixture[str], tour: float = 8) -> tuple[int, Any]:
    (folder / "single.txt").write_text(HEAD + LIST)
    (folder / "spread.txt").write_text(HEAD + SPREAD)
    (folder / "orders.txt").write_text(ORDERS)
    (folder / "reference_values.csv").write_text(
        f"instance_name,reference_value,reference_is_opt\nsingle,{tour},True\nspread,4.0,True\n"
    )
    (folder / "obp_reference.csv").write_text(
        "file,capacity,BKS_optimal,is_opt_optimal,fcfs_sshape\norders.txt,2,3,True,3\n"
    )
    (folder / "instance_0001.txt").write_text("2 2 3\n1 0 2\n2 0 1 1 1\n1 0 2\n1 1 1\n2 0 1 1 1\n2 4\n")
    (folder / "best_known.json").write_text('{"instance_0001": {"objective": 2.0}}')
    parser = argparse.ArgumentParser()
    picking.arguments(parser)
    args = parser.parse_args([str(folder), "--seconds", "1", "--wave-seconds", "1"])
    args.json = True
    code = picking.run(args)
    return code, json.loads(capsys.readouterr().out)


def test_the_best_is_found_where_it_is_known(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, report = measured(tmp_path, capsys)
    assert code == 0
    assert {name: (part["instances"], part["equal"]) for name, part in report.items() if "equal" in part} == {
        "routing": (1, 1), "scattered": (1, 1), "batching": (1, 1),
    }  # fmt: skip
    assert report["batching"]["first come, S-shape"] == 0
    assert (report["waves"]["mean_ratio"], report["waves"]["impossible"]) == (1, [])


@pytest.mark.parametrize("tour", [7.0, 9.0])
def test_a_tour_that_is_not_the_proven_one_is_a_failure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], tour: float
) -> None:
    code, report = measured(tmp_path, capsys, tour)
    assert code == 1
    assert (report["routing"]["impossible"] == ["single"]) == (tour > 8)
