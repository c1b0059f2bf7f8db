"""A database for one run of the benchmark: durable like a real one, and gone afterwards."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psycopg

from quartermaster.commands.running import ground, throwaway
from quartermaster.core.embedded import Server

ROOT = Path(__file__).resolve().parents[2]


class Ground(NamedTuple):
    """Where the run stands: `url` for any client, `postmaster` for its CPU, `scratch` for files."""

    url: str
    postmaster: int
    scratch: Path
    programs: Path
    skus: int


@contextlib.contextmanager
def made(*, skus: int, statements: bool = False) -> Iterator[Ground]:
    """A migrated, durable database of our own, Django set up for it. With `statements` it counts them."""
    with throwaway.database("bench", durable=True) as place:
        if statements:
            _count_statements(place.server, place.url)
        home = place.folder / "home"
        os.environ |= {"QM_HOME": str(home), "QM_DATABASE_URL": place.url}
        ground.keep_secret_key(home)
        ground.set_up_django()
        _migrate()
        postmaster = int((place.server.data / "postmaster.pid").read_text().split()[0])
        yield Ground(place.url, postmaster, place.folder, place.server.programs.folder, skus)


def environment() -> dict[str, str]:
    """For processes of ours: they find the package and the benchmark."""
    return {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}


def _migrate() -> None:
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
