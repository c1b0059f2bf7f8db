import csv
import gzip
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartermaster.core.csvs import (
    CELL_MAX,
    LINE_MAX,
    NotReadable,
    NotThere,
    Row,
    guarded,
    reading,
    unguarded,
)


def rows_of(path: Path) -> list[Row]:
    with reading(path) as sheet:
        return list(sheet)


@pytest.fixture
def file(tmp_path: Path):
    def written(content: bytes | str, name: str = "f.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return written


def problems(path: Path) -> dict[int, str]:
    return {row.number: row.problem for row in rows_of(path) if row.problem}


@pytest.mark.parametrize(
    "content",
    [
        b"sku,title\nA,Lamp\n",
        b"\xef\xbb\xbfsku,title\r\nA,Lamp\r\n",
        b"sku;title\nA;Lamp",
        b"sku\ttitle\nA\tLamp\n\n\n",
        b'"sku","title",,\n"A","Lamp",,\n,,,\n',
        gzip.compress(b"sku,title\nA,Lamp\n"),
    ],
    ids=["plain", "excel", "semicolon", "tab", "empty columns", "gzip"],
)
def test_what_spreadsheets_write_is_read(file, content: bytes):
    path = file(content)
    with reading(path) as sheet:
        assert sheet.header == ["sku", "title"]
        assert [(row.number, row.cells[:2], row.problem) for row in sheet] == [(2, ["A", "Lamp"], "")]
        assert sheet.done == 1.0


def test_quoted_cells_hold_separators_quotes_and_lines_and_rows_keep_their_numbers(file):
    found = rows_of(file('sku,title\nA,"a, ""b""\nc"\nB,d\n'))
    assert found == [Row(2, ["A", 'a, "b"\nc']), Row(4, ["B", "d"])]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"\n\n", "no header"),
        ("sku,title\nA,B".encode("utf-16"), "UTF-16"),
        (b"sku,sku\nA,B\n", "two columns named 'sku'"),
        (gzip.compress(b"sku,title\n" + b"A,B\n" * 90_000)[:-30], "damaged"),
        (b"\x1f\x8bnonsense", "damaged"),
        (b"x," * 600 + b"y\n", "two columns|more than"),
        (b"a" * (LINE_MAX + 5), "longer than"),
    ],
)
def test_what_is_no_csv_is_refused_with_the_reason(file, content: bytes, why: str):
    with pytest.raises(NotReadable, match=why):
        rows_of(file(content))


def test_a_file_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(NotThere, match=r"none\.csv cannot be opened: No such file"):
        rows_of(tmp_path / "none.csv")


def test_bad_rows_are_named_and_the_rows_after_them_are_read(file):
    content = b"\n".join(
        [
            b"sku,title",
            b"A,ok",
            b"B",
            b"C,x,y",
            b"D,\xff\xfe",
            b"E,a\x00b",
            b'F,"a"b',
            b"G," + b"x" * (CELL_MAX + 1),
            b"H," + b"x" * (LINE_MAX + 9),
            b"I,ok",
        ]
    )
    path = file(content)
    assert problems(path) == {
        3: "1 cells instead of 2",
        4: "3 cells instead of 2",
        5: "title: not UTF-8",
        6: "title: a NUL character",
        7: "',' expected after '\"'",
        8: f"title: longer than {CELL_MAX} characters",
        9: f"a line longer than {LINE_MAX:,} bytes",
    }
    assert [row.cells for row in rows_of(path) if not row.problem] == [["A", "ok"], ["I", "ok"]]


def test_a_quote_that_never_closes_says_where_it_opens_and_costs_no_memory(file):
    found = rows_of(file('sku,title\nA,ok\nB,"open\n' + "C,ok\n" * 60_000))
    assert found[1].number == 3
    assert "opens here and does not close" in found[1].problem
    assert len(found) > 10  # reading went on behind the limit


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_guarding_is_undone_to_the_letter_and_no_formula_is_left(text: str):
    safe = guarded(text)
    assert unguarded(safe) == text
    assert not safe.startswith(("=", "@", "＝", "＋", "－", "＠", "\t", "\r", "\x00"))
    assert not safe.startswith(("+", "-")) or safe[1:].replace(".", "").replace(",", "").isdigit()


@pytest.mark.parametrize("text", ["=1+1", "+1+1", "-1-1", "@SUM(A1)", "\t=1", "\r=1", "\x00=1", "＝1", "'=1"])
def test_formulas_are_guarded(text: str):
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-5", "+3", "-1.50", "1,299.00", "Lamp", "'s-Hertogenbosch", ""])
def test_numbers_and_words_are_left_alone(text: str):
    assert guarded(text) == unguarded(text) == text


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), max_size=30)


@given(st.lists(st.tuples(cells, cells).filter(any), max_size=8))
def test_what_is_written_guarded_is_read_back_whole(tmp_path_factory, rows: list[tuple[str, str]]):
    told = io.StringIO(newline="")
    writer = csv.writer(told, lineterminator="\n")
    writer.writerows([("sku", "title"), *((guarded(a), guarded(b)) for a, b in rows)])
    path = tmp_path_factory.mktemp("csv") / "f.csv"
    path.write_text(told.getvalue(), encoding="utf-8", newline="")
    assert [(tuple(row.cells), row.problem) for row in rows_of(path)] == [(row, "") for row in rows]


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_and_never_crash(tmp_path_factory, content: bytes):
    path = tmp_path_factory.mktemp("csv") / "f.csv"
    path.write_bytes(content)
    try:
        found = rows_of(path)
    except NotReadable:
        return
    assert all(row.problem or all("\x00" not in cell for cell in row.cells) for row in found)
