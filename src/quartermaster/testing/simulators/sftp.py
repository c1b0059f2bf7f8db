"""A real SFTP server on the loopback, over a folder of this machine, whose line is cut as it is told to.

`cuts` are taken in their order, one for each request of their kind: ("rename", "before"): the line is cut and
nothing happened · ("rename", "after"): it happened, and the line is cut · ("rename", "refused"): it may not ·
("write", "after"): a part of the file has arrived, and the line is cut · ("write", "full"): a part has, and
it says that it failed · ("write", "wrong"): other bytes have, and it says that all is well. `may_move`: False
refuses every rename in from-warehouse.
"""

import os
import socket
import threading
from collections import deque
from pathlib import Path

import paramiko

USER, PASSWORD = "reno", "sftp-secret"


class SftpServer:
    """Use it as a context. `host_key` is what a client has to be shown."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.cuts: deque[tuple[str, str]] = deque()
        self.may_move = True
        self.logins = 0
        self.user_key: paramiko.PKey | None = None
        self._key = paramiko.ECDSAKey.generate()
        self._line = socket.create_server(("127.0.0.1", 0))
        self._open: list[paramiko.Transport] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def port(self) -> int:
        return int(self._line.getsockname()[1])

    @property
    def host_key(self) -> str:
        return self._key.fingerprint

    def __enter__(self) -> "SftpServer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._line.close()
        for transport in self._open:
            transport.close()

    def cut(self, what: str) -> str:
        """Whether the line is cut at this request, and when; "" when it is not."""
        if self.cuts and self.cuts[0][0] == what:
            return self.cuts.popleft()[1]
        return ""

    def hang_up(self) -> None:
        for transport in self._open:
            transport.close()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._line.accept()
            except OSError:
                return
            transport = paramiko.Transport(line)
            transport.add_server_key(self._key)
            transport.set_subsystem_handler("sftp", paramiko.SFTPServer, _Files, self)
            self._open.append(transport)
            try:
                transport.start_server(event=threading.Event(), server=_Door(self))
            except paramiko.SSHException:
                transport.close()


class _Door(paramiko.ServerInterface):
    def __init__(self, server: SftpServer) -> None:
        self._server = server

    def check_auth_password(self, username: str, password: str) -> int:
        self._server.logins += 1
        return paramiko.AUTH_SUCCESSFUL if (username, password) == (USER, PASSWORD) else paramiko.AUTH_FAILED

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        is_known = username == USER and key == self._server.user_key
        return paramiko.AUTH_SUCCESSFUL if is_known else paramiko.AUTH_FAILED

    def get_allowed_auths(self, username: str) -> str:
        return "password,publickey"

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return paramiko.OPEN_SUCCEEDED


class _Handle(paramiko.SFTPHandle):
    server: SftpServer

    def write(self, offset: int, data: bytes) -> int:
        when = self.server.cut("write")
        if when == "wrong":
            return super().write(offset, data.replace(b"\n", b"\r"))
        if when == "full":
            super().write(offset, data[: len(data) // 2])
            return paramiko.SFTP_FAILURE
        if when:
            super().write(offset, data[: len(data) // 2])
            self.server.hang_up()
            return paramiko.SFTP_FAILURE
        return super().write(offset, data)


class _Files(paramiko.SFTPServerInterface):
    def __init__(self, door: paramiko.ServerInterface, server: SftpServer) -> None:
        super().__init__(door)
        self._server = server

    def _real(self, path: str) -> Path:
        return self._server.root / self.canonicalize(path).lstrip("/")

    def list_folder(self, path: str) -> object:
        try:
            found = sorted(self._real(path).iterdir())
        except OSError as error:
            return _code(error)
        return [paramiko.SFTPAttributes.from_stat(each.stat(), each.name) for each in found]

    def stat(self, path: str) -> object:
        try:
            return paramiko.SFTPAttributes.from_stat(self._real(path).stat())
        except OSError as error:
            return _code(error)

    lstat = stat

    def open(self, path: str, flags: int, attr: object) -> object:
        is_written = bool(flags & os.O_WRONLY)
        try:
            file = open(self._real(path), "wb" if is_written else "rb")  # noqa: SIM115 - the handle closes it
        except OSError as error:
            return _code(error)
        handle = _Handle(flags)
        handle.server = self._server
        if is_written:
            handle.writefile = file
        else:
            handle.readfile = file
        return handle

    def mkdir(self, path: str, attr: object) -> int:
        self._real(path).mkdir()
        return paramiko.SFTP_OK

    def posix_rename(self, oldpath: str, newpath: str) -> int:
        if not self._server.may_move and "from-warehouse" in oldpath:
            return paramiko.SFTP_PERMISSION_DENIED
        when = self._server.cut("rename")
        if when == "refused":
            return paramiko.SFTP_PERMISSION_DENIED
        if when != "before":
            os.replace(self._real(oldpath), self._real(newpath))
        if when:
            self._server.hang_up()
        return paramiko.SFTP_OK


def _code(error: OSError) -> int:
    return int(paramiko.SFTPServer.convert_errno(error.errno))
