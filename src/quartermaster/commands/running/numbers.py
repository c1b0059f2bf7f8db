"""Numbers on the command line, checked where they are read: a wrong one is wrong usage, no later failure."""


def port_number(text: str) -> int:
    """1 to 65535; the system would quietly take another number modulo 65536."""
    return _within(text, 1, 65_535)


def count(text: str) -> int:
    """1 to 1000, of processes or threads."""
    return _within(text, 1, 1000)


def _within(text: str, least: int, most: int) -> int:
    number = int(text)
    if not least <= number <= most:
        raise ValueError(text)
    return number
