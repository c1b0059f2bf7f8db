"""The life of one embedded server: start (however it ended last time), share, stop."""

import contextlib
import fcntl
import hashlib
import subprocess
import time
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from quartermaster.core.embedded import liveness, making, programs
from quartermaster.core.embedded.account import Account, owner_name, server_account
from quartermaster.core.embedded.refusals import DidNotStart, NotReachable, OtherOwner

_SOCKET_PATH_MAX = 85  # the kernel allows 104 to 108 bytes; ".s.PGSQL.5432.lock" comes on top
_RECOVERY_S = 600  # a crash under full load can take minutes to replay
_READY, _STARTING = 0, 1  # pg_isready's answers


class Server:
    """PostgreSQL in `folder`. Not durable means: no fsync, for databases that are thrown away."""

    def __init__(self, folder: Path, *, durable: bool = True, account: Account | None = None) -> None:
        self.folder = folder
        self.durable = durable
        self.account = account or server_account()
        self.data = folder / "data"

    @cached_property
    def programs(self) -> programs.Programs:
        return programs.within_reach(programs.choose(self.data), self.account, self.folder)

    @cached_property
    def socket_folder(self) -> Path:
        """Where the socket lies: in our folder, or below /tmp when that path is too long for a socket."""
        near = self.folder / "socket"
        if len(bytes(near)) <= _SOCKET_PATH_MAX:
            return near
        return Path("/tmp") / f"quartermaster-{_short(self.folder)}"  # noqa: S108 - checked to be ours by own()

    @property
    def url(self) -> str:
        """The address for any PostgreSQL client. The socket's folder lets in only the account and root."""
        host = quote(str(self.socket_folder), safe="/")
        return f"postgresql://{making.USER}@/{making.DATABASE}?host={host}&port=5432"

    def start(self) -> str:
        """Make it if there is none, start it unless it runs, wait until it answers. Returns its address.

        Safe from several processes at once. Raises a Refused of `refusals` that says what to do.
        """
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o755)
        with _locked(self.folder / "lock", fcntl.LOCK_EX):
            self._check_owner()
            self.account.own(self.socket_folder)
            if not self.data.exists():
                making.make(self.data, self.programs, self.account, durable=self.durable)
            if not self._answers():
                liveness.forget_the_dead(self.data, self.socket_folder)
                self._launch()
        return self.url

    def stop(self) -> None:
        """Stop it, ending open sessions; at most 15 seconds. Nothing happens when it does not run."""
        with _locked(self.folder / "lock", fcntl.LOCK_EX):
            self._stop()

    @contextlib.contextmanager
    def running(self) -> Iterator[str]:
        """Started for the length of the block. Processes share it; the last to leave stops it."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o755)
        with _locked(self.folder / "in-use", fcntl.LOCK_SH) as use:
            try:
                yield self.start()
            finally:
                with contextlib.suppress(BlockingIOError):
                    fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    self.stop()

    def is_running(self) -> bool:
        return liveness.is_running(self.data)

    def _answers(self) -> bool:
        """Whether it takes connections; waits for one that is starting, ends one whose socket was deleted."""
        deadline = time.monotonic() + 3
        while self.is_running():
            said = self.account.run(
                self.programs / "pg_isready", "-q", "-h", self.socket_folder, "-t", "3"
            ).returncode
            if said == _READY:
                return True
            if said != _STARTING and time.monotonic() > deadline:
                self._stop()
                return False
            time.sleep(0.05)
        return False

    def _launch(self) -> None:
        making.write_settings(self.data, self.socket_folder, self.account, durable=self.durable)
        early = self.socket_folder / "start.log"
        early.unlink(missing_ok=True)
        began = self.account.run(
            self.programs / "pg_ctl", "start", "-w", "-t", str(_RECOVERY_S), "-D", self.data, "-l", early,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        if began.returncode:
            raise DidNotStart(what="started", said=self._last_words(early))

    def _stop(self) -> None:
        for mode, patience_s in (("fast", 10), ("immediate", 5)):
            if not self.is_running():
                return
            self.account.run(
                self.programs / "pg_ctl", "stop", "-w", "-t", str(patience_s), "-m", mode, "-D", self.data
            )

    def _check_owner(self) -> None:
        if self.data.exists() and (owner := self.data.stat().st_uid) != self.account.uid:
            raise OtherOwner(path=self.data, owner=owner_name(owner), account=self.account.name)

    def _last_words(self, early: Path) -> str:
        logs = sorted((self.data / "log").glob("*.log"), key=lambda log: log.stat().st_mtime)[-1:]
        texts = [log.read_text(errors="replace")[-1500:] for log in (early, *logs) if log.exists()]
        return "\n".join(texts).strip()


def folder_for(home: Path) -> Path:
    """Where the server of this QM_HOME lives: below it, or in /var/lib when the account cannot get there."""
    account = server_account()
    near = home / "postgres"
    far = Path("/var/lib") / f"quartermaster-{_short(home)}"
    if not account.switched:
        return near
    if far.exists():
        return far
    home.mkdir(parents=True, exist_ok=True, mode=0o755)
    if account.can_pass(home):
        return near
    if (near / "data").exists():
        raise NotReachable(path=near, account=account.name)
    return far


def _short(path: Path) -> str:
    return hashlib.sha256(bytes(path.absolute())).hexdigest()[:12]


@contextlib.contextmanager
def _locked(file: Path, kind: int) -> Iterator[int]:
    """Hold a lock on the file. The kernel lets go of it however we end."""
    with file.open("a") as handle:
        fcntl.flock(handle, kind)
        yield handle.fileno()
