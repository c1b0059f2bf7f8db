"""./qm login"""

import argparse

import pytest
from django.test import Client

from quartermaster.commands import login


def test_the_command_prints_a_link_that_signs_in(db: None, capsys: pytest.CaptureFixture[str]):
    assert login.run(argparse.Namespace(name="owner")) == 0
    link = capsys.readouterr().out.splitlines()[0]
    assert link.startswith("http")
    assert Client().post("/" + link.split("/", 3)[3]).headers["Location"] == "/"
