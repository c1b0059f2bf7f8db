"""Published data, read from a folder: plain files, or inside .tar.gz files."""

import tarfile
from pathlib import Path

KINDS = (".txt", ".csv", ".json")


def texts(folder: Path) -> dict[str, str]:
    """Path -> text of every file below the folder, those inside of archives included."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.name.endswith(".tar.gz"):
            with tarfile.open(path) as archive:
                for member in archive:
                    if member.isfile() and member.name.endswith(KINDS):
                        file = archive.extractfile(member)
                        assert file is not None
                        found[member.name.removeprefix("./")] = file.read().decode("latin-1")
        elif path.name.endswith(KINDS):
            found[path.relative_to(folder).as_posix()] = path.read_text(encoding="latin-1")
    return found
