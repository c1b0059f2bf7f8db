"""One simulated shop with buyers, behind a port of its own. python -m bench.feed.stall KIND PORT"""

import logging
import signal
import sys

from quartermaster.testing.market import STALLS
from quartermaster.testing.market.simulated import market
from quartermaster.testing.simulators.accounts import CHANNELS
from quartermaster.testing.simulators.server import Simulator


def main(kind: str, port: str, seed: str) -> None:
    logging.getLogger("httpx").setLevel(logging.WARNING)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    stall = STALLS[kind](CHANNELS[kind]())
    Simulator(market(stall), port=int(port), slow_s=0.0, seed=int(seed)).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
