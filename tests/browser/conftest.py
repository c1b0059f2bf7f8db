"""A real browser on a real server, over the invented company. Skipped, loudly, where there is no Chromium."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request
from tests.browser.chrome import browser, program
from tests.browser.story import story
from tests.emptying import Kept, keep, put_back

pytestmark = pytest.mark.browser


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = os.path.dirname(__file__)
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker(pytest.mark.browser)
            if program() is None:
                item.add_marker(pytest.mark.skip(reason="THERE IS NO CHROMIUM: the pages were not walked"))


class Walk:
    """A page, what it complained about, and whom it asked for anything."""

    def __init__(self, page: Page, address: str, fill: dict[str, str]) -> None:
        self.page, self.address, self.fill = page, address, fill
        self.complaints: list[str] = []
        self.elsewhere: list[str] = []
        page.on("console", lambda said: self._hear(said.type, said.text))
        page.on("pageerror", lambda error: self._hear("error", str(error)))
        page.on("request", self._asked)

    def _hear(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(text)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:")):
            self.elsewhere.append(request.url)

    def to(self, path: str) -> Page:
        self.page.goto(self.address + path.format(**self.fill))
        return self.page


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One for all walks; each has a context of its own, with no cookies and nothing kept of others."""
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs in this thread
    with browser() as one:
        yield one


_told: tuple[dict[str, str], Kept] | None = None


def the_story() -> dict[str, str]:
    """Told once in a test process; for later walks its rows are put back."""
    global _told
    if _told is None:
        _, fill = story()
        _told = fill, keep()
    else:
        put_back(_told[1])
    return _told[0]


@pytest.fixture
def walk(transactional_db: None, live_server: object, chromium: Browser) -> Iterator[Walk]:
    fill = the_story()
    address = str(live_server)
    context: BrowserContext = chromium.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(5_000)
    context.add_cookies([{"name": "qm_session", "value": fill["session"], "url": address}])
    yield Walk(context.new_page(), address, fill)
    context.close()
