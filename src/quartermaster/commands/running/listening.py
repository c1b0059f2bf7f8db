"""The address to listen on: free, and by which names it may be called."""

import ipaddress
import os
import socket
import time

from quartermaster.commands.running.refusals import PortTaken


def check_free(host: str, port: int, *, patience_s: float = 0) -> None:
    """Raises PortTaken when the port cannot be listened on, after waiting up to patience_s for it.

    The web server itself would share a port with another one without a word: each gets half of the requests.
    """
    deadline = time.monotonic() + patience_s
    while True:
        try:
            family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
            with socket.socket(family, kind, protocol) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
            return
        except (OSError, OverflowError) as error:
            if time.monotonic() >= deadline:
                because = getattr(error, "strerror", None) or str(error)
                raise PortTaken(host=host, port=port, because=because.lower(), other=port + 1) from None
            time.sleep(0.1)


def url_of(host: str, port: int) -> str:
    """The address to type on this machine."""
    if is_everywhere(host):
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def trusted_hosts(host: str) -> str:
    """Names to answer to besides localhost and QM_URL's. Listening everywhere without QM_URL: any name."""
    if is_everywhere(host):
        return "" if os.environ.get("QM_URL") else "*"
    return f"[{host}]" if ":" in host else host


def is_everywhere(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False
