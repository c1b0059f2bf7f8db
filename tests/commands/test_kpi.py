"""./qm kpi: a table for people, the document for programs."""

import argparse
import json

import pytest

from quartermaster.commands import kpi as command
from quartermaster.testing.builders import a_location
from quartermaster.testing.history import a_sold_order

pytestmark = pytest.mark.django_db


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    command.arguments(parser)
    return command.run(parser.parse_args(["--from", "2026-11-01", "--to", "2026-11-30", *words]))


def test_the_table_names_every_figure_its_value_and_n(capsys: pytest.CaptureFixture[str]):
    a_sold_order()
    assert run() == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "2026-11-01 to 2026-11-30, days of UTC"
    (orders,) = [line for line in lines if line.startswith("Orders ")]
    assert orders.split()[:4] == ["Orders", "1", "n", "1"]
    assert any(line.startswith("NPS") and "—" in line for line in lines)


def test_json_is_the_document_in_the_zone_of_the_first_site(capsys: pytest.CaptureFixture[str]):
    a_location("BER")
    assert run("--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["tz"], told["orders"]["value"], told["orders"]["n"]) == ("UTC", None, 0)


def test_a_report_as_known_then_tells_what_came_later(capsys: pytest.CaptureFixture[str]):
    a_sold_order()
    assert run("--as-known-at", "2026-11-01T00:00:00Z") == 0
    assert "corrected later: orders is 1 now, n 1" in capsys.readouterr().out


@pytest.mark.parametrize("words", [("--from", "yesterday"), ("--as-known-at", "noon")])
def test_what_is_no_day_or_moment_is_wrong_usage(words: tuple[str, str]):
    with pytest.raises(SystemExit) as ended:
        run(*words)
    assert ended.value.code == 2
