"""./qm from nothing, on a copy of it whose locks are empty: the launcher is tested, not the network."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("sh", "dirname", "readlink", "cmp", "mkdir", "rmdir", "cat", "rm", "cp", "sleep", "env")
HELLO = "import sys; print('hello', *sys.argv[1:])"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    root = tmp_path / "a shop" / "quartermaster"
    package = root / "src" / "quartermaster"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(HELLO)
    for name in ("requirements.lock", "requirements-dev.lock", "requirements-uv.lock"):
        (root / name).touch()
    shutil.copy(ROOT / "qm", root / "qm")
    return root


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A PATH with what every Unix has, and no Python."""
    folder = tmp_path / "tools"
    folder.mkdir()
    for name in TOOLS:
        (folder / name).symlink_to(str(shutil.which(name)))
    return folder


def script(path: Path, *lines: str) -> None:
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    path.chmod(0o755)


def launch(copy: Path, tools: Path, *arguments: str, cwd: str = "/", python: str = sys.executable):
    return subprocess.Popen(
        [copy / "qm", *arguments], cwd=cwd, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={"PATH": str(tools), "HOME": str(tools), "PYTHON": python},
    )  # fmt: skip


def run(*given, **more) -> tuple[int, str, str]:
    process = launch(*given, **more)
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def test_it_starts_in_a_folder_with_a_space_from_anywhere_and_the_second_time_at_once(copy, tools, tmp_path):
    assert run(copy, tools, "up", "--port", "1")[:2] == (0, "hello up --port 1\n")

    link = tmp_path / "link"
    link.symlink_to(os.path.relpath(copy / "qm", tmp_path))
    began = time.monotonic()
    done = subprocess.run(
        [link, "a b"], env={"PATH": str(tools)}, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "hello a b\n", "")
    assert time.monotonic() - began < 1


def test_two_at_once_set_up_once(copy, tools):
    both = [launch(copy, tools, "up") for _ in range(2)]
    said = [process.communicate(timeout=60) for process in both]

    assert [out for out, _ in said] == ["hello up\n", "hello up\n"]
    assert sum(err.count("making .venv") for _, err in said) == 1
    assert not (copy / ".venv.lock").exists()


def test_a_changed_lock_is_installed_again_into_the_same_environment(copy, tools):
    run(copy, tools, "up")
    (copy / "requirements.lock").write_text("# newer\n")

    code, out, err = run(copy, tools, "up")

    assert (code, out) == (0, "hello up\n")
    assert "installing" in err
    assert "making .venv" not in err


def test_the_lock_of_a_killed_launcher_is_taken_over(copy, tools):
    gone = subprocess.Popen(["true"])
    gone.wait()
    (copy / ".venv.lock").mkdir()
    (copy / ".venv.lock" / "pid").write_text(str(gone.pid))

    assert run(copy, tools, "up")[:2] == (0, "hello up\n")


def test_a_shim_that_does_not_run_is_passed_over(copy, tools):
    script(tools / "python3.14", "exit 127")
    script(tools / "python3.13", "exit 127")
    script(tools / "python3", f'exec "{sys.executable}" "$@"')

    code, out, err = run(copy, tools, "up", python="")

    assert (code, out) == (0, "hello up\n")
    assert f"({tools}/python3)" in err


def test_without_a_python_it_says_what_to_install(copy, tools):
    code, out, err = run(copy, tools, "up", python="")

    assert (code, out) == (1, "")
    assert "needs Python 3.12 or newer" in err
    assert not (copy / ".venv.lock").exists()


def test_a_python_without_ensurepip_names_the_missing_package(copy, tools):
    script(tools / "python3.13", 'case "$2" in *ensurepip*) exit 1 ;; esac', f'exec "{sys.executable}" "$@"')
    code, _, err = run(copy, tools, "up", python="")

    assert code == 1
    assert "apt install python3-venv" in err


def test_packages_that_cannot_be_installed_are_no_environment(copy, tools):
    (copy / "requirements.lock").write_text("nowhere-to-be-found @ file:///nowhere\n")

    code, out, err = run(copy, tools, "up")

    assert (code, out) == (1, "")
    assert "could not be installed" in err
    assert not (copy / ".venv" / "installed-requirements.lock").exists()
