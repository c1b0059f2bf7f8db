"""Where things are: the home folder, the secret key, the database's address. Reads only.

`commands` writes these files. Nothing here imports Django's settings, so that settings can be made of it.
"""

import os
from pathlib import Path
from typing import Any

from quartermaster.core.errors import Refused

ROOT = Path(__file__).resolve().parents[3]


class NoPostgresAddress(Refused):
    code = "no-postgres-address"
    status = 422
    message = "QM_DATABASE_URL is not a PostgreSQL address."
    remedy = (
        "Write it like postgresql://user:password@host:5432/name, or unset it to use the PostgreSQL that"
        " comes with Quartermaster."
    )


def home() -> Path:
    """The folder for everything this installation keeps: QM_HOME, or ./var beside the source."""
    return Path(os.environ.get("QM_HOME") or ROOT / "var").expanduser().absolute()


def secret_key_file(home: Path) -> Path:
    return home / "secret-key"


def database_url_file(home: Path) -> Path:
    """Holds the address of the embedded database after its first start."""
    return home / "database-url"


def known_secret_key(home: Path) -> str:
    """QM_SECRET_KEY, else the key made on the first run, else nothing."""
    return os.environ.get("QM_SECRET_KEY") or _text(secret_key_file(home))


def url_file(home: Path) -> Path:
    """Holds the address `./qm up` answered at last."""
    return home / "url"


def known_url(home: Path) -> str:
    """Where this installation answers, as far as a command beside it can know: QM_URL, else where `./qm up`
    was last, else where it is without options."""
    return (os.environ.get("QM_URL") or _text(url_file(home)) or "http://127.0.0.1:8000").rstrip("/")


def known_database_url(home: Path) -> str:
    """QM_DATABASE_URL, else the embedded database's address, else nothing."""
    return os.environ.get("QM_DATABASE_URL") or _text(database_url_file(home))


# A cut cable tells nobody. Without these, a worker behind one waits for hours, and the database keeps what it
# had locked just as long: nobody else may have its batch. Both sides give up after half a minute of silence.
_OVER_A_NETWORK = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}
_SAME_FOR_THE_SERVER = (
    "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
    " -c tcp_user_timeout=25000"
)


def database_settings(url: str, *, process: str) -> dict[str, Any]:
    """Django's settings for a PostgreSQL address such as postgresql://user:pass@host:5432/name?sslmode=require.

    Whatever libpq understands is passed on (sslmode, host=/a/socket/folder, several hosts). The web
    process gets a pool; its connections live five minutes at most, because a plan cached on a fresh, empty
    table never gets better. Raises NoPostgresAddress, without the password in it, when the address cannot be
    read.
    """
    parts = _conninfo(url) if url else {}
    options = str(parts.pop("options", ""))
    host = str(parts.get("host", ""))
    if host and not host.startswith("/"):
        parts = _OVER_A_NETWORK | parts
        options = f"{_SAME_FOR_THE_SERVER} {options}"
    settings: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", "quartermaster"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "application_name": f"quartermaster {process}",
            "options": f"{options} -c jit=off".strip(),
            **parts,
        },
    }
    if process == "web":
        threads = int(os.environ.get("QM_THREADS", "8"))
        settings["OPTIONS"]["pool"] = {
            "min_size": 1,
            "max_size": threads + 2,
            "max_lifetime": 300,
            "timeout": 10,
        }
    else:
        settings["CONN_MAX_AGE"] = 300
    return settings


def _conninfo(url: str) -> dict[str, Any]:
    import psycopg  # the address may be asked for before the driver is needed

    try:
        parts = psycopg.conninfo.conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise NoPostgresAddress from None
    return {name: value for name, value in parts.items() if value is not None}


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""
