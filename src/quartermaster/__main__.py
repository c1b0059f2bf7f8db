"""`./qm COMMAND`, or `python -m quartermaster COMMAND`."""

import sys

from quartermaster.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
