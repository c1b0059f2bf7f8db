"""A database for one run of the benchmark: durable like a real one, and gone afterwards."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psycopg

from quartermaster.core.embedded import Server

ROOT = Path(__file__).resolve().parents[2]


class Ground(NamedTuple):
    """Where the run stands: `url` for any client, `postmaster` for its CPU, `scratch` for files."""

    url: str
    postmaster: int
    scratch: Path
    programs: Path


@contextlib.contextmanager
def made(*, statements: bool = False) -> Iterator[Ground]:
    """A migrated, durable database of our own, Django set up for it. With `statements` it counts them."""
    folder = Path(tempfile.mkdtemp(prefix=f"quartermaster-bench-{os.getpid()}-"))
    folder.chmod(0o755)  # ours, and PostgreSQL's account must be able to pass through it
    server = Server(folder / "postgres", durable=True)
    try:
        with server.running() as url:
            if statements:
                _count_statements(server, url)
            os.environ |= {"QM_HOME": str(folder / "home"), "QM_DATABASE_URL": url, "QM_LOG": "text"}
            _migrate()
            postmaster = int((server.data / "postmaster.pid").read_text().split()[0])
            yield Ground(url, postmaster, folder, server.programs.folder)
    finally:
        shutil.rmtree(folder)


def _migrate() -> None:
    from quartermaster.commands.running import ground

    ground.keep_secret_key(Path(os.environ["QM_HOME"]))
    ground.set_up_django()
    from django.db import connection

    from quartermaster.commands.running import migrating

    migrating.migrate()
    connection.close()


def _count_statements(server: Server, url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("alter system set shared_preload_libraries = 'pg_stat_statements'")
        connection.execute("alter system set pg_stat_statements.max = 10000")
    server.stop()
    server.start()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("create extension pg_stat_statements")


def environment() -> dict[str, str]:
    """For processes of ours: they find the package and the benchmark."""
    return {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
