"""What every process stands on: a secret key, a database that answers, Django set up."""

import contextlib
import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

from quartermaster.commands.running.refusals import NotMigrated, OldPostgres, Unreachable
from quartermaster.core import locations
from quartermaster.core.embedded import Server, folder_for


@contextlib.contextmanager
def prepared() -> Iterator[None]:
    """For the length of the block: database there and migrated, Django set up.

    The embedded database is migrated on the way. Somebody's own server is not: that is for ./qm migrate or
    ./qm up, so that a newer version looking on does not change tables under an older one. Raises NotMigrated.
    """
    with database() as server:
        set_up_django()
        from quartermaster.commands.running import migrating

        if missing := migrating.missing_count():
            if server is None:
                raise NotMigrated(count=missing)
            migrating.migrate()
        yield


@contextlib.contextmanager
def database(*, patience_s: float = 0) -> Iterator[Server | None]:
    """For the length of the block QM_DATABASE_URL leads to a running PostgreSQL; yields it if it is our own.

    Waits up to patience_s for somebody's own server to come up. Raises Unreachable, OldPostgres.
    """
    keep_secret_key(locations.home())
    if os.environ.get("QM_DATABASE_URL"):
        check(os.environ["QM_DATABASE_URL"], patience_s=patience_s)
        yield None
        return
    server = Server(folder_for(locations.home()))
    with server.running() as url:
        _write_private(locations.database_url_file(locations.home()), url)
        os.environ["QM_DATABASE_URL"] = url
        yield server


def set_up_django() -> None:
    import django

    django.setup()


def check(url: str, *, patience_s: float) -> None:
    """Connect once to somebody's own server. Raises Unreachable, OldPostgres; never tells the password."""
    import psycopg

    locations.database_settings(url, process="command")  # says clearly when the address cannot be read
    deadline = time.monotonic() + patience_s
    while True:
        try:
            with psycopg.connect(url, connect_timeout=5) as connection:
                version = connection.info.server_version
            break
        except psycopg.OperationalError as error:
            if time.monotonic() >= deadline:
                raise Unreachable(because=str(error).strip().replace("\n", "; ")) from None
            time.sleep(0.5)
    if version < 150_000:
        raise OldPostgres(version=f"{version // 10_000}.{version % 10_000}")


def keep_url(url: str) -> None:
    """So that commands in another shell name the address that answers."""
    file = locations.url_file(locations.home())
    file.write_text(f"{url}\n", encoding="utf-8")


def keep_secret_key(home: Path) -> None:
    """Make the secret key on the first run, for our eyes only. Two first runs at once end up with one key."""
    file = locations.secret_key_file(home)
    if not os.environ.get("QM_SECRET_KEY") and not file.exists():
        home.mkdir(parents=True, exist_ok=True, mode=0o755)
        fresh = file.with_name(f"{file.name}.{os.getpid()}")
        _write_private(fresh, secrets.token_urlsafe(64))
        with contextlib.suppress(FileExistsError):
            os.link(fresh, file)
        fresh.unlink()


def _write_private(file: Path, text: str) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as handle:
        handle.write(text + "\n")
