import pytest

from quartermaster.commands import main, token
from quartermaster.core.tokens import authenticate


@pytest.fixture(autouse=True)
def _ready(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    """The command runs in the test's own database."""
    monkeypatch.setattr(token, "PREPARED", False, raising=False)


def test_the_token_alone_is_printed_once_and_opens_what_it_may(capsys):
    assert main(["token", "create", "erp", "--scope", "orders", "--scope", "stock:read,kpi:read"]) == 0
    text = capsys.readouterr().out.strip()
    found = authenticate(text)
    assert found is not None
    assert found.allows("orders:write")
    assert not found.allows("stock:write")
    assert main(["token", "list"]) == 0
    said = capsys.readouterr().out
    assert "erp" in said
    assert text not in said


def test_a_revoked_token_is_listed_as_such_and_opens_nothing(capsys):
    main(["token", "create", "erp", "--scope", "admin"])
    text = capsys.readouterr().out.strip()
    assert main(["token", "revoke", "erp"]) == 0
    assert authenticate(text) is None
    main(["token", "list"])
    assert "revoked" in capsys.readouterr().out


def test_wrong_usage_is_2_and_a_refusal_is_1(capsys):
    assert main(["token", "create", "erp", "--scope", "root"]) == 2
    assert "there is no 'root'" in capsys.readouterr().err
    assert main(["token", "revoke", "nobody"]) == 1
    with pytest.raises(SystemExit):
        main(["token", "create", "erp"])
