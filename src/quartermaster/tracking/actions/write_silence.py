"""How long carriers may be silent, written by people and programs: every version is kept."""

from datetime import datetime

from django.db import transaction
from msgspec.structs import replace

from quartermaster.core.actions.versions import next_version, write_version
from quartermaster.core.events import emit
from quartermaster.events import SilenceChanged
from quartermaster.tracking.queries.silence import SILENCE
from quartermaster.tracking.rules.silence import Silence, errors_in


def write_silence(
    silence: Silence, *, because: str, version: int | None = None, at: datetime, by: str
) -> Silence:
    """Put a new version in force, for whatever is under way. Raises Invalid with every problem, and
    VersionMoved when another than `version` has come into force."""
    with transaction.atomic():
        number = next_version(SILENCE, version)
        written = replace(silence, version=number.version)
        write_version(SILENCE, number, written, wrong=errors_in(written), because=because, at=at, by=by)
        told = SilenceChanged(subject="silence", at=at, actor=by, version=written.version, because=because)
        emit([told])
    return written
