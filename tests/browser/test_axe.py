"""Nothing serious by axe-core on any page (WCAG 2.2 A and AA): everything at the desk in light; in dark,
where only the colours differ, the contrast of a dozen pages drawn anew each time (of all with QM_CHAOS=full);
nightly on the phone, where the colours are the same, all but that."""

from collections.abc import Sequence
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils.timezone import now
from tests.browser.busy import busy
from tests.browser.conftest import Walk
from tests.browser.corners import corners
from tests.browser.pictures import CORNERS, DESK, PHONE, SHOTS, type_scans
from tests.river.conftest import some

# What a person cannot work around. Opinions about structure ("best-practice") are not rules.
TAGS = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
ALL = {"runOnly": TAGS, "resultTypes": ["violations"]}  # the rest is not gathered: a third of the time
CONTRAST = {**ALL, "runOnly": {"type": "rule", "values": ["color-contrast"]}}
SHAPE = {**ALL, "rules": {"color-contrast": {"enabled": False}}}
LOOKS = [
    pytest.param(DESK, (("light", ALL), ("dark", CONTRAST)), id="desk"),
    pytest.param(PHONE, (("light", SHAPE),), id="phone", marks=pytest.mark.nightly),
]
type Themes = Sequence[tuple[Literal["light", "dark"], dict[str, Any]]]
SERIOUS = {"serious", "critical"}
# Pages whose parts another page of the list has, all of them.
ALIKE = {
    "on-hold",
    "order-asked",
    "exceptions-group",
    "stuck",
    "lost",
    "late-empty",
    "device",
    "move",
    "scanner",
    "person",
    "receive",
    "put-away",
    "empty",
    "refused",
    "scans",
    "order-split",
    "order-held",
}


@pytest.mark.nightly
@pytest.mark.timeout(600)
def test_axe_finds_nothing_serious_on_what_is_rare_and_it_fits_on_a_phone(walk: Walk):
    page, axe, found = walk.page, Axe(), {}
    walk.fill |= corners(at=now())
    walk.fill |= busy(at=now())
    page.set_default_timeout(30_000)
    for name, path in CORNERS.items():
        there, *scans = (path,) if isinstance(path, str) else path
        for (wide, high), themes in ((DESK, ("light", "dark")), ((360, 740), ("light",))):
            page.set_viewport_size({"width": wide, "height": high})
            walk.to(there)
            type_scans(page, scans)
            assert page.evaluate("document.documentElement.scrollWidth") <= wide, name
            for theme in themes:
                page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
                for one in axe.run(page, options=ALL).response["violations"]:
                    if one["impact"] in SERIOUS:
                        found[name, wide, theme, one["id"]] = [
                            node["html"][:160] for node in one["nodes"][:4]
                        ]
    assert found == {}
    assert walk.elsewhere == []


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("size", "themes"), LOOKS)
def test_axe_finds_nothing_serious(walk: Walk, size: tuple[int, int], themes: Themes):
    page, axe, found = walk.page, Axe(), {}
    page.set_default_timeout(30_000)  # axe reads every element of long pages
    page.set_viewport_size({"width": size[0], "height": size[1]})
    pages = {name: path for name, path in SHOTS.items() if "{link}" not in path and name not in ALIKE}
    in_dark = set(some(pages))
    for name, path in pages.items():
        walk.to(path)
        for theme, rules in themes:
            if theme == "dark" and name not in in_dark:
                continue
            page.emulate_media(color_scheme=theme)
            for one in axe.run(page, options=rules).response["violations"]:
                if one["impact"] in SERIOUS:
                    nodes = [node["html"][:160] for node in one["nodes"][:4]]
                    found[name, theme, one["id"]] = nodes
    assert found == {}
    assert walk.elsewhere == []
