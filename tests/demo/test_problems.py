"""What is planted stands on Today, under its cause, and is solved by what its page offers."""

import pytest
from django.utils.timezone import now

from quartermaster.console.causes.queries import CAUSES, groups, rows
from quartermaster.core import doctor, sql
from quartermaster.demo import seed
from quartermaster.demo.problems import PLANTED
from quartermaster.demo.problems.told import ADDRESS_FAULTS

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture
def demo(transactional_db: None) -> None:
    seed.seed(lambda done, words: None, orders=1_500, skus=120)


def found() -> set[tuple[str, str]]:
    return {(group.cause, group.of) for group in groups(CAUSES.values(), at=now())}


def test_today_names_every_planted_problem(demo: None):
    assert {(one.cause, one.of) for one in PLANTED} - found() == set()
    addresses = rows(CAUSES["holds"], "address", at=now())
    assert len(addresses) == ADDRESS_FAULTS
    told = sql.run("select state, because from inbox_message where delivery_id like 'again-%%' order by id")
    assert [row[0] for row in told] == ["ignored"], "told twice is no problem"
    assert [finding for finding in doctor.examine() if finding.rows] == []
