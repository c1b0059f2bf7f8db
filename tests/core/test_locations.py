from pathlib import Path

import pytest

from quartermaster.core import locations


def settings(url: str, process: str = "command") -> dict:
    return locations.database_settings(url, process=process)


def test_an_address_with_everything_in_it_is_read():
    read = settings("postgresql://qm:p%40ss@db.example:6432/shop?sslmode=require&connect_timeout=3")

    assert [read[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == [
        "qm", "p@ss", "db.example", "6432", "shop",
    ]  # fmt: skip
    assert read["OPTIONS"]["sslmode"] == "require"
    assert read["OPTIONS"]["connect_timeout"] == "3"


def test_the_socket_folder_may_stand_in_the_query():
    read = settings("postgresql://quartermaster@/quartermaster?host=/a/b%20c/socket&port=5432")
    assert (read["HOST"], read["PORT"], read["NAME"]) == ("/a/b c/socket", "5432", "quartermaster")


def test_just_in_time_compilation_is_off_and_own_options_stay():
    assert settings("postgresql:///x")["OPTIONS"]["options"] == "-c jit=off"
    both = settings("postgresql:///x?options=-c%20work_mem%3D8MB")["OPTIONS"]["options"]
    assert both == "-c work_mem=8MB -c jit=off"


def test_a_connection_over_a_network_is_watched_by_both_sides_and_what_is_given_wins():
    far = settings("postgresql://db.example/x?keepalives_idle=60")["OPTIONS"]
    assert (far["keepalives_idle"], far["tcp_user_timeout"]) == ("60", 25_000)
    assert "-c tcp_user_timeout=25000" in far["options"]
    for near in ("postgresql:///x", "postgresql://quartermaster@/x?host=/a/socket"):
        assert "tcp_user_timeout" not in settings(near)["OPTIONS"]


def test_only_the_web_process_has_a_pool_and_its_connections_are_renewed():
    web = settings("postgresql:///x", "web")
    assert web["OPTIONS"]["pool"]["max_lifetime"] == 300
    assert "CONN_MAX_AGE" not in web  # Django refuses both at once
    assert "pool" not in settings("postgresql:///x", "worker")["OPTIONS"]


def test_an_address_that_cannot_be_read_is_refused_without_showing_the_password():
    with pytest.raises(locations.NoPostgresAddress) as refusal:
        settings("mysql://qm:geheim@db/shop")
    assert "geheim" not in refusal.value.title + refusal.value.remedy
    assert refusal.value.__suppress_context__


def test_the_environment_goes_before_the_files(tmp_path: Path, monkeypatch):
    monkeypatch.delenv("QM_SECRET_KEY", raising=False)
    assert locations.known_secret_key(tmp_path) == ""

    locations.secret_key_file(tmp_path).write_text("from the file\n")
    assert locations.known_secret_key(tmp_path) == "from the file"

    monkeypatch.setenv("QM_SECRET_KEY", "from the environment")
    assert locations.known_secret_key(tmp_path) == "from the environment"


def test_home_is_var_beside_the_source_unless_said_otherwise(monkeypatch):
    monkeypatch.delenv("QM_HOME", raising=False)
    assert locations.home() == locations.ROOT / "var"
    monkeypatch.setenv("QM_HOME", "elsewhere")
    assert locations.home() == Path.cwd() / "elsewhere"


def test_the_address_is_the_one_given_else_where_it_ran_last(tmp_path: Path, monkeypatch):
    monkeypatch.delenv("QM_URL", raising=False)
    assert locations.known_url(tmp_path) == "http://127.0.0.1:8000"

    locations.url_file(tmp_path).write_text("http://127.0.0.1:8911\n")
    assert locations.known_url(tmp_path) == "http://127.0.0.1:8911"

    monkeypatch.setenv("QM_URL", "https://orders.example.com/")
    assert locations.known_url(tmp_path) == "https://orders.example.com"
