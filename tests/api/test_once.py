"""Idempotency-Key: one effect and one answer, however often and however parallel the same request comes."""

import threading
from uuid import uuid4

import pytest
from django.db import connection, connections

from quartermaster.api.stock import ledger as stock_api
from quartermaster.core import answers, sql
from quartermaster.testing.builders import a_location, a_sku
from quartermaster.testing.program import Program, problem

MOVEMENTS = "/api/stock/movements"


def a_delivery(quantity: int = 5, sku: str = "LAMP") -> dict[str, object]:
    return {
        "movements": [
            {"sku": sku, "quantity": quantity, "from": "world:supplier", "to": "BER", "because": "received"}
        ]
    }


def on_hand(program: Program) -> int:
    return sum(level["on_hand"] for level in program.get("/api/stock?sku=LAMP").json())


@pytest.fixture
def lamp(db):
    a_location("BER")
    a_sku("LAMP")


@pytest.mark.usefixtures("lamp")
class TestOneAtATime:
    def test_a_repeat_gets_the_first_answer_and_has_no_effect(self, program):
        key = str(uuid4())
        first = program.post(MOVEMENTS, a_delivery(), idempotency_key=key)
        again = program.post(MOVEMENTS, a_delivery(), idempotency_key=key)

        assert (first.status_code, again.status_code) == (201, 201)
        assert again.content == first.content
        assert again.headers["Content-Type"] == first.headers["Content-Type"]
        assert "Idempotency-Replayed" not in first.headers
        assert again.headers["Idempotency-Replayed"] == "true"
        assert on_hand(program) == 5

    def test_a_key_stands_for_one_request_only(self, program):
        program.post(MOVEMENTS, a_delivery(5), idempotency_key="k")

        told = problem(
            program.post(MOVEMENTS, a_delivery(6), idempotency_key="k"), 422, "idempotency-key-reused"
        )
        assert told["remedy"]
        assert on_hand(program) == 5

    def test_two_programs_may_choose_the_same_key(self, program):
        other = Program("stock")
        program.post(MOVEMENTS, a_delivery(5), idempotency_key="k")

        assert other.post(MOVEMENTS, a_delivery(5), idempotency_key="k").status_code == 201
        assert on_hand(program) == 10

    def test_movements_are_refused_without_a_key(self, program):
        problem(program.post(MOVEMENTS, a_delivery()), 400, "idempotency-key-missing")
        assert on_hand(program) == 0

    @pytest.mark.parametrize("key", ["", "x" * 256, "a b", "ü", "a\tb"])
    def test_a_key_that_cannot_be_kept_is_refused(self, program, key):
        problem(program.post(MOVEMENTS, a_delivery(), idempotency_key=key), 400, "idempotency-key-unfit")

    def test_a_refusal_is_not_kept_so_that_it_can_be_tried_again(self, program):
        moving = {
            "movements": [
                {"sku": "LAMP", "quantity": 5, "from": "BER", "to": "world:scrap", "because": "broken"}
            ]
        }
        problem(program.post(MOVEMENTS, moving, idempotency_key="scrap"), 409, "not-enough-stock")
        problem(program.post(MOVEMENTS, {"movements": []}, idempotency_key="empty"), 422, "invalid")
        program.post(MOVEMENTS, a_delivery(), idempotency_key="fill")

        assert program.post(MOVEMENTS, moving, idempotency_key="scrap").status_code == 201
        assert on_hand(program) == 0

    def test_a_stored_answer_is_for_its_caller_only(self, program):
        program.post(MOVEMENTS, a_delivery(), idempotency_key="k")

        problem(Program().post(MOVEMENTS, a_delivery(), idempotency_key="k"), 401, "unauthenticated")
        problem(Program("read").post(MOVEMENTS, a_delivery(), idempotency_key="k"), 403, "scope-missing")


@pytest.fixture
def _committed(transactional_db):
    a_location("BER")
    a_sku("LAMP")


