"""F80: a message that kills the worker process, not by an exception, stops nobody for long."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from django.conf import settings

from quartermaster.core import sql
from quartermaster.testing.builders import SOLD_AT, a_connection
from quartermaster.testing.shop import Shop

from .stand import database_url

pytestmark = [pytest.mark.chaos, pytest.mark.slow, pytest.mark.timeout(600)]
WORKER = """
import os, signal, threading
import django; django.setup()
from quartermaster.core.river import worker
queue = worker.queues[0]
work = queue.work
def deadly(items):
    if any(b"POISON" in item.content.body for item in items):
        os.kill(os.getpid(), signal.SIGKILL)
    work(items)
queue.work = deadly
worker.run(stop=threading.Event(), once=True)
"""


def test_what_kills_the_worker_is_stuck_with_its_reason_and_all_others_are_done(transactional_db: None):
    connection_id, shop = a_connection(), Shop()
    for n in range(20):
        webhook = shop.sell(("LAMP", 1), note="POISON" if n == 7 else "")
        sql.run(
            "insert into inbox_message "
            "(connection_id, delivery_id, topic, sha256, headers, body, received_at) "
            "values (%s, %s, 'orders/create', sha256(%s), %s::jsonb, %s, %s)",
            (connection_id, f"d{n}", webhook.body, "{}", webhook.body, SOLD_AT),
        )
    with tempfile.TemporaryDirectory() as home:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("QM_", "DJANGO_"))}
        own = {
            "QM_HOME": home,
            "QM_DATABASE_URL": database_url(),
            "QM_SECRET_KEY": settings.SECRET_KEY,
            "PYTHONPATH": str(Path(__file__).parents[2] / "src"),
            "DJANGO_SETTINGS_MODULE": "quartermaster.settings",
        }
        ends = []
        while 0 not in ends and len(ends) < 6:
            ends.append(
                subprocess.run([sys.executable, "-c", WORKER], env={**kept, **own}, check=False).returncode
            )

    assert ends == [-9, -9, -9, 0]  # in its batch, alone, alone once more; then nobody takes it
    left = sql.run("select delivery_id, state, because from inbox_message where state <> 'used' order by id")
    ((delivery, state, because),) = left
    assert (delivery, state) == ("d7", "stuck")
    assert "died over it twice" in because
    assert sql.run("select count(*) from orders_order") == [(19,)]
