import csv
from collections.abc import Sequence
from pathlib import Path

import pytest
from django.db import transaction

from quartermaster.core.errors import Invalid, Refused
from quartermaster.core.imports import (
    BadMap,
    Columns,
    Given,
    Kind,
    MissingColumns,
    Report,
    Taken,
    load_map,
    run,
)
from quartermaster.core.models import Answer


class Notes(Kind):
    """Keeps each row's text as an answer; refuses what says no, dies as a batch of what says bad."""

    columns = ("id", "text", "lang")
    required = ("id",)
    needs_digest = True

    def __init__(self, *, rows_depend: bool = True) -> None:
        self.rows_depend = rows_depend
        self.batches: list[int] = []
        self.digests: list[str] = []

    def steps(self, *, digest: str, name: str) -> Sequence["Notes"]:
        self.digests.append(digest)
        return [self]

    def wants(self, row: Given) -> bool:
        return row.cells["text"] != "skip"

    def take(self, rows: Sequence[Given]) -> list[Taken]:
        self.batches.append(len(rows))
        for row in rows:
            text = row.cells["text"]
            if text == "bad":
                raise Invalid(what="The note", errors={"text": "it is bad"})
            Answer.objects.create(
                caller="notes", key=row.cells["id"], fingerprint=b"", status=200, content_type=text, body=b""
            )
        return [Taken(why="no" if row.cells["text"] == "no" else "", doubt="") for row in rows]


@pytest.fixture
def imported(tmp_path: Path, db: None):
    def go(content: str, kind: Notes | None = None, **options: object) -> tuple[Report, list[list[str]]]:
        path, errors = tmp_path / "notes.csv", tmp_path / "notes.errors.csv"
        path.write_text(content, encoding="utf-8")
        report = run(kind or Notes(), path, errors=errors, **options)  # type: ignore[arg-type]
        if not errors.exists():
            return report, []
        with errors.open(encoding="utf-8-sig", newline="") as file:
            return report, list(csv.reader(file))

    return go


def kept() -> list[str]:
    return sorted(Answer.objects.filter(caller="notes").values_list("key", flat=True))


def test_good_rows_are_taken_and_no_error_file_is_left(imported):
    report, refused = imported("id,text\n1,a\n2,b\n")
    assert (report.rows, report.taken, report.refused, report.errors, refused) == (2, 2, 0, None, [])
    assert kept() == ["1", "2"]


def test_refused_rows_are_written_as_they_came_with_the_reason(imported):
    report, refused = imported('id,other,text\n1,=1+1,no\n2,x,a\n3,"q,""",bad\n4\n,x,a\n')
    assert (report.rows, report.taken, report.refused, report.ignored) == (5, 1, 4, ["other"])
    assert refused == [
        ["id", "other", "text", "import_error"],
        ["4", "", "", "row 5: 1 cells instead of 3"],
        ["", "x", "a", "row 6: id: empty"],
        ["1", "'=1+1", "no", "row 2: no"],
        ["3", 'q,"', "bad", "row 4: text: it is bad"],
    ]


def test_a_batch_that_fails_as_a_whole_is_halved_until_the_culprit_is_alone(imported):
    kind = Notes()
    rows = [f"{n},{'bad' if n == 37 else 'a'}" for n in range(100)]
    report, refused = imported("id,text\n" + "\n".join(rows), kind)
    assert (report.refused, len(kept()), len(refused)) == (1, 99, 2)
    assert len(kind.batches) <= 2 * 7 + 1


def test_the_corrected_error_file_is_an_import_of_its_own(imported, tmp_path: Path):
    imported("id,text\n1,no\n2,a\n")
    errors = tmp_path / "notes.errors.csv"
    corrected = errors.read_text(encoding="utf-8-sig").replace(",no,", ",yes,").replace("1,", "3,", 1)
    errors.write_text(corrected, encoding="utf-8")
    report = run(Notes(), errors, errors=tmp_path / "again.csv")
    assert (report.refused, report.ignored) == (0, [])


@pytest.mark.parametrize("rows_depend", [True, False])
def test_a_dry_run_says_the_same_and_leaves_nothing(imported, rows_depend: bool):
    report, refused = imported("id,text\n1,no\n2,a\n", Notes(rows_depend=rows_depend), dry_run=True)
    assert (report.taken, report.refused, len(refused)) == (1, 1, 2)
    assert kept() == []


@pytest.mark.django_db(transaction=True)
def test_batches_before_an_interruption_stay(tmp_path: Path):
    class Interrupted(Notes):
        def take(self, rows: Sequence[Given]) -> list[Taken]:
            if len(self.batches) == 2:
                raise KeyboardInterrupt
            return super().take(rows)

    path = tmp_path / "notes.csv"
    path.write_text("id,text\n" + "\n".join(f"{n},a" for n in range(2500)), encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        run(Interrupted(), path, errors=tmp_path / "e.csv")
    assert len(kept()) == 2000
    assert not transaction.get_connection().in_atomic_block


def test_an_unexpected_fault_is_no_row_s_fault(imported):
    class Broken(Notes):
        def take(self, rows: Sequence[Given]) -> list[Taken]:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        imported("id\n1\n", Broken())


def test_columns_are_found_by_map_by_spelling_and_by_constant(imported):
    columns = Columns({"text": "Their Text"}, {"lang": "de"})
    imported("ID,their text\n1,hello\n", columns=columns)
    assert Answer.objects.get(caller="notes").content_type == "hello"


def test_a_column_that_is_needed_or_mapped_must_be_there(imported):
    with pytest.raises(MissingColumns, match="no column id"):
        imported("text\na\n")
    with pytest.raises(MissingColumns, match="no column Nummer"):
        imported("id\n1\n", columns=Columns({"text": "Nummer"}))
    assert imported("text\na\n", columns=Columns({}, {"id": "1"}))[0].taken == 1


def test_the_digest_stands_for_the_content_and_the_map_and_nothing_else(imported):
    kind = Notes()
    for content, columns in [
        ("id,text\n1,a\n", Columns()),
        ("\ufeffid;text\r\n1;a\r\n", Columns()),
        ("id,text\n1,b\n", Columns()),
        ("id,text\n1,a\n", Columns({}, {"lang": "de"})),
    ]:
        imported(content, kind, columns=columns, dry_run=True)
    same, again, other, mapped = kind.digests
    assert same == again
    assert len({same, other, mapped}) == 3


def test_a_map_is_read_and_what_is_wrong_with_it_is_said(tmp_path: Path):
    path = tmp_path / "map.toml"
    path.write_text('text = "Titel"\n[columns]\nid = "Nummer"\n[constants]\nlang = "de"\n', encoding="utf-8")
    assert load_map(path, Notes()) == Columns({"id": "Nummer", "text": "Titel"}, {"lang": "de"})
    for wrong in ("size = 'x'", "id = ", "id = [1]", "id = true"):
        path.write_text(wrong, encoding="utf-8")
        with pytest.raises(BadMap):
            load_map(path, Notes())
    with pytest.raises(Refused, match="cannot be used"):
        load_map(tmp_path / "none.toml", Notes())
