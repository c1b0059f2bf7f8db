"""./qm sim: an outside system on this machine."""

import argparse

import httpx
import pytest

from quartermaster.commands import sim
from quartermaster.testing.simulators import server


def test_it_says_how_to_connect_and_goes_wrong_when_told_to(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    told: dict[str, object] = {}

    def briefly(simulator: server.Simulator) -> None:
        with simulator:
            body = b'{"operation": "buy", "faults": ["late"]}'
            with httpx.Client() as client:
                told.update(client.post(f"{simulator.url}/_simulator/faults", content=body).json())

    monkeypatch.setattr(server.Simulator, "run", briefly)

    assert sim.run(argparse.Namespace(kind="shippo", port=0)) == 0

    assert told == {"paid": 0, "requests": 0, "faults": [["buy", "late"]]}
    assert "./qm connect shippo acme-shippo --set" in capsys.readouterr().out


def test_there_is_no_simulator_of_everything(capsys: pytest.CaptureFixture[str]):
    assert sim.run(argparse.Namespace(kind="pigeon", port=0)) == 2
    assert "but of: shipengine" in capsys.readouterr().err
