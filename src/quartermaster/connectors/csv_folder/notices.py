"""What will come in, as files in the folder: one for each revision, and one when it does not come."""

import re

from quartermaster.connectors.csv_folder import translate
from quartermaster.connectors.csv_folder.folder import SENT, open_folder, was_written, write_file
from quartermaster.connectors.csv_folder.places import Place
from quartermaster.core.outside import Account, Missing
from quartermaster.outside.ports import Notice, Noticed, State

_NAME = re.compile(r"notice-(.+)-([0-9]{1,9})\.csv(?:\.going)?")


class Notices:
    """A file that was written is theirs: a later revision is another file, and says which one it is."""

    def announce(self, *, account: Account, notice: Notice) -> Noticed:
        name = f"notice-{notice.reference}-{notice.revision}.csv"
        with open_folder(account) as place:
            if not was_written(place, name):
                write_file(place, name, translate.NOTICE, translate.notice_rows(notice))
        return Noticed(notice.reference, State.HANDED, notice.revision)

    def noticed(self, *, account: Account, reference: str) -> Noticed | None:
        with open_folder(account) as place:
            revision = _last(place, reference)
            is_withdrawn = was_written(place, _withdrawn(reference))
        if not revision:
            return None
        return Noticed(reference, State.CANCELLED if is_withdrawn else State.HANDED, revision)

    def withdraw(self, *, account: Account, reference: str, because: str) -> Noticed:
        with open_folder(account) as place:
            revision = _last(place, reference)
            if not revision:
                raise Missing(f"{reference} was never written to the folder")
            if not was_written(place, _withdrawn(reference)):
                rows = [{"notice": reference, "because": because}]
                write_file(place, _withdrawn(reference), ("notice", "because"), rows)
        return Noticed(reference, State.HANDED, revision)


def _withdrawn(reference: str) -> str:
    return f"cancel-{reference}.csv"


def _last(place: Place, reference: str) -> int:
    """The highest revision that was written, 0 for none."""
    named = (_NAME.fullmatch(found.name) for found in place.files(SENT))
    known = sorted({int(read[2]) for read in named if read and read[1] == reference}, reverse=True)
    return next((n for n in known if was_written(place, f"notice-{reference}-{n}.csv")), 0)
