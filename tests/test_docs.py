"""What the documentation says is so: its links lead somewhere, its commands and addresses exist, and what it
reads from the program is what the program says today."""

import hashlib
import hmac
import json
import re
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import pytest
from django.urls import Resolver404, resolve
from docs import make_reference

ROOT = Path(__file__).resolve().parents[1]
PAGES = make_reference.pages()
TUTORIAL = ROOT / "docs" / "tutorial" / "first-order.md"
pages = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())


def prose(page: Path) -> str:
    """Without the fenced blocks."""
    return re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)


def anchors(page: Path) -> set[str]:
    """As GitHub makes them of headings."""
    headings = re.findall(r"^#+ (.*)", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-") for heading in headings}


@pages
def test_every_link_leads_to_a_file_and_to_a_heading_in_it(page: Path):
    lost = []
    for link in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.is_file() or (anchor and anchor not in anchors(target)):
            lost.append(link)
    assert lost == []


def test_every_page_can_be_reached_from_the_readme():
    reached, todo = set(), [ROOT / "README.md"]
    while todo:
        page = todo.pop()
        if page not in reached and page.suffix == ".md":
            reached.add(page)
            links = re.findall(r"\]\(([^)\s#:]+)", prose(page))
            todo += [path for link in links if (path := (page.parent / link).resolve()).is_file()]
    assert [page for page in PAGES if page not in reached] == []


@pages
def test_what_is_read_from_the_program_is_up_to_date(page: Path):
    """PYTHONPATH=src python docs/make_reference.py writes it anew."""
    text = page.read_text(encoding="utf-8")
    assert make_reference.filled(text) == text
    assert text.count("<!-- made: ") == text.count("<!-- end -->")


def typed(text: str) -> Iterator[tuple[str, list[str]]]:
    """Each ./qm that is written somewhere: what follows it, and the options behind that."""
    for found in re.finditer(r"\./qm ([a-z][a-z ]*)((?: [^\n`;|]*)?)", text):
        yield found[1].strip(), re.findall(r"(?<=\s)--[a-z][a-z-]*", found[2])


_VERBS = {"token": "create", "bench": "river"}  # and the one that is meant when none is named


@pages
def test_every_command_and_option_that_is_named_exists(page: Path):
    known = {name: parser for module in make_reference.modules() for name, parser in _parsers(module)}
    wrong = []
    for words, given in typed(page.read_text(encoding="utf-8")):
        first, _, rest = words.partition(" ")
        name = f"{first} {rest.partition(' ')[0]}" if first in _VERBS and rest else first
        if name not in known:
            wrong.append(f"./qm {words}")
        elif name != "test":  # pytest's are not ours
            there = {each for action in known[name]._actions for each in action.option_strings}
            wrong += [f"./qm {name} {option}" for option in given if option not in {*there, "--help"}]
    assert wrong == []


def _parsers(module: Any) -> Iterator[tuple[str, Any]]:
    yield from make_reference.parsers(module).items()
    if module.NAME in _VERBS:
        yield module.NAME, make_reference.parsers(module)[f"{module.NAME} {_VERBS[module.NAME]}"]


def operations() -> list[tuple[str, re.Pattern[str]]]:
    """Method and path of every operation of the API."""
    from quartermaster.api.app import api

    paths = dict(api.get_openapi_schema())["paths"]
    return [
        (method.upper(), re.compile(re.sub(r"\\\{\w+\\\}", "[^ ]+", re.escape(path))))
        for path, methods in paths.items()
        for method in methods
    ]


@pages
def test_every_address_of_the_api_that_is_named_exists(page: Path):
    known = operations()
    wrong = []
    ours = re.sub(r"https://\S+", "", page.read_text(encoding="utf-8"))
    named = re.findall(r"(?:\b(GET|POST|PUT|PATCH|DELETE) )?(/api/[^\s`\"'?,)]+)", ours)
    for method, path in named:
        fits = [each for each, pattern in known if pattern.fullmatch(path)]
        if path != "/api/openapi.json" and (not fits or (method and method not in fits)):
            wrong.append(f"{method} {path}".strip())
    assert wrong == []


def test_the_overview_of_the_api_names_operations_that_exist():
    """There they are written without /api, and some as … behind the one before."""
    page = (ROOT / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
    table = page.partition("## What there is")[2]
    known = operations()
    named = re.findall(r"`(GET|POST|PUT|PATCH|DELETE) (/[^\s`?]+)", table)
    assert len(named) > 10
    missing = [
        f"{method} {path}"
        for method, path in named
        if path not in ("/healthz", "/readyz")
        and not any(method == each and pattern.fullmatch(f"/api{path}") for each, pattern in known)
    ]
    assert missing == []


CONSOLE = "orders|messages|stock|stuck|search|help|sign-in|healthz|readyz"


@pages
def test_every_page_of_the_console_that_is_named_exists(page: Path):
    lost = []
    for path in re.findall(rf"`(/(?:{CONSOLE})[^`]*)`", prose(page)):
        try:
            resolve(path.partition("?")[0])
        except Resolver404:
            if page.name != "api.md":  # where paths stand without /api
                lost.append(path)
    assert lost == []


def test_every_variable_of_the_environment_that_is_named_is_read_somewhere_and_told_in_the_readme():
    sources = [*ROOT.glob("src/**/*.py"), *ROOT.glob("tests/**/*.py"), ROOT / "qm"]
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources if path != Path(__file__))
    named = {name for page in PAGES for name in re.findall(r"QM_[A-Z_]+[A-Z]", page.read_text("utf-8"))}
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert {name for name in named if name not in code} == set()
    assert {name for name in named if name not in readme} == set()


def test_the_readme_stays_short():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < 120


# --- the tutorial, played ---


class _Answer:
    """What urlopen gives back: the message was stored."""

    status = 200

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def read(self) -> bytes:
        return b"stored\n"


def test_the_tutorial_s_files_and_its_order_lead_to_the_answer_it_prints(
    transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    from quartermaster.allocation.actions import set_lanes
    from quartermaster.allocation.actions.write_rules import Lane
    from quartermaster.allocation.queries import why
    from quartermaster.commands.running.importing import kind_named
    from quartermaster.core import imports
    from quartermaster.core.river import signal, worker
    from quartermaster.inbox.actions import Arrival, connect, keep
    from quartermaster.orders.queries import page

    text, at = TUTORIAL.read_text(encoding="utf-8"), datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    for name, content in re.findall(r"`(\w+)\.csv`[^\n]*\n\n```csv\n(.*?)```", text, re.DOTALL):
        (tmp_path / name).write_text(content, encoding="utf-8")
        kind = kind_named(name, connection="", at=at, by="test")
        assert imports.run(kind, tmp_path / name, errors=tmp_path / "errors").refused == 0
    for site, lanes in re.findall(r"locations/(\w+)/lanes.*?-d '(.*?)'", text, re.DOTALL):
        told = tuple(Lane(**lane) for lane in json.loads(lanes)["lanes"])
        set_lanes(site, told, at=at, by="test")
    settings = dict(re.findall(r"--set (\w+)=(\S+)", text))
    connection = connect("shopify", "acme", settings, at=at, by="test")

    sent: list[urllib.request.Request] = []
    monkeypatch.setattr(urllib.request, "urlopen", lambda request: sent.append(request) or _Answer())
    (program,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    exec(compile(program, "send.py", "exec"), {})  # noqa: S102 - the program the reader is told to run

    (request,) = sent
    body = request.data
    assert isinstance(body, bytes)
    headers = {name.lower(): value for name, value in request.header_items()}
    made = b64encode(hmac.new(settings["webhook_secret"].encode(), body, hashlib.sha256).digest()).decode()
    assert headers["x-shopify-hmac-sha256"] == made
    with signal.dedicated("test intake") as intake:
        keep([Arrival(connection.pk, "tutorial-1", "orders/create", headers, body, at)], intake)
    while worker.flow():
        pass

    (order,) = page().items
    (decision,) = why(int(order.number.removeprefix("SO-"))).items
    because = [*decision.because, *(candidate.because for candidate in decision.candidates)]
    printed = text.partition("## 7.")[2]
    assert decision.is_reproducible
    assert all(sentence in printed for sentence in because if not sentence.startswith("Has everything"))
    assert decision.would_serve_if == {"BER": "BER would serve this order with 1 more × LAMP."}
    assert decision.would_serve_if["BER"] in printed


def test_every_scenario_names_stories_that_exist():
    told = (ROOT / "docs" / "why" / "scenarios.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (G[0-9]+) \|.*\| ([^|]+) \|$", told, re.MULTILINE)
    assert {"G4", "G5", "G6", "G7", "G8", "G9", "G14", "G15", "G20", "G21", "G23"} <= {
        name for name, _ in rows
    }
    lost = []
    for _, cell in rows:
        for file, test in re.findall(r"`([a-z_]+\.py)(?:::(\w+))?`", cell):
            path = ROOT / "tests" / "river" / file
            if not path.is_file() or (test and f"def {test}(" not in path.read_text(encoding="utf-8")):
                lost.append(f"{file} {test}")
    assert lost == []
