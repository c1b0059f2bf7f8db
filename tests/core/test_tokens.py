from datetime import UTC, datetime

import pytest

from quartermaster.core.errors import Invalid, NotFound
from quartermaster.core.models import EventRow
from quartermaster.core.models import Token as Row
from quartermaster.core.tokens import Token, TokenExists, authenticate, create_token, revoke_token

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def a_token(name: str = "erp", *scopes: str) -> str:
    return create_token(name, scopes or ("read",), at=AT, by="user:3")


@pytest.mark.django_db
def test_a_new_token_opens_the_door_and_its_text_is_nowhere_in_the_database():
    text = a_token("erp", "orders", "read")
    assert text.startswith("qm_")
    assert authenticate(text) == Token("erp", ("read", "orders"))
    assert text.removeprefix("qm_") not in str(list(Row.objects.values()) + list(EventRow.objects.values()))


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "qm_", "qm_wrong", "Bearer x", "qm_\ud800\x00", "qm_" + "x" * 10_000])
def test_any_other_text_does_not(text: str):
    a_token()
    assert authenticate(text) is None


@pytest.mark.django_db
def test_a_revoked_token_opens_nothing_and_both_facts_are_recorded():
    text = a_token()
    revoke_token("erp", at=AT, by="user:3")
    assert authenticate(text) is None
    assert list(EventRow.objects.order_by("id").values_list("name", "subject", "actor")) == [
        ("TokenCreated", "token:erp", "user:3"),
        ("TokenRevoked", "token:erp", "user:3"),
    ]


@pytest.mark.django_db
def test_a_name_is_never_used_twice_for_the_log_knows_tokens_by_it():
    a_token()
    revoke_token("erp", at=AT, by="user:3")
    with pytest.raises(TokenExists):
        a_token()
    with pytest.raises(NotFound):
        revoke_token("erp", at=AT, by="user:3")


def test_unknown_scopes_and_bad_names_are_refused_by_field():
    with pytest.raises(Invalid) as refused:
        create_token("a\nb", ["root"], at=AT, by="user:3")
    assert set(refused.value.errors) == {"name", "scope"}
    with pytest.raises(Invalid, match="token"):
        create_token("erp", [], at=AT, by="user:3")


@pytest.mark.parametrize(
    ("scopes", "allowed", "refused"),
    [
        (("read",), ("orders:read", "stock:read"), ("orders:write", "admin", "orders")),
        (("write",), ("orders:read", "stock:write"), ("admin", "connections:write")),
        (("orders",), ("orders:read", "orders:write"), ("stock:read", "read", "admin")),
        (("orders:write",), ("orders:read", "orders:write"), ("stock:write",)),
        (("orders:read", "stock:write"), ("orders:read", "stock:read"), ("orders:write",)),
        (("admin",), ("orders:write", "connections:write", "admin", "read"), ()),
        ((), (), ("orders:read", "read", "admin")),
    ],
)
def test_a_token_may_do_what_its_scopes_say_and_no_more(scopes, allowed, refused):
    token = Token("erp", scopes)
    assert [scope for scope in (*allowed, *refused) if token.allows(scope)] == list(allowed)
