"""Real child processes, but small ones: snippets of Python in place of our commands."""

import os
import signal
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from quartermaster.commands.running import children
from quartermaster.commands.running.refusals import NeverReady
from quartermaster.commands.running.supervisor import Supervisor

SLEEPS = "import time; time.sleep(60)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)"
)


@pytest.fixture(autouse=True)
def snippets(monkeypatch):
    """A child's command is a snippet of Python instead of one of ours."""
    real = children.subprocess.Popen
    monkeypatch.setattr(
        children.subprocess, "Popen", lambda argv, **more: real([sys.executable, "-c", argv[-1]], **more)
    )


def until(condition, within_s: float = 10) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_killed_child_is_started_again_and_all_end_with_the_block():
    with Supervisor([["x", SLEEPS], ["y", SLEEPS]], None) as supervisor:
        watching = threading.Thread(target=supervisor.watch)
        watching.start()
        victim, other = (child.process for child in supervisor.children)
        os.kill(victim.pid, signal.SIGKILL)

        until(lambda: supervisor.children[0].process not in (None, victim))

        assert other.poll() is None
        supervisor.stop.set()
        watching.join()
        alive = [child.process for child in supervisor.children]
    assert [process.returncode for process in alive] == [-signal.SIGTERM] * 2


def test_a_child_that_keeps_dying_is_started_later_and_later(monkeypatch):
    child = children.Child(["x", "raise SystemExit(3)"], leash=0)
    child.start()
    pauses = []
    for _ in range(3):
        child.process.wait()
        child.due = 0.0
        child.keep_running()
        pauses.append(child.due - time.monotonic())
        child.due = 0.0
        child.keep_running()
    child.process.wait()
    assert pauses == [pytest.approx(0, abs=0.3), pytest.approx(0.5, abs=0.3), pytest.approx(1, abs=0.3)]


def test_a_child_that_ignores_the_request_is_killed(monkeypatch):
    monkeypatch.setattr("quartermaster.commands.running.supervisor._END_WITHIN_S", 0.3)
    with Supervisor([["x", STUBBORN]], None) as supervisor:
        process = supervisor.children[0].process
        time.sleep(0.3)
    assert process.returncode in (-signal.SIGKILL, -signal.SIGTERM)


class Answers(BaseHTTPRequestHandler):
    status = 503

    def do_GET(self):
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(b"migrations are missing")

    def log_message(self, *_):
        return None


@pytest.fixture
def web():
    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_ready_is_when_readyz_says_200(web, monkeypatch):
    monkeypatch.setattr(Answers, "status", 200)
    with Supervisor([["x", SLEEPS]], None) as supervisor:
        assert supervisor.wait_until_ready(web, patience_s=5)


def test_never_ready_tells_what_readyz_said(web):
    with (
        Supervisor([["x", SLEEPS]], None) as supervisor,
        pytest.raises(NeverReady, match="503 migrations are missing"),
    ):
        supervisor.wait_until_ready(web, patience_s=0)


def test_a_child_that_dies_three_times_before_anything_is_ready_ends_the_wait():
    with Supervisor([["x", "raise SystemExit(1)"]], None) as supervisor, pytest.raises(NeverReady):
        supervisor.wait_until_ready("http://127.0.0.1:1", patience_s=60)
