import json
import logging
import sys

import pytest

from quartermaster.core.logs import JsonFormatter, TextFormatter, logging_settings

HOSTILE = "name\nERROR forged line\r\x1b[2J \u2028 \u202e \x00 \ud800"


def record(message: object, *args: object, **extra: object) -> logging.LogRecord:
    made = logging.LogRecord("quartermaster.test", logging.WARNING, __file__, 1, message, args, None)
    made.__dict__.update(extra)
    made.created = 1_790_000_000.5
    return made


@pytest.mark.parametrize("formatter", [TextFormatter(), JsonFormatter()])
def test_hostile_text_stays_on_one_line_and_cannot_steer_a_terminal(formatter):
    line = formatter.format(record("got %s", HOSTILE, customer=HOSTILE))

    assert len(line.splitlines()) == 1
    assert all(mark not in line for mark in "\x1b\u202e\x00\u2028")
    line.encode()  # lone surrogates would fail here


def test_a_text_line_has_the_moment_in_utc_the_level_the_logger_and_the_extras():
    line = TextFormatter().format(record("kept %s", "it", order=7))
    assert line == "2026-09-21T14:13:20.500Z WARNING quartermaster.test: kept it order=7"


def test_a_json_line_gives_the_message_back_unchanged():
    line = json.loads(JsonFormatter().format(record("got %s", "a\nb", order=7)))
    assert (line["message"], line["level"], line["at"], line["order"]) == (
        "got a\nb", "warning", "2026-09-21T14:13:20.500Z", 7,
    )  # fmt: skip


@pytest.mark.parametrize("formatter", [TextFormatter(), JsonFormatter()])
def test_an_exception_is_told_on_the_same_line(formatter):
    made = record("failed")
    try:
        raise ValueError("of\nno use")
    except ValueError:
        made.exc_info = sys.exc_info()

    line = formatter.format(made)

    assert len(line.splitlines()) == 1
    assert "ValueError: of" in line


def test_a_wrong_number_of_arguments_loses_nothing():
    assert "kept %s %s ('only one',)" in TextFormatter().format(record("kept %s %s", "only one"))


def test_only_the_word_json_gives_json():
    assert logging_settings("json")["formatters"]["line"]["()"] is JsonFormatter
    assert logging_settings("yaml")["formatters"]["line"]["()"] is TextFormatter
