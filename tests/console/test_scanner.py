"""What the set-up page says of a scanner that is set up wrongly."""

import pytest
from django.test import Client

from quartermaster.console.floor.hearing import CODES, GS, LAYOUTS, findings

SIGNS, DIGITS, GS1 = CODES


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.title)
def test_a_scanner_that_is_right_is_told_so(code):
    told = findings(code, code.text, ended_by="Enter", gap_ms=4)
    assert [one.remedy for one in told] == ["", ""]


@pytest.mark.parametrize(
    ("code", "got", "says", "remedy"),
    [
        (SIGNS, SIGNS.text.swapcase(), "swapped", "Caps Lock"),
        (SIGNS, "QM'Y2Z-aw", "came instead", "factory"),
        (DIGITS, "40123454012345", "twice", "one profile"),
        (DIGITS, "]C04012345", "kind of barcode", "AIM"),
        (DIGITS, "x4012345y", "'x' before and 'y' behind", "prefix and suffix"),
        (DIGITS, "401345", "missing", "delay"),
        (DIGITS, "", "Nothing", "paired"),
        (GS1, GS1.text.replace(GS, ""), "lost", "FNC1"),
        (GS1, GS1.text.replace(GS, "{GS}"), "'{GS}'", "ASCII 29"),
        (GS1, "]C1" + GS1.text, "kind of barcode", "AIM"),
    ],
)
def test_each_fault_has_its_remedy(code, got, says, remedy):
    first = findings(code, got)[0]
    assert says in first.says
    assert remedy in first.remedy


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_keyboard_of_another_country_is_named(layout: str):
    garbled = SIGNS.text.translate(LAYOUTS[layout])
    assert garbled != SIGNS.text
    assert [name for name in LAYOUTS if SIGNS.text.translate(LAYOUTS[name]) == garbled] == [layout]
    assert f"keyboard country to {layout}" in findings(SIGNS, garbled)[0].remedy


def test_no_enter_and_slow_keys_are_told():
    says = [one.says for one in findings(DIGITS, DIGITS.text, ended_by="", gap_ms=140)]
    assert says[1:] == ["Nothing ends a scan.", "140 ms pass between two keys: slow."]


def test_the_page_goes_through_the_codes_and_prints_them(owner: Client):
    assert "1 of 3" in owner.get("/floor/scanner").text
    answer = owner.post("/floor/scanner", {"code": "0", "scan": SIGNS.text}).text
    assert "exactly what the barcode says" in answer
    assert "2 of 3" in answer
    last = {"code": "2", "got": GS1.text.replace(GS, ""), "ended_by": "Tab", "gap_ms": "3"}
    assert "run into one" in owner.post("/floor/scanner", last).text
    assert owner.get("/floor/scanner/codes.pdf").content[:5] == b"%PDF-"
