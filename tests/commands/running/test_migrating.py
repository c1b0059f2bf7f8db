import threading

import pytest
from django.core.management import call_command
from django.db import connection

from quartermaster.commands.running import migrating


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("check", fail_level="WARNING")
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
    assert migrating.missing_count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_second_host_waits_until_the_first_has_migrated():
    done = threading.Event()

    def second_host() -> None:
        migrating.migrate()
        connection.close()
        done.set()

    with migrating._one_at_a_time():
        thread = threading.Thread(target=second_host)
        thread.start()
        assert not done.wait(0.5)
    assert done.wait(10)
    thread.join()
