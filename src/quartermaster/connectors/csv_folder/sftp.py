"""The folder behind SFTP: a connection for each call, to a host whose key was compared by a person."""

import io
import posixpath
import socket
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import monotonic

import paramiko

from quartermaster.connectors.csv_folder.places import Found, arrived
from quartermaster.core.outside import AuthExpired, NotDone, Unclear

CONNECT_S, ANSWER_S, CALL_S = 5.0, 8.0, 18.0
FILE_MAX = 8_000_000
_KEYS = (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey)
_LOST = (paramiko.SSHException, EOFError, OSError)


class Sftp:
    """An open session. Whatever breaks before a rename was asked for, nothing has happened."""

    def __init__(self, client: paramiko.SFTPClient, root: str, ends: float) -> None:
        self._client, self._root, self._ends = client, root, ends

    def files(self, folder: str) -> list[Found]:
        rows = [
            (row.st_mtime or 0, row.filename, row.st_size)
            for row in self._client.listdir_attr(self._at(folder))
            if stat.S_ISREG(row.st_mode or 0)
        ]
        return [Found(name, f"{at} {size}") for at, name, size in sorted(rows)]

    def has(self, name: str) -> bool:
        try:
            self._client.stat(self._at(name))
        except FileNotFoundError:
            return False
        return True

    def read(self, name: str) -> bytes:
        with self._client.open(self._at(name), "rb") as file:
            content = bytearray()
            while chunk := file.read(64_000):
                content += chunk
                if len(content) > FILE_MAX:
                    raise NotDone(f"{name} has more than {FILE_MAX:,} bytes")
                self._in_time()
        return bytes(content)

    def write(self, name: str, content: bytes) -> None:
        with self._client.open(self._at(name), "wb") as file:
            file.set_pipelined(False)
            file.write(content)
        arrived(name, content, self.read(name))

    def turn(self, name: str, into: str) -> None:
        self._in_time()
        try:
            self._client.posix_rename(self._at(name), self._at(into))
        except PermissionError as error:
            raise NotDone(f"{into} may not be written: {error}") from None
        except _LOST as error:
            raise Unclear(f"the line was cut ({type(error).__name__})") from None

    def may_move(self, name: str, into: str) -> bool:
        try:
            self._client.posix_rename(self._at(name), self._at(into))
        except PermissionError:
            return False
        return True

    def make(self, folders: tuple[str, ...]) -> None:
        """Where that is allowed: a folder that is missing and needed says so by itself."""
        for folder in folders:
            if not self.has(folder):
                try:
                    self._client.mkdir(self._at(folder))
                except PermissionError:
                    continue

    def _at(self, name: str) -> str:
        self._in_time()
        return posixpath.join(self._root, name)

    def _in_time(self) -> None:
        if monotonic() > self._ends:
            raise NotDone("the server took too long")


@contextmanager
def sftp(settings: Mapping[str, str], folders: tuple[str, ...]) -> Iterator[Sftp]:
    """Raises NotDone (not reached; a host key nobody compared, or another one), AuthExpired, Unclear."""
    ends = monotonic() + CALL_S
    try:
        transport = _reached(settings)
        try:
            _let_in(transport, settings)
            client = paramiko.SFTPClient.from_transport(transport)
            if client is None:
                raise NotDone("the server has no SFTP")
            client.get_channel().settimeout(ANSWER_S)
            place = Sftp(client, settings.get("folder", "."), ends)
            place.make(folders)
            yield place
        finally:
            transport.close()
    except PermissionError as error:
        raise NotDone(f"not allowed there: {error}") from None
    except _LOST as error:
        raise NotDone(f"the line to {settings['host']} was cut ({type(error).__name__})") from None


def _reached(settings: Mapping[str, str]) -> paramiko.Transport:
    """Connected to the host whose key was compared. Nothing secret was said yet."""
    host, port = settings["host"], settings.get("port") or "22"
    if not (port.isascii() and port.isdecimal() and 0 < int(port) < 65_536):
        raise NotDone("the port is a number from 1 to 65535")
    try:
        line = socket.create_connection((host, int(port)), timeout=CONNECT_S)
    except OSError as error:
        raise NotDone(f"{host} cannot be reached: {error.strerror or type(error).__name__}") from None
    transport = paramiko.Transport(line)
    transport.banner_timeout = transport.auth_timeout = CONNECT_S
    try:
        transport.start_client(timeout=CONNECT_S)
        shown, wanted = transport.get_remote_server_key().fingerprint, settings.get("host_key", "").strip()
        if not wanted:
            raise NotDone(f"{host} shows the host key {shown}: compare it with theirs, then set it")
        if shown != wanted:
            raise NotDone(f"{host} shows the host key {shown}, not the one that was set: nothing was sent")
    except BaseException:
        transport.close()
        raise
    return transport


def _let_in(transport: paramiko.Transport, settings: Mapping[str, str]) -> None:
    user = settings.get("user", "")
    try:
        if settings.get("private_key"):
            transport.auth_publickey(user, _key(settings["private_key"], settings.get("password") or None))
        else:
            transport.auth_password(user, settings.get("password", ""))
    except paramiko.AuthenticationException:
        raise AuthExpired(f"{settings['host']} does not let {user} in") from None


def _key(text: str, password: str | None) -> paramiko.PKey:
    for kind in _KEYS:
        try:
            return kind.from_private_key(io.StringIO(text), password)
        except (paramiko.SSHException, ValueError):
            continue
    raise AuthExpired("the private key is none that can be read: OpenSSH's Ed25519, ECDSA or RSA")
