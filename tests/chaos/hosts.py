"""Three hosts on one machine: network namespaces with a cable each, a PostgreSQL on one of them."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg

from quartermaster.core.embedded import Server, folder_for

SOURCE = Path(__file__).parents[2] / "src"
ROOT = Path(__file__).parents[2]
PASSWORD = "sesame"
CLONE_NEWNET = 0x40000000


def why_not() -> str:
    """What is missing to have several hosts here; "" when nothing is."""
    if os.geteuid() != 0:
        return "needs root, to make network namespaces"
    if not shutil.which("ip"):
        return "needs the program ip (iproute2)"
    name = f"qm-try-{os.getpid()}"
    tried = subprocess.run(["ip", "netns", "add", name], capture_output=True, text=True, check=False)
    if tried.returncode:
        return f"network namespaces are not allowed here: {tried.stderr.strip()}"
    ip("netns", "del", name)
    return ""


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True)


class Host:
    """A network of its own. `cable` is the database host's end of the cable to it."""

    def __init__(self, name: str, address: str, cable: str) -> None:
        self.name, self.address, self.cable = name, address, cable
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def __call__[T](self, what: Callable[[], T]) -> T:
        """Do it on this host: a thread that has moved there, with whatever it starts."""
        answers: list[T] = []
        errors: list[BaseException] = []

        def move_and_do() -> None:
            try:
                with open(f"/run/netns/{self.name}") as place:
                    os.setns(place.fileno(), CLONE_NEWNET)
                answers.append(what())
            except BaseException as error:  # told to the caller, in its own thread
                errors.append(error)

        thread = threading.Thread(target=move_and_do)
        thread.start()
        thread.join()
        if errors:
            raise errors[0]
        return answers[0]

    def start(
        self, name: str, environment: dict[str, str], *command: str, talks: bool = False
    ) -> subprocess.Popen[bytes]:
        """A Python program of ours, until `kill` or `end`. One that talks is read by the caller."""
        pipe = subprocess.PIPE if talks else subprocess.DEVNULL
        self.processes[name] = self(
            lambda: subprocess.Popen(
                [sys.executable, "-P", *command], env=environment, stdin=pipe, stdout=pipe,
                stderr=subprocess.DEVNULL,
            )
        )  # fmt: skip
        return self.processes[name]

    def kill(self, name: str) -> None:
        process = self.processes.pop(name)
        process.kill()
        process.communicate()

    def end(self) -> None:
        for name in list(self.processes):
            self.kill(name)


class Network:
    """`database`, `one` and `two`, and the address of the PostgreSQL on the first."""

    def __init__(self) -> None:
        mark = f"{os.getpid() % 100_000}"
        self.database = Host(f"qm-db-{mark}", "10.213.7.1", "")
        self.one = Host(f"qm-one-{mark}", "10.213.7.11", "to-one")
        self.two = Host(f"qm-two-{mark}", "10.213.7.12", "to-two")
        self.home = Path(tempfile.mkdtemp(prefix="quartermaster-hosts-"))
        self.home.chmod(0o755)  # PostgreSQL's account must be able to pass through it
        self.server = Server(folder_for(self.home))
        self.url = f"postgresql://shop:{PASSWORD}@{self.database.address}:5432/shop"

    def build(self) -> None:
        home = self.database.name
        for host in (self.database, self.one, self.two):
            ip("netns", "add", host.name)
            ip("-n", host.name, "link", "set", "lo", "up")
        ip("-n", home, "link", "add", "bridge", "type", "bridge")
        ip("-n", home, "addr", "add", f"{self.database.address}/24", "dev", "bridge")
        ip("-n", home, "link", "set", "bridge", "up")
        for host in (self.one, self.two):
            peer = ["peer", "name", "uplink", "netns", host.name]
            ip("-n", home, "link", "add", host.cable, "type", "veth", *peer)
            ip("-n", home, "link", "set", host.cable, "master", "bridge", "up")
            ip("-n", host.name, "addr", "add", f"{host.address}/24", "dev", "uplink")
            ip("-n", host.name, "link", "set", "uplink", "up")
        self._serve()

    def _serve(self) -> None:
        """As docs/howto/own-postgresql.md says: a role, a database, reached with a password over TCP."""
        self.server.start()
        with psycopg.connect(self.server.url, autocommit=True) as admin:
            admin.execute(f"create role shop login password '{PASSWORD}'".encode())
            admin.execute(b"create database shop owner shop encoding 'UTF8' template template0")
            admin.execute(f"alter system set listen_addresses = '{self.database.address}'".encode())
        with (self.server.data / "pg_hba.conf").open("a") as rules:
            rules.write("host shop shop 10.213.7.0/24 scram-sha-256\n")
        self.server.stop()
        self.database(self.server.start)

    def ask(self, query: str) -> list[tuple[object, ...]]:
        """From the database's own host, past every network."""
        with psycopg.connect(self.server.url, dbname="shop", autocommit=True) as connection:
            return connection.execute(query.encode()).fetchall()

    def environment(self) -> dict[str, str]:
        """What every host is told, and nothing else of ours."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("QM_", "DJANGO_"))}
        return {
            **kept,
            "QM_HOME": str(self.home),
            "QM_DATABASE_URL": self.url,
            "QM_SECRET_KEY": "the same on every host",
            "DJANGO_SETTINGS_MODULE": "quartermaster.settings",
            "PYTHONPATH": f"{SOURCE}:{ROOT}",
        }

    def cut(self, host: Host) -> None:
        """Pull the cable: nobody is told, packets simply stop."""
        ip("-n", self.database.name, "link", "set", host.cable, "down")

    def mend(self, host: Host) -> None:
        ip("-n", self.database.name, "link", "set", host.cable, "up")

    def pull_down(self) -> None:
        for host in (self.one, self.two):
            host.end()
        self.server.stop()
        for host in (self.one, self.two, self.database):
            subprocess.run(["ip", "netns", "del", host.name], check=False, capture_output=True)
        shutil.rmtree(self.home, ignore_errors=True)


@contextlib.contextmanager
def three_hosts() -> Iterator[Network]:
    network = Network()
    try:
        network.build()
        yield network
    finally:
        network.pull_down()
