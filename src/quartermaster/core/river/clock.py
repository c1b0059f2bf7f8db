"""The clock of a worker: runs the coarse jobs beside the river, in a thread with its own connections."""

import asyncio
import logging
import threading

from procrastinate.connector import BaseConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

log = logging.getLogger(__name__)
_AGAIN_S = 5.0


def run(*, stop: threading.Event) -> None:
    """Work on due jobs until `stop` is set. When the database goes away, come again."""
    while not stop.is_set():
        try:
            asyncio.run(_until(stop))
        except Exception as error:
            log.warning("coarse jobs wait: %s", error)
            stop.wait(_AGAIN_S)


def _connector() -> BaseConnector:
    """One with connections of its own: Django's are for the thread that asked for them."""
    assert isinstance(app.connector, DjangoConnector)
    connector: BaseConnector = app.connector.get_worker_connector()
    return connector


async def _until(stop: threading.Event) -> None:
    async with app.with_connector(_connector()).open_async() as jobs:
        worker = asyncio.create_task(
            jobs.run_worker_async(concurrency=1, install_signal_handlers=False, shutdown_graceful_timeout=10)
        )
        while not stop.is_set() and not worker.done():
            await asyncio.sleep(0.2)
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)
