import threading
from datetime import UTC, datetime
from typing import NamedTuple

import pytest
from django.db import connection, transaction

from quartermaster.core import sql
from quartermaster.customers.actions import recognise
from quartermaster.customers.models import Address, Customer

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
BERLIN = {"name": "Ann", "line1": "Torstr. 1", "city": "Berlin", "country": "DE"}


class ABuyer(NamedTuple):
    external_id: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""


def ids_of(*rows, channel="acme"):
    return recognise([(channel, buyer, address) for buyer, address in rows], at=AT)


@pytest.mark.django_db
def test_one_email_is_one_customer_over_channels_and_orders():
    first = ids_of((ABuyer(email="ann@example.com"), None), (ABuyer(email="bob@example.com"), None))
    second = ids_of((ABuyer("7", email="ANN@example.com "), None), channel="other")
    assert second == first[:1]
    assert len(set(first)) == 2


@pytest.mark.django_db
def test_answers_stand_beside_their_rows_and_guests_have_none():
    ann, guest, ann_again = ids_of((ABuyer("1"), None), (ABuyer(name="Guest"), BERLIN), (ABuyer("1"), BERLIN))
    assert guest is None
    assert ann == ann_again
    assert Address.objects.count() == 1


@pytest.mark.django_db
def test_a_customer_id_is_the_channel_s_own_and_no_other_s():
    assert ids_of((ABuyer("7"), None)) != ids_of((ABuyer("7"), None), channel="other")


@pytest.mark.django_db
def test_new_details_are_added_and_blanks_take_nothing_away():
    ids_of((ABuyer(name="Ann", email="ann@example.com"), None))
    ids_of((ABuyer(email="ann@example.com", phone="1"), None))
    (found,) = ids_of((ABuyer(name="Ann Lee", email="ann@example.com"), None))
    ann = Customer.objects.get(id=found)
    assert (ann.name, ann.phone) == ("Ann Lee", "1")


@pytest.mark.django_db
def test_an_address_is_kept_once_per_customer():
    ann, bob = ABuyer(email="ann@example.com"), ABuyer(email="bob@example.com")
    ids_of((ann, BERLIN), (ann, {**BERLIN, "city": "BERLIN"}), (bob, BERLIN))
    ids_of((ann, BERLIN), (ann, {**BERLIN, "line1": "Torstr. 2"}))
    assert Address.objects.count() == 3


@pytest.mark.django_db
def test_a_batch_costs_one_statement_whatever_its_size():
    rows = [(ABuyer(email=f"{n}@example.com"), BERLIN) for n in range(300)]
    with sql.counted() as statements:
        ids_of(*rows)
    assert len(statements) == 1


@pytest.mark.django_db
def test_text_that_cannot_be_stored_loses_no_customer():
    (found,) = ids_of((ABuyer("7", name="A\x00n\ud800n" + "x" * 500), {"line1": "a\x00b"}))
    assert Customer.objects.get(id=found).name.startswith("A\ufffdn\ufffdn")
    assert Address.objects.get().fields == {"line1": "a\ufffdb"}


@pytest.mark.django_db(transaction=True)
def test_batches_that_share_customers_in_any_order_neither_deadlock_nor_double_them():
    def worker(step: int) -> None:
        try:
            for turn in range(12):
                order = [(n * step + turn) % 60 for n in range(60)]  # another order every time
                with transaction.atomic():
                    found = ids_of(
                        *((ABuyer(email=f"{n}@example.com", phone=f"{step}-{turn}"), BERLIN) for n in order)
                    )
                    assert len(set(found)) == 60
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    failures: list[Exception] = []
    threads = [threading.Thread(target=worker, args=(step,)) for step in (1, 7, 11, 13)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert Customer.objects.count() == Address.objects.count() == 60
