"""Goods that may not go everywhere: the rule, the list, what comes of it along the river."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.shipping.conftest import AT

from quartermaster.catalog.actions import lift, restrict
from quartermaster.catalog.actions.import_restrictions import Restrictions
from quartermaster.catalog.queries import goods, restrictions, restrictions_listed
from quartermaster.catalog.rules.restrictions import Good, Restriction, Way, judge
from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound
from quartermaster.core.imports import Columns, run
from quartermaster.testing.builders import a_sku

DAY = date(2026, 11, 2)
TO_CH = Way("CH", DAY)
LINE = Restriction("prohibited", "No lamps there.", date(2026, 1, 1), country="CH", hs_prefix="9405")
LAMP = Good("LAMP", "940520", tags=("lighting",))


@pytest.mark.parametrize(
    ("line", "good", "way", "level"),
    [
        (LINE, LAMP, TO_CH, "prohibited"),
        (LINE, LAMP, Way("GB", DAY), None),
        (LINE, LAMP, Way("CH", date(2025, 12, 31)), None),
        (LINE, Good("CARD", "4909"), TO_CH, None),
        (LINE, Good("LAMP"), TO_CH, "unknown"),
        (LINE, Good("LAMP", "94"), TO_CH, "unknown"),
        (LINE, Good("SET", is_kit=True), TO_CH, None),
        (Restriction("restricted", "look", DAY, sku="LAMP"), LAMP, Way("US", DAY), "restricted"),
        (Restriction("restricted", "look", DAY, tag="lighting"), LAMP, TO_CH, "restricted"),
        (Restriction("restricted", "look", DAY, is_hazmat=True), LAMP, TO_CH, None),
        (Restriction("restricted", "look", DAY, sku="LAMP", is_hazmat=True), LAMP, TO_CH, None),
        (Restriction("prohibited", "no", DAY, sku="LAMP", until_on=DAY), LAMP, TO_CH, "prohibited"),
        (Restriction("prohibited", "no", DAY, sku="LAMP", carrier="post"), LAMP, TO_CH, None),
        (
            Restriction("prohibited", "no", DAY, sku="LAMP", carrier="post"),
            LAMP,
            Way("CH", DAY, "BER", "post", "packet"),
            "prohibited",
        ),
        (Restriction("prohibited", "no", DAY, sku="LAMP", site="PAR"), LAMP, Way("CH", DAY, "BER"), None),
    ],
)
def test_a_line_holds_for_what_it_names(line: Restriction, good: Good, way: Way, level: str | None):
    found = judge([good], [line], way)
    assert [each.level for each in found] == ([level] if level else [])
    assert all(good.sku in each.because and each.because.endswith(".") for each in found)


digits = st.text("0123456789", max_size=6)
lines = st.builds(
    Restriction,
    level=st.sampled_from(["prohibited", "restricted"]),
    because=st.just("why"),
    from_on=st.dates(DAY - timedelta(2), DAY + timedelta(2)),
    country=st.sampled_from(["", "CH", "GB"]),
    hs_prefix=digits.filter(lambda text: len(text) != 1),
    sku=st.sampled_from(["", "LAMP"]),
    tag=st.sampled_from(["", "a"]),
    is_hazmat=st.booleans(),
)


@given(st.lists(lines, max_size=4), st.builds(Good, sku=st.just("LAMP"), hs_code=digits), digits)
def test_learning_more_of_an_hs_code_never_clears_what_was_caught(
    some: list[Restriction], good: Good, more: str
):
    """What is unknown may become caught or clear; what is caught stays caught."""
    longer = Good(good.sku, good.hs_code + more)
    before, after = judge([good], some, TO_CH), judge([longer], some, TO_CH)
    assert {each for each in before if each.level != "unknown"} <= set(after)
    assert len(after) <= len(before)


def test_the_list_is_written_lifted_and_told(db: None):
    assert restrict([LINE, LINE], at=AT, by="user:1") == 1
    assert restrict([LINE], at=AT, by="user:1") == 0
    assert restrictions(["CH"], on=DAY) == (LINE,)
    assert restrictions(["GB"], on=DAY) == ()
    (shown,) = restrictions_listed().items
    lift(shown.id, last_on=DAY, because="They may again.", at=AT, by="user:1")
    assert restrictions(["CH"], on=DAY)[0].until_on == DAY
    assert restrictions(["CH"], on=DAY + timedelta(1)) == ()
    lift(shown.id, last_on=LINE.from_on - timedelta(1), because="A mistake.", at=AT, by="user:1")
    with pytest.raises(NotFound):
        lift(shown.id, last_on=DAY, because="again", at=AT, by="user:1")
    ((told,),) = sql.run("select count(*) from core_event where name = 'RestrictionsChanged'")
    assert told == 3


def test_a_line_about_no_goods_or_no_country_is_refused(db: None):
    with pytest.raises(Invalid) as refused:
        restrict([Restriction("prohibited", " ", DAY, country="ch", service="x")], at=AT, by="user:1")
    assert {"1 sku", "1 because", "1 country", "1 carrier"} <= set(refused.value.errors)


def test_a_table_is_taken_row_by_row_and_twice_is_once(db: None, tmp_path: Path):
    path = tmp_path / "list.csv"
    path.write_text(
        "level,because,from_on,country,hs_prefix,hazmat\n"
        "prohibited,No lamps,2026-01-01,ch,9405.20,\n"
        "restricted,Papers,2026-01-01,,,yes\n"
        "forbidden,x,2026-01-01,CH,9405,\n"
        "prohibited,x,soon,CH,9405,\n"
        "prohibited,x,2026-01-01,CH,,\n"
    )
    for _ in range(2):
        kind = Restrictions(at=AT, by="user:1")
        report = run(kind, path, columns=Columns(), errors=tmp_path / "list.errors.csv")
        assert (report.taken, report.refused) == (2, 3)
    assert report.known == 2
    errors = (tmp_path / "list.errors.csv").read_text()
    assert "one of: prohibited, restricted" in errors
    assert "say what it is about" in errors
    assert [each.hs_prefix for each in restrictions(["CH"], on=DAY)] == ["940520", ""]


def test_a_kit_is_asked_for_itself_and_for_its_parts(db: None):
    part = a_sku("LAMP")
    kit = a_sku("SET")
    sql.run("update catalog_sku set hs_code = '9405' where code = 'LAMP'")
    sql.run(
        "update catalog_sku set is_kit = true, attributes = '{\"category\": \"gifts\"}' where code = 'SET'"
    )
    sql.run("insert into catalog_kit_leaf (kit_id, part_id, quantity) values (%s, %s, 2)", (kit, part))
    assert goods([kit]) == {kit: (Good("LAMP", "9405"), Good("SET", tags=("gifts",), is_kit=True))}
