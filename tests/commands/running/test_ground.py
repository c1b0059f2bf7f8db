import os

import pytest

from quartermaster.commands.running import ground
from quartermaster.commands.running.refusals import OldPostgres, Unreachable
from quartermaster.core import locations


def test_the_first_run_makes_a_private_key_and_later_runs_keep_it(tmp_path, monkeypatch):
    monkeypatch.delenv("QM_SECRET_KEY", raising=False)
    home = tmp_path / "home"

    ground.keep_secret_key(home)
    first = locations.known_secret_key(home)
    ground.keep_secret_key(home)

    assert len(first) > 60
    assert locations.known_secret_key(home) == first
    assert locations.secret_key_file(home).stat().st_mode & 0o777 == 0o600
    assert os.listdir(home) == ["secret-key"]


def test_a_server_that_does_not_answer_is_named_without_its_password():
    with pytest.raises(Unreachable) as refusal:
        ground.check("postgresql://qm:geheim@127.0.0.1:1/shop", patience_s=0)
    assert "127.0.0.1" in refusal.value.title
    assert "geheim" not in refusal.value.title


def test_a_server_older_than_15_is_refused(monkeypatch):
    class Info:
        server_version = 140_011

    class Old:
        info = Info()

        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

    monkeypatch.setattr("psycopg.connect", lambda *_, **__: Old())
    with pytest.raises(OldPostgres, match=r"PostgreSQL 14\.11; Quartermaster needs 15"):
        ground.check("postgresql:///old", patience_s=0)
