"""Making a database cluster: initdb, our settings, one empty database; complete or not there at all."""

import os
import shutil
from pathlib import Path

from quartermaster.core.embedded.account import Account
from quartermaster.core.embedded.programs import Programs
from quartermaster.core.embedded.refusals import DidNotStart

USER = DATABASE = "quartermaster"

# For a small machine that also runs the web and the workers. On a larger one use ALTER SYSTEM, which wins.
_SETTINGS = """\
listen_addresses = ''
port = 5432
max_connections = 100
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 128MB
random_page_cost = 1.1
jit = off
synchronous_commit = on
wal_compression = off
checkpoint_timeout = 15min
max_wal_size = 2GB
min_wal_size = 256MB
# queue tables change all the time: small, frequent cleaning keeps them small and their statistics true
autovacuum_naptime = 15s
autovacuum_vacuum_scale_factor = 0.05
autovacuum_analyze_scale_factor = 0.02
autovacuum_vacuum_cost_limit = 1000
idle_in_transaction_session_timeout = 10min
timezone = 'UTC'
log_timezone = 'UTC'
# one log file for each day of the week
logging_collector = on
log_filename = 'postgresql-%a.log'
log_truncate_on_rotation = on
log_rotation_age = 1d
log_rotation_size = 0
log_checkpoints = off
"""
_NOT_DURABLE = "fsync = off\nfull_page_writes = off\n"  # outlives kill -9, not a power cut


def make(data: Path, programs: Programs, account: Account, *, durable: bool) -> None:
    """Make the cluster in a folder beside `data` and move it there when it is complete."""
    for leftover in data.parent.glob(f"{data.name}.new-*"):
        shutil.rmtree(leftover)
    partial = account.own(data.with_name(f"{data.name}.new-{os.getpid()}"))
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    if programs.major < 17:  # no locale of its own yet; the C library's has the same order
        locale = ["--locale=C.UTF-8"]
    options = [] if durable else ["--no-sync"]
    made = account.run(
        programs / "initdb", "-D", partial, "-U", USER, "-A", "trust", "-E", "UTF8", "--data-checksums",
        *locale, *options,
    )  # fmt: skip
    if made.returncode:
        raise DidNotStart(what="set up", said=made.stdout.strip())
    created = account.run(
        programs / "postgres", "--single", "-D", partial, "-c", "log_checkpoints=off", "postgres",
        stdin=None, input=f"CREATE DATABASE {DATABASE}\n",
    )  # fmt: skip
    if created.returncode or "ERROR" in created.stdout:
        raise DidNotStart(what="set up", said=created.stdout.strip())
    with (partial / "postgresql.conf").open("a", encoding="utf-8") as conf:
        conf.write("\ninclude_if_exists = 'quartermaster.conf'\n")
    partial.rename(data)


def write_settings(data: Path, socket_folder: Path, account: Account, *, durable: bool) -> None:
    """Write quartermaster.conf, which postgresql.conf includes. Anew at each start."""
    quoted = str(socket_folder).replace("'", "''")
    text = _SETTINGS + f"unix_socket_directories = '{quoted}'\n" + ("" if durable else _NOT_DURABLE)
    fresh = data / f"quartermaster.conf.{os.getpid()}"
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        if account.switched:
            os.fchown(descriptor, account.uid, account.gid)
    fresh.replace(data / "quartermaster.conf")
