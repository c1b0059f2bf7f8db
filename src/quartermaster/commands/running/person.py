"""Who is at the command line."""

import getpass
import os


def person() -> str:
    """How they stand in the event log: command:ann, or the number of an account without a name."""
    try:
        return f"command:{getpass.getuser()}"
    except (KeyError, OSError):
        return f"command:{os.getuid()}"
