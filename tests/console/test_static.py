"""Our own files: small, layered, and asking nobody else for anything."""

import re
from pathlib import Path

import pytest

import quartermaster.console

HERE = Path(quartermaster.console.__file__).parent
SCRIPTS = sorted((HERE / "static").rglob("*.js"))
SHEETS = sorted((HERE / "static").rglob("*.css"))
TEMPLATES = sorted((HERE / "templates").rglob("*.html"))


def _name(path: Path) -> str:
    return path.name


@pytest.mark.parametrize("script", SCRIPTS, ids=_name)
def test_a_custom_element_is_a_small_thing(script: Path):
    text = script.read_text()
    assert len([line for line in text.splitlines() if not line.startswith("//")]) <= 60
    assert text.count("customElements.define") == 1
    assert not re.search(r"innerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function", text)


@pytest.mark.parametrize("sheet", SHEETS, ids=_name)
def test_every_rule_is_in_a_layer(sheet: Path):
    outside = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
    while "{" in outside:
        outside = re.sub(r"[^{};]*\{[^{}]*\}", lambda found: ";L;" if "@layer" in found[0] else "", outside)
    assert set(filter(None, (part.strip() for part in outside.split(";")))) <= {
        "L",
        "@layer reset, tokens, elements, frame, parts, pages",
    }


@pytest.mark.parametrize("file", [*SCRIPTS, *SHEETS, *TEMPLATES], ids=_name)
def test_nothing_is_fetched_from_elsewhere(file: Path):
    text = file.read_text().replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?://|@import|url\(\s*[\"']?//", text)


@pytest.mark.parametrize("template", TEMPLATES, ids=_name)
def test_a_template_never_switches_escaping_off(template: Path):
    text = template.read_text()
    assert not re.search(r"\|\s*safe\b|autoescape off|safeseq", text)
    assert "<style" not in text
    assert not re.search(r"\son\w+=|\sstyle=", text)


def _loaded(template: Path) -> set[str]:
    """Our own files that a page loads: what it names, and what it extends or includes."""
    text = template.read_text()
    found = set(re.findall(r"static ['\"]console/([\w-]+\.(?:js|css))['\"]", text))
    for part in re.findall(r"{% (?:extends|include) ['\"]([\w/-]+\.html)['\"]", text):
        found |= _loaded(HERE / "templates" / part)
    return found


@pytest.mark.parametrize("template", TEMPLATES, ids=_name)
def test_what_a_page_loads_of_ours_is_light(template: Path):
    assert sum((HERE / "static/console" / name).stat().st_size for name in _loaded(template)) < 50_000


def test_every_file_is_loaded_by_some_page():
    assert set.union(*map(_loaded, TEMPLATES)) == {file.name for file in (*SCRIPTS, *SHEETS)}
