import socket

import pytest

from quartermaster import commands
from quartermaster.commands.running import listening
from quartermaster.commands.running.refusals import PortTaken


def test_a_port_that_another_server_would_share_counts_as_taken():
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(PortTaken, match=f"Port {port} on 127.0.0.1 is in use") as refusal:
            listening.check_free("127.0.0.1", port)
    assert f"--port {port + 1}" in refusal.value.remedy

    listening.check_free("127.0.0.1", port)  # free again: no refusal


@pytest.mark.parametrize("wrong", ["99999", "0", "-1", "http"])
def test_a_port_number_that_does_not_exist_is_wrong_usage(wrong, capsys):
    with pytest.raises(SystemExit) as end:
        commands.main(["up", "--port", wrong])
    assert end.value.code == 2
    assert "port" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("host", "url"),
    [("127.0.0.1", "http://127.0.0.1:80"), ("0.0.0.0", "http://127.0.0.1:80"), ("::1", "http://[::1]:80")],
)
def test_the_printed_address_can_be_opened_here(host, url):
    assert listening.url_of(host, 80) == url


def test_listening_everywhere_trusts_any_name_only_while_no_public_address_is_known(monkeypatch):
    monkeypatch.delenv("QM_URL", raising=False)
    assert listening.trusted_hosts("0.0.0.0") == "*"
    assert listening.trusted_hosts("shop.lan") == "shop.lan"
    monkeypatch.setenv("QM_URL", "https://shop.example")
    assert listening.trusted_hosts("0.0.0.0") == ""
