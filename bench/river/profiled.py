"""A worker under Python's profiler: `python -m bench.river.profiled FILE`. It writes FILE at its end."""

import cProfile
import os
import signal
import sys
import threading

from quartermaster.commands.running import ground


def main(file: str) -> None:
    os.environ["QM_PROCESS"] = "worker"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quartermaster.settings")
    ground.set_up_django()
    from quartermaster.core.river import worker

    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    profiler = cProfile.Profile()
    profiler.runcall(worker.run, stop=stop)
    profiler.dump_stats(file)


if __name__ == "__main__":
    main(sys.argv[1])
