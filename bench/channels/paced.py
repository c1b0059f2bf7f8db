"""A worker that keeps a vendor's budget with a simulator, too: `python -m bench.channels.paced TIMES`.

Everywhere else the budget of a server that is not the vendor's own is not known, and not kept.
"""

import sys

from quartermaster.commands import main
from quartermaster.connectors import limits
from quartermaster.core.outside import Account
from quartermaster.core.pace import Limit, LimitOf


def keep(times: float) -> None:
    """Of this process: so many times the vendor's own, with as many at once."""

    def of(account: Account, limit_of: LimitOf) -> LimitOf | None:
        def scaled(method: str, path: str) -> Limit:
            limit = limit_of(method, path)
            return limit._replace(each_s=limit.each_s / times)

        return scaled

    limits.of = of


if __name__ == "__main__":
    keep(float(sys.argv[1]))
    sys.exit(main(["worker"]))
