"""What a connection is asked and told goes by here: when the other side does not accept our keys, whoever
keeps connections hears of it."""

from collections.abc import Callable
from functools import wraps

from quartermaster.core.outside import AuthExpired, KeysAwaited

hear: list[Callable[[str, AuthExpired], None]] = []  # slug, what was said; filled once at start by the flow


class _Watched:
    """Looks like the port it stands for: its public members are those of an instance, so that a check by a
    protocol finds them."""


def watched[P](slug: str, port: P) -> P:
    """`port`, each of whose calls tells when the keys of `slug` are refused. The error goes on to the
    caller."""
    stand_in = _Watched()
    for name in dir(port):
        if not name.startswith("_"):
            member = getattr(port, name)
            setattr(stand_in, name, _watching(slug, member) if callable(member) else member)
    return stand_in  # type: ignore[return-value]  # it has all of its members


def _watching[**A, T](slug: str, call: Callable[A, T]) -> Callable[A, T]:
    @wraps(call)
    def watching(*args: A.args, **named: A.kwargs) -> T:
        try:
            return call(*args, **named)
        except KeysAwaited:
            raise
        except AuthExpired as refused:
            refused.slug = slug
            for one in hear:
                one(slug, refused)
            raise

    return watching
