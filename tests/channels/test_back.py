"""Every shop that is told of cancellations and gives money back, against its simulator."""

from collections.abc import Iterator

import pytest

from quartermaster.testing.conformance.back import CANCEL_CHECKS, REFUND_CHECKS, Check, Stand

from . import woo


@pytest.fixture
def woo_stand() -> Iterator[Stand]:
    with woo.back_stand() as stand:
        yield stand


@pytest.mark.parametrize("check", [*CANCEL_CHECKS, *REFUND_CHECKS], ids=lambda check: check.__name__)
def test_woocommerce(woo_stand: Stand, check: Check) -> None:
    check(woo_stand)
