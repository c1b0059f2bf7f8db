"""The rules of the house that no other tool checks. One that is in the way is discussed, not switched off."""

import ast
import re
import statistics
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "quartermaster"
STAGES = (
    *("inbox", "catalog", "customers", "orders", "stock", "inbound", "allocation"),
    *("warehouse", "shipping", "outside", "tracking", "money", "quality", "support", "insight"),
)
STAGE_FILES = {"rules", "ports", "models", "queries", "actions", "jobs", "apps", "migrations", "__init__"}
PURE = {"rules", "ports", "translate"}
SOURCES = {".py", ".css", ".js", ".html", ".sh", ""}
VAGUE = {"util", "helper", "manager", "service", "handler", "base", "data", "info", "misc"}


def _ours() -> list[Path]:
    """Every file that is tracked, or new and not ignored."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):  # an unpacked archive without its history
        return [path for path in ROOT.rglob("*") if path.is_file() and ".venv" not in path.parts]
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


OURS = _ours()
PYTHON = [path for path in OURS if path.suffix == ".py" and "migrations" not in path.parts]
SHIPPED = [path for path in PYTHON if path.is_relative_to(PACKAGE)]


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (
        node for node in ast.walk(_tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def _words(name: str) -> set[str]:
    """order_helpers and OrderHelpers both give {order, helper}."""
    return {word.lower().removesuffix("s") for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", name)}


def _parts(path: Path) -> list[str]:
    """Package names and module name below quartermaster: ["orders", "actions", "hold"]."""
    return list(path.relative_to(PACKAGE).with_suffix("").parts)


def test_no_source_file_is_longer_than_400_lines():
    """Migrations are written once, mostly by Django, and never read as prose."""
    sources = [path for path in OURS if path.suffix in SOURCES and path.name != "LICENSE"]
    sources = [path for path in sources if "migrations" not in path.parts]
    lengths = {_name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in sources}
    assert {name: lines for name, lines in lengths.items() if lines > 400} == {}


def test_half_of_the_source_files_have_100_lines_or_fewer():
    assert statistics.median(len(path.read_text(encoding="utf-8").splitlines()) for path in SHIPPED) <= 100


def test_no_function_is_longer_than_60_lines():
    long = [
        f"{_name(path)}: {function.name}"
        for path in PYTHON
        for function in _functions(path)
        if function.end_lineno and function.end_lineno - function.lineno >= 60
    ]
    assert long == []


def test_modules_classes_and_functions_have_names_that_say_something():
    vague = [_name(path) for path in PYTHON if _words(path.stem) & VAGUE]
    for path in SHIPPED:
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.ClassDef) and _words(node.name) & VAGUE:
                vague.append(f"{_name(path)}: class {node.name}")
            elif (
                isinstance(node, ast.FunctionDef) and node.name.strip("_").split("_")[-1].rstrip("s") in VAGUE
            ):
                vague.append(f"{_name(path)}: def {node.name}")
    assert vague == []


def test_a_stage_has_the_six_files_and_no_others():
    strange = [
        _name(path)
        for path in SHIPPED
        if _parts(path)[0] in STAGES and len(_parts(path)) > 1 and _parts(path)[1] not in STAGE_FILES
    ]
    assert strange == []


def test_every_package_says_what_it_is():
    silent = [
        _name(path) for path in SHIPPED if path.name == "__init__.py" and not ast.get_docstring(_tree(path))
    ]
    assert silent == []


WRITING_METHODS = {
    "create",
    "get_or_create",
    "update_or_create",
    "bulk_create",
    "bulk_update",
    "update",
    "delete",
}
WRITING_SQL = re.compile(
    r"\b(INSERT\s+INTO|UPDATE\s+\w+\s+(AS\s+\w+\s+)?SET|DELETE\s+FROM|COPY\s+\w+.*FROM)\b"
)


def _writes(path: Path) -> Iterator[int]:
    """Lines that change the database: a writing method on a model's objects, .save(), or SQL text."""
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and WRITING_SQL.search(node.value):
            yield node.lineno
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            on_objects = ".objects" in ast.unparse(node.func.value)
            if node.func.attr == "save" or (on_objects and node.func.attr in WRITING_METHODS):
                yield node.lineno


def test_only_actions_write():
    """core keeps the event log and the queues, testing builds examples: they write by themselves."""
    elsewhere = [
        f"{_name(path)}:{line}"
        for path in SHIPPED
        if not {"actions", "core", "testing"} & set(_parts(path))
        for line in _writes(path)
    ]
    assert elsewhere == []


CLOCKS = {"now", "utcnow", "today", "time", "monotonic"}


def test_pure_modules_never_look_at_the_clock():
    looking = [
        f"{_name(path)}:{node.lineno}"
        for path in SHIPPED
        if PURE & set(_parts(path))
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCKS
        and ast.unparse(node.func.value) in {"datetime", "date", "time", "timezone", "datetime.datetime"}
    ]
    assert looking == []


# Written in pieces, so that this file does not find itself.
_HOSTS = ("pypi" + ".org", "python" + "hosted", "npm" + "js.org", "deb.deb" + "ian.org", "crates" + ".io")
FOREIGN = re.compile(
    "|".join([r"(?<![\w.])/(?:root|work|home)" + r"/\w", "/opt" + "/pypi", *map(re.escape, _HOSTS)])
)


def _texts() -> Iterator[tuple[Path, str]]:
    for path in OURS:
        try:
            yield path, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def test_no_file_names_a_machine_s_paths_or_a_package_registry():
    found = [f"{_name(path)}: {match.group()}" for path, text in _texts() for match in FOREIGN.finditer(text)]
    assert found == []


def test_nothing_is_left_for_later_in_a_comment():
    later = re.compile(r"(#|//|<!--|/\*).*\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
    found = [f"{_name(path)}: {match.group()}" for path, text in _texts() for match in later.finditer(text)]
    assert found == []


@pytest.mark.parametrize("path", [ROOT / "requirements.lock", ROOT / "requirements-dev.lock"], ids=_name)
def test_every_locked_package_has_its_hashes_and_no_address(path: Path):
    packages = re.split(r"\n(?=\S)", path.read_text(encoding="utf-8").strip())
    assert len(packages) > 20
    assert [package for package in packages if "--hash=sha256:" not in package or "://" in package] == []
