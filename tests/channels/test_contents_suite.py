"""Every shop that is told what its listings say, against its simulator."""

from collections.abc import Iterator

import pytest

from quartermaster.testing.conformance.contents import CHECKS, Check, Stand

from . import woo


@pytest.fixture
def woo_stand() -> Iterator[Stand]:
    with woo.contents_stand() as stand:
        yield stand


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_woocommerce(woo_stand: Stand, check: Check) -> None:
    check(woo_stand)