def in_threads(*calls):
    """Run the calls at the same time, each with a database connection of its own; their results in order."""
    results: list[object] = [None] * len(calls)

    def run(n, call):
        try:
            results[n] = call()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


@pytest.mark.usefixtures("_committed")
def test_while_the_first_is_worked_on_a_repeat_is_told_to_wait(monkeypatch):
    program = Program("admin")
    inside, go_on = threading.Event(), threading.Event()
    post = stock_api.post

    def slow_post(*args, **options):
        inside.set()
        assert go_on.wait(20)
        return post(*args, **options)

    monkeypatch.setattr(stock_api, "post", slow_post)

    def second():
        assert inside.wait(20)
        try:
            return program.post(MOVEMENTS, a_delivery(), idempotency_key="k")
        finally:
            go_on.set()

    first_answer, second_answer = in_threads(
        lambda: program.post(MOVEMENTS, a_delivery(), idempotency_key="k"), second
    )

    assert first_answer.status_code == 201
    problem(second_answer, 409, "idempotency-key-in-flight")
    again = program.post(MOVEMENTS, a_delivery(), idempotency_key="k")
    assert again.content == first_answer.content
    assert on_hand(program) == 5


@pytest.mark.usefixtures("_committed")
def test_ten_at_once_have_one_effect_and_never_two_answers():
    program = Program("admin")
    barrier = threading.Barrier(10)

    def call():
        barrier.wait(20)
        return program.post(MOVEMENTS, a_delivery(), idempotency_key="k")

    found = in_threads(*[call] * 10)

    assert {answer.status_code for answer in found} <= {201, 409}
    assert len({answer.content for answer in found if answer.status_code == 201}) == 1
    assert on_hand(program) == 5


@pytest.mark.usefixtures("_committed")
def test_a_first_attempt_whose_session_is_killed_blocks_nobody_and_did_nothing(monkeypatch):
    program = Program("admin")
    post = stock_api.post

    def killed_after_the_effect(*args, **options):
        post(*args, **options)
        ((pid,),) = sql.run("select pg_backend_pid()")
        in_threads(lambda: sql.run("select pg_terminate_backend(%s, 5000)", (pid,)))
        return post(*args, **options)

    with monkeypatch.context() as patch:
        patch.setattr(stock_api, "post", killed_after_the_effect)
        broken = program.post(MOVEMENTS, a_delivery(), idempotency_key="k")
        problem(broken, 503, "unavailable")
        assert broken.headers["Retry-After"]
        connection.close()

    assert on_hand(program) == 0
    assert program.post(MOVEMENTS, a_delivery(), idempotency_key="k").status_code == 201
    assert on_hand(program) == 5


@pytest.mark.usefixtures("_committed")
def test_a_first_attempt_that_is_frozen_is_cut_off_by_the_database(monkeypatch):
    monkeypatch.setattr("quartermaster.core.actions.answer.FROZEN_S", 1)
    program = Program("admin")
    frozen, go_on = threading.Event(), threading.Event()
    post = stock_api.post

    def freeze_once(*args, **options):
        done = post(*args, **options)
        if not frozen.is_set():
            frozen.set()
            assert go_on.wait(20)
        return done

    monkeypatch.setattr(stock_api, "post", freeze_once)

    def second():
        assert frozen.wait(20)
        for _ in range(100):
            answer = program.post(MOVEMENTS, a_delivery(), idempotency_key="k")
            if answer.status_code != 409:
                break
            go_on.wait(0.05)
        go_on.set()
        return answer

    late, answer = in_threads(lambda: program.post(MOVEMENTS, a_delivery(), idempotency_key="k"), second)

    assert answer.status_code == 201
    problem(late, 503, "unavailable")
    assert on_hand(program) == 5


def test_the_longest_key_is_kept():
    assert answers.usable("x" * answers.KEY_MAX)
