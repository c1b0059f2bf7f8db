import io

import pytest

from quartermaster.commands.running import progress
from quartermaster.commands.running.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch):
    moment = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: moment[0])
    return moment


def test_a_terminal_sees_a_bar_that_is_gone_at_the_end(clock: list[float]):
    out = Terminal()
    bar = Progress("x.csv", out)
    clock[0] += 10
    bar.tell(0.5, "500 rows")
    bar.tell(0.6, "too soon to be drawn")
    bar.end()
    assert out.getvalue() == "\r\x1b[Kx.csv " + "█" * 15 + "░" * 15 + "  50% 500 rows, 10 s left\r\x1b[K"


def test_elsewhere_a_plain_line_comes_now_and_then(clock: list[float]):
    out = io.StringIO()
    lines = Progress("x.csv", out)
    for _ in range(25):
        clock[0] += 1
        lines.tell(0.25, "n rows")
    lines.end()
    assert out.getvalue().splitlines() == [
        "qm: x.csv 25%, n rows, 30 s left",
        "qm: x.csv 25%, n rows, 60 s left",
    ]
