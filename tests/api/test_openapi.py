"""The OpenAPI document tells the truth: every answer the API gives to a fuzzer is one that it describes.

Of the requests that go to the edges of each operation's schema (about fifty) twelve are sent, drawn anew each
time; with QM_CHAOS=full all of them, and four that Hypothesis makes up.
"""

import os

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.pytest._test_builder import build_operation_test
from schemathesis.specs.openapi.checks import positive_data_acceptance
from tests.river.conftest import some

from quartermaster.api.app import api
from quartermaster.testing.builders import a_location, a_sku, a_token, an_order

schema = schemathesis.openapi.from_dict(dict(api.get_openapi_schema()))
schema.app = get_wsgi_application()
schema.config.generation.update(with_security_parameters=False)
IS_FULL = os.environ.get("QM_CHAOS") == "full"
schema.config.phases.update(phases=["examples", "coverage", *(["fuzzing"] if IS_FULL else [])])
OPERATIONS = {
    operation.label: operation for operation in (found.ok() for found in schema.get_all_operations())
}
REFUSES = (
    *("/api/stock/places", "/api/kpi", "/api/kpi/{key}/rows", "/api/kpi/{key}/weeks"),
    *("/api/labels.pdf", "/api/labels.zpl", "/api/prices"),
)


@pytest.fixture
def token(db):
    """A company with something in it, so that not every answer is a 404."""
    a_location("BER")
    a_sku("LAMP", BER=30)
    an_order(("LAMP", 2), ("UNKNOWN", 1))
    for signal in (request_started, request_finished):  # they would end the test's own transaction
        signal.disconnect(close_old_connections)
    yield a_token("admin")
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_is_described_and_none_is_a_failure_of_ours(label, token):
    """What is sent is thought of here, and not where tests are collected, as schema.parametrize() does: that
    takes a quarter of a minute, which each test process would spend on all operations."""

    @settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
    def one(case: Case) -> None:
        # What fits the schema may still be refused: a SKU or a shop nobody knows, a line named twice, a
        # made-up cursor, a period that ends before it begins.
        is_simple = case.method == "GET" and case.path not in REFUSES
        excluded = [] if is_simple else [positive_data_acceptance]
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, excluded_checks=excluded)

    # The private builder of schema.parametrize(), which says what it needs by its arguments.
    test = build_operation_test(
        config=schema.config,
        operation=OPERATIONS[label],
        test_func=one,
        given_kwargs={},
        feedback=FeedbackSources(),
    )
    test.hypothesis_explicit_examples = list(some(test.hypothesis_explicit_examples))
    assert test.hypothesis_explicit_examples
    test()
