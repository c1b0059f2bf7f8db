"""Who runs PostgreSQL: ourselves, or an existing unprivileged account when we are root."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quartermaster.core.embedded.refusals import NoAccount, OtherOwner


@dataclass(frozen=True, slots=True)
class Account:
    """The account the server runs as. `switched` when that is not who we are."""

    name: str
    uid: int
    gid: int
    switched: bool

    def run(self, *command: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
        """Run a program as this account, from /, in English and UTC; never raises on its exit status."""
        if self.switched:
            options |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC", "HOME": "/"}
        options = {
            "stdout": subprocess.PIPE,
            "stderr": subprocess.STDOUT,
            "stdin": subprocess.DEVNULL,
        } | options
        return subprocess.run(
            [str(part) for part in command], cwd="/", env=environment, text=True, check=False, **options
        )

    def can_pass(self, path: Path) -> bool:
        """Whether the account can run the file or enter the folder. Asks the kernel, not the mode bits."""
        if not self.switched:
            return os.access(path, os.X_OK)
        return self.run("test", "-x", path).returncode == 0

    def own(self, folder: Path) -> Path:
        """Make the folder, private to this account. Refuses one that is a link, or not private already."""
        try:
            folder.mkdir(mode=0o700)
            if self.switched:
                os.chown(folder, self.uid, self.gid)
        except FileExistsError:
            pass
        found = folder.lstat()
        if found.st_uid != self.uid or found.st_mode & 0o170077 != 0o040000:
            raise OtherOwner(path=folder, owner=owner_name(found.st_uid), account=self.name)
        return folder


def server_account() -> Account:
    """Ourselves, or as root the first of `postgres` and `nobody` that exists. Raises NoAccount."""
    if os.geteuid() != 0:
        return Account(owner_name(os.geteuid()), os.geteuid(), os.getegid(), switched=False)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid, switched=True)
    raise NoAccount


def owner_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
