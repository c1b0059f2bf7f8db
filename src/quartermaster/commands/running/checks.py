"""The checks that run before the tests, and pytest itself: programs, run at the repository's root."""

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from quartermaster.core.locations import ROOT

_BESIDE_PYTHON = Path(sys.executable).parent
_CHECKS: dict[str, list[str]] = {
    "ruff check": ["-m", "ruff", "check", "."],
    "ruff format": ["-m", "ruff", "format", "--check", "."],
    "import-linter": [str(_BESIDE_PYTHON / "lint-imports"), "--no-logo"],
    "mypy": ["-m", "mypy"],
}
_NO_TESTS_RAN = 5


def run_all() -> list[str]:
    """Run every check at the same time, print what the failing ones said; returns their names."""
    began = {name: _start(command) for name, command in _CHECKS.items()}
    return [name for name, process in began.items() if not end(name, process)]


def start(*command: str) -> subprocess.Popen[str]:
    """Start a command of ours; `end` waits for it."""
    return _start(["-P", "-m", "quartermaster", *command])


def end(name: str, process: subprocess.Popen[str]) -> bool:
    """Wait for it; whether it was content. What it said is printed only when it was not."""
    began = time.monotonic()
    said, _ = process.communicate()
    fine = process.returncode == 0
    if not fine:
        print(said.rstrip())
    print(f"{name}: {'ok' if fine else 'FAILED'} ({time.monotonic() - began:.1f} s)", flush=True)
    return fine


def pytest(arguments: Sequence[str]) -> int:
    """Run the tests; 0 passed, 1 failed or nothing ran, 2 wrong arguments."""
    code = subprocess.run(
        [sys.executable, "-P", "-m", "pytest", "--reuse-db", *arguments], cwd=ROOT, check=False
    ).returncode
    if code == _NO_TESTS_RAN:
        print("qm: no test was run", flush=True)
    return {0: 0, 4: 2}.get(code, 1)


def _start(command: Sequence[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
