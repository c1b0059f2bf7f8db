"""Text that everybody can read, in both themes: computed from the tokens (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re
from pathlib import Path

import pytest

import quartermaster.console

STATIC = Path(quartermaster.console.__file__).parent / "static" / "console"
TOKENS = {
    name: (light, dark)
    for name, light, dark in re.findall(
        r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", (STATIC / "tokens.css").read_text()
    )
}
GROUNDS = ("paper", "sheet", "lifted", "well", "hover")
TEXTS = ("ink", "soft", "faint", "accent", "bad", "warn", "good")
PAIRS = [(text, ground) for text in TEXTS for ground in GROUNDS]
PAIRS += [(tone, f"{tone}-wash") for tone in ("accent", "bad", "warn", "good")]
PAIRS += [("on-accent", "accent"), ("ink", "accent-wash"), ("soft", "accent-wash"), ("faint", "accent-wash")]


def _light(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_light(one), _light(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_every_text_is_readable_on_every_ground(theme: int):
    weak = {
        f"{text} on {ground}": round(_contrast(TOKENS[text][theme], TOKENS[ground][theme]), 2)
        for text, ground in PAIRS
        if _contrast(TOKENS[text][theme], TOKENS[ground][theme]) < 4.5
    }
    assert weak == {}


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_the_edge_of_a_field_can_be_seen(theme: int):
    for ground in ("paper", "sheet", "lifted"):
        assert _contrast(TOKENS["edge"][theme], TOKENS[ground][theme]) >= 3


def test_colours_are_written_down_in_one_place():
    found = {
        file.name: re.findall(r"#[0-9a-fA-F]{3,8}\b(?![\w-]*[ .:{])", file.read_text())
        for file in STATIC.glob("*.css")
        if file.name != "tokens.css"
    }
    assert {name: colours for name, colours in found.items() if colours} == {}
