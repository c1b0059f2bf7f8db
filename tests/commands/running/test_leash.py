import os
import subprocess
import sys
import threading

from quartermaster.commands.running import leash

PARENT = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", sys.argv[1]], stdout=sys.stdout)
sys.stdin.read(1)
"""
CHILD = """
import os, time
from quartermaster.commands.running import leash
leash.follow_parent(lambda: os._exit(7), every_s=0.02)
print("following", flush=True)
time.sleep(30)
"""


def test_the_end_of_the_pipe_is_the_end_of_the_child(monkeypatch):
    ours, theirs = os.pipe()
    monkeypatch.setenv(leash.VARIABLE, str(ours))
    ended = threading.Event()

    leash.follow(ended.set)
    assert not ended.wait(0.1)
    os.close(theirs)

    assert ended.wait(5)
    assert leash.VARIABLE not in os.environ  # grandchildren have their own
    os.close(ours)


def test_a_child_notices_that_its_parent_was_killed():
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert parent.stdout.readline() == b"following\n"

    parent.kill()

    assert parent.stdout.read() == b""  # ends only when the child has closed its copy, too
    parent.wait()
    parent.stdin.close()
    parent.stdout.close()


def test_without_a_supervisor_nothing_happens(monkeypatch):
    monkeypatch.delenv(leash.VARIABLE, raising=False)
    leash.follow(lambda: os._exit(1))
