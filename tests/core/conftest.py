"""Folders that PostgreSQL's account can reach: pytest's own are private to us."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from quartermaster.core.embedded import Server


@pytest.fixture
def open_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="quartermaster-embedded-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def server(open_folder: Path) -> Iterator[Server]:
    server = Server(open_folder / "postgres", durable=False)
    yield server
    server.stop()
