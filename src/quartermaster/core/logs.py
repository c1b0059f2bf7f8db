"""Log lines: for people (text) or for machines (JSON). Always UTC, always one line, whatever is in it."""

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from typing import Any

# C0 and C1 controls, line and paragraph separators, and the marks that turn the direction of writing.
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def one_line(text: str) -> str:
    """The text with everything escaped that could start a new line or steer a terminal: "\\n", "\\x1b"."""
    return _UNSAFE.sub(lambda found: repr(found.group())[1:-1], text)


class TextFormatter(logging.Formatter):
    """2026-11-23T09:30:00.120Z INFO quartermaster.inbox: what happened  key=value"""

    def format(self, record: logging.LogRecord) -> str:
        extra = "".join(f" {name}={value}" for name, value in _extra(record).items())
        fault = f" | {_trace(record)}" if record.exc_info else ""
        return one_line(
            f"{_moment(record)} {record.levelname} {record.name}: {_message(record)}{extra}{fault}"
        )


class JsonFormatter(logging.Formatter):
    """One JSON object a line: at, level, logger, message, the extras; `trace` when there was an exception."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": _moment(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
            "process": record.process,
            **_extra(record),
        }
        if record.exc_info:
            line["trace"] = _trace(record)
        return json.dumps(line, default=str)


def logging_settings(style: str) -> dict[str, Any]:
    """Django's LOGGING for QM_LOG=text or json; anything else counts as text."""
    formatter = JsonFormatter if style == "json" else TextFormatter
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": formatter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            "django": {"level": "INFO", "handlers": [], "propagate": True},
            "httpx": {"level": "WARNING"},
            "paramiko": {"level": "CRITICAL"},  # what goes wrong is said by the caller
            "procrastinate": {"level": "WARNING"},
            "psycopg.pool": {"level": "ERROR"},
        },
    }


def _moment(record: logging.LogRecord) -> str:
    at = datetime.fromtimestamp(record.created, UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError):  # a wrong number of arguments must not lose the line
        return f"{record.msg} {record.args}"


def _trace(record: logging.LogRecord) -> str:
    return "".join(traceback.format_exception(*record.exc_info)).strip() if record.exc_info else ""


def _extra(record: logging.LogRecord) -> dict[str, Any]:
    return {name: value for name, value in vars(record).items() if name not in _STANDARD}
