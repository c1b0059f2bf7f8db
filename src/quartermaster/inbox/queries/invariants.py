"""What must hold of messages."""

from collections.abc import Callable

from quartermaster.core import sql

ROWS_MAX = 100
TAMPERED = "select id from inbox_message where sha256(body) <> sha256 order by id limit %s"

KEPT = "select slug from inbox_connection where forget_at < now() - interval '1 day' order by slug limit %s"


def bodies_that_changed() -> list[str]:
    return [f"message {row[0]}: its bytes are not those that came" for row in sql.run(TAMPERED, (ROWS_MAX,))]


def secrets_kept_too_long() -> list[str]:
    return [f"{slug} still keeps a secret that was replaced" for (slug,) in sql.run(KEPT, (ROWS_MAX,))]


INVARIANTS: tuple[tuple[str, str, Callable[[], list[str]]], ...] = (
    ("inbox.bytes", "Every message still holds the bytes that came.", bodies_that_changed),
    ("inbox.secrets", "No secret is kept a day longer than it counts.", secrets_kept_too_long),
)
