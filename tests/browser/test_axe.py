"""Nothing serious by axe-core on any page, in both themes (WCAG 2.2 A and AA)."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.browser.conftest import Walk
from tests.browser.pictures import SHOTS

# What a person cannot work around. Opinions about structure ("best-practice") are not rules.
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
SERIOUS = {"serious", "critical"}


@pytest.mark.timeout(600)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_serious(theme: str, width: int, walk: Walk):
    walk.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    walk.page.set_viewport_size({"width": width, "height": 900})
    walk.page.set_default_timeout(30_000)  # axe reads every element of long pages
    axe = Axe()
    found = {}
    for name, path in SHOTS.items():
        if "{link}" in path:
            continue
        walk.to(path)
        violations = axe.run(walk.page, options=RULES).response["violations"]
        for one in violations:
            if one["impact"] in SERIOUS:
                found[name, one["id"]] = [node["html"][:160] for node in one["nodes"][:4]]
    assert found == {}
    assert walk.elsewhere == []
