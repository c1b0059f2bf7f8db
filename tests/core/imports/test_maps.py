"""Maps: other names, other ways to write, columns joined from a second file; a mistake is said in words."""

import csv
import gzip
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from quartermaster.core.csvs import NotReadable, reading
from quartermaster.core.imports import BadMap, Given, Kind, Step, load_map
from quartermaster.core.imports.columns import Layout
from quartermaster.core.imports.maps import joined


class Boxes(Kind):
    columns = ("key", "state", "told", "at", "day", "side_mm", "price", "town")
    required = ("key",)
    moments = ("at",)
    days = ("day",)
    numbers = ("side_mm", "price")
    rows_depend = False

    def steps(self, *, digest: str, name: str) -> Sequence[Step]:
        return []


@pytest.fixture
def given(tmp_path: Path):
    def read(map_text: str, **row: str) -> Given:
        path, map_path = tmp_path / "boxes.csv", tmp_path / "map.toml"
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([row.keys(), row.values()])
        map_path.write_text(map_text, encoding="utf-8")
        columns = load_map(map_path, Boxes())
        with reading(path) as sheet:
            layout = Layout(path, sheet.header, Boxes(), columns, joined(columns, beside=path))
            return layout.given(next(iter(sheet)))

    return read


def cells(one: Given) -> Mapping[str, str]:
    assert one.wrong == {}
    return {name: text for name, text in one.cells.items() if text}


def test_a_moment_is_read_in_the_zone_of_the_map(given):
    fixed = 'key = "k"\nat = "t"\n[time]\nzone = "-03:00"'
    assert cells(given(fixed, k="1", t="2018-11-04 00:30:00"))["at"] == "2018-11-04T00:30:00-03:00"
    named = fixed.replace("-03:00", "Europe/Berlin")
    assert cells(given(named, k="1", t="2026-07-01 12:00"))["at"] == "2026-07-01T12:00:00+02:00"
    assert cells(given(named, k="1", t="2026-07-01T12:00Z"))["at"] == "2026-07-01T12:00:00+00:00"


def test_an_hour_that_the_clocks_leave_out_is_refused_and_one_twice_is_the_first(given):
    named = 'key = "k"\nat = "t"\n[time]\nzone = "America/Sao_Paulo"'
    assert "does not exist" in given(named, k="1", t="2017-10-15 00:30:00").wrong["at"]
    twice = given(named, k="1", t="2018-02-17 23:30:00")
    assert cells(twice)["at"] == "2018-02-17T23:30:00-02:00"


def test_a_moment_without_a_zone_is_not_guessed(given):
    assert "no time zone" in given('key = "k"\nat = "t"', k="1", t="2026-07-01 12:00").wrong["at"]


def test_a_format_of_its_own_is_followed_for_moments_and_days(given):
    told = 'key = "k"\nat = "t"\nday = "t"\n[time]\nzone = "UTC"\nformat = "%d.%m.%Y %H:%M"'
    found = cells(given(told, k="1", t="24.12.2025 18:05"))
    assert (found["at"], found["day"]) == ("2025-12-24T18:05:00+00:00", "2025-12-24")
    assert given(told, k="1", t="12/24/2025").wrong.keys() == {"at", "day"}


def test_units_and_decimal_signs_become_ours(given):
    told = 'key = "k"\nside_mm = "cm"\nprice = "p"\n[factors]\nside_mm = 10\n[number]\ndecimal = ","'
    found = cells(given(told, k="1", cm="12,5", p="1.234,50"))
    assert (found["side_mm"], found["price"]) == ("125", "1234.50")
    assert "not a number" in given(told, k="1", cm="wide", p="1").wrong["side_mm"]
    assert "side_mm" not in cells(given(told, k="1", cm="", p="1"))


def test_their_words_become_ours_and_a_word_that_is_not_listed_is_not_guessed(given):
    told = 'key = "k"\nstate = "s"\ntold = "s"\n[values.state]\nshipped = "gone"\n"" = "here"'
    found = cells(given(told, k="1", s="shipped"))
    assert (found["state"], found["told"]) == ("gone", "shipped")
    assert cells(given(told, k="1", s=""))["state"] == "here"
    assert "'lost' is not among the values" in given(told, k="1", s="lost").wrong["state"]


def test_several_columns_are_one(given):
    joined_up = 'key = { join = ["a", "b"], with = "/" }'
    assert cells(given(joined_up, a="x", b="y"))["key"] == "x/y"
    assert cells(given(joined_up, a="x", b="")) == {}
    either = 'key = { first = ["a", "b"] }'
    assert cells(given(either, a="", b="y"))["key"] == "y"


@pytest.mark.parametrize("is_compressed", [False, True])
def test_columns_of_a_second_file_are_joined_by_a_key(tmp_path: Path, given, is_compressed):
    text = b"\xef\xbb\xbfid,town\r\n7,Franca\r\n7,Other\r\n"
    path = tmp_path / ("towns.csv.gz" if is_compressed else "towns.csv")
    path.write_bytes(gzip.compress(text) if is_compressed else text)
    told = 'key = "k"\ntown = "towns.town"\n[lookup.towns]\nfile = "towns.csv"\non = "place"\nkey = "id"'
    assert cells(given(told, k="1", place="7"))["town"] == "Franca"
    assert "town" not in cells(given(told, k="1", place="8"))


def test_a_lookup_without_its_file_or_its_column_says_so(tmp_path: Path, given):
    told = 'key = "k"\ntown = "towns.city"\n[lookup.towns]\nfile = "towns.csv"\non = "k"\nkey = "id"'
    with pytest.raises(NotReadable, match=r"towns\.csv"):
        given(told, k="1")
    (tmp_path / "towns.csv").write_text("id,town\n")
    with pytest.raises(NotReadable, match="no column city"):
        given(told, k="1")


@pytest.mark.parametrize(
    ("told", "what"),
    [
        ('colour = "c"', "no column 'colour'"),
        ("key = true", "must be a text"),
        ('key = { last = ["a"] }', "key must be"),
        ('[time]\nzone = "Mars"', "no time zone"),
        ('[time]\nzone = "+25h"', "not an offset"),
        ('[time]\nof_day = "x"', "has zone, format, and no of_day"),
        ('[number]\ndecimal = ";"', "neither . nor ,"),
        ("[factors]\nside_mm = -1", "not a number above 0"),
        ("[values]\nstate = 3", "must be a section"),
        ('[lookup.x]\nfile = "x.csv"', "on must be a text"),
    ],
)
def test_a_mistake_in_a_map_is_said_in_words(given, told: str, what: str):
    with pytest.raises(BadMap) as wrong:
        given(told, key="1")
    assert what in wrong.value.title
