"""The pass of a kind of import that remembers the past: rows become structs, batches are kept whole."""

from collections.abc import Callable, Mapping, Sequence

from quartermaster.core.imports.kinds import Given, Taken
from quartermaster.core.kept import Became, Kept

type Read[T] = Callable[[Mapping[str, str]], tuple[T | None, Mapping[str, str]]]
type Remember[T] = Callable[[Sequence[T]], Sequence[Kept]]


class PastRows[T]:
    """`read` makes a struct of a row's cells, or says by column what is wrong; `remember` keeps a batch of
    them. what: the name of what is made, for taking it back."""

    def __init__(self, what: str, read: Read[T], remember: Remember[T]) -> None:
        self._what, self._read, self._remember = what, read, remember

    def wants(self, row: Given) -> bool:
        return True

    def take(self, rows: Sequence[Given]) -> list[Taken]:
        taken: list[Taken | None] = []
        sound: list[T] = []
        for row in rows:
            one, errors = self._read(row.cells)
            if one is None or errors:
                told = "; ".join(f"{column}: {what}" for column, what in errors.items())
                taken.append(Taken(told))
            else:
                taken.append(None)
                sound.append(one)
        kept = iter(self._remember(sound))
        return [one if one is not None else self._taken(next(kept)) for one in taken]

    def _taken(self, kept: Kept) -> Taken:
        made = ((self._what, kept.id),) if kept.id is not None and kept.is_new else ()
        match kept.became:
            case Became.REFUSED:
                return Taken(kept.because)
            case Became.SAME:
                return Taken(is_new=False)
            case Became.CHANGED:
                return Taken(is_changed=True)
        return Taken(made=made)
