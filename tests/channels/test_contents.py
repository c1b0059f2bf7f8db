"""What listings say, told to shops: from a person's wish to a look that found it there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartermaster.channels.actions import (
    Wish,
    map_listing,
    push_contents,
    put_back,
    read_contents_back,
    switch,
    tell_contents,
)
from quartermaster.channels.actions.contents.ask import NothingToPutBack, StillTelling
from quartermaster.channels.actions.contents.push import SENDING
from quartermaster.channels.actions.telling.sending import send, take
from quartermaster.channels.ports import Taken
from quartermaster.channels.queries.contents import contents, latest, pushed
from quartermaster.channels.rules.contents import CLOSED, OPEN, Answer, Row, same, settle
from quartermaster.core import sql
from quartermaster.core.outside import NotDone, Unclear
from quartermaster.testing.builders import a_sku

from .conftest import AT, Stand, examined


def listing(code: str, slug: str = "east") -> int:
    ((id_,),) = sql.run(
        "select l.id from channels_listing l join inbox_connection c on c.id = l.shop_id "
        "where c.slug = %s and l.name = %s",
        (slug, f"L-{code}"),
    )
    return int(id_)


def wish(code: str, wanted: str, slug: str = "east", **told: str) -> Wish:
    return Wish(listing(code, slug), "title", told.pop("expected", f"The {code}"), wanted, **told)


def asked(*wishes: Wish) -> int:
    return tell_contents(wishes, because="as printed", at=AT, by="user:1")


def later() -> None:
    sql.run(
        "update channels_content set next_at = now() - interval '1 hour', "
        "lease_until = lease_until - interval '1 hour'"
    )
    sql.run("update channels_goods set content_at = now() - interval '1 hour'")


def work() -> None:
    while push_contents() + read_contents_back():
        pass


def settled() -> None:
    for _ in range(12):
        work()
        later()


def states(push: int) -> list[tuple[str, str]]:
    return sorted((one.listing, one.state) for one in contents(push=push).items)


@pytest.fixture
def shop(stand: Stand) -> Stand:
    for code in ("LAMP", "BULB", "CORD"):
        a_sku(code, BER=5)
    stand.offer("LAMP", "BULB", "CORD", quantity=5)
    return stand


def test_what_a_person_asked_for_is_told_once_and_counts_when_it_was_seen(shop: Stand) -> None:
    push = asked(wish("LAMP", "Lamp, brass"), wish("BULB", "Bulb", "west"))
    assert push_contents() == 2
    assert [row.state for row in contents(push=push).items] == ["asked", "asked"], "taken is not seen"
    settled()
    assert shop.shelves.sent_contents("east") == [("L-LAMP", "title", "Lamp, brass")]
    row = latest([listing("LAMP")], "title")[listing("LAMP")]
    assert (row.state, row.before, row.has, row.made_by, row.why) == (
        *("confirmed", "The LAMP", "Lamp, brass", "user:1", "as printed"),
    )
    assert sql.run("select title from channels_listing where id = %s", (listing("LAMP"),)) == [
        ("Lamp, brass",)
    ]
    names = sql.run("select name, count(*) from core_event where name ~ '^Content' group by 1 order by 1")
    assert names == [("ContentAsked", 2), ("ContentTold", 2)]
    assert examined() == {}


def test_a_shop_that_is_only_read_is_told_nothing_also_when_it_became_so_meanwhile(shop: Stand) -> None:
    asked(wish("LAMP", "Lamp"))
    for slug in ("east", "west"):
        switch(slug, mode="observe", at=AT, by="user:1")
    push = asked(wish("BULB", "Bulb", "west"))
    settled()
    assert shop.shelves.told == []
    (row,) = contents(push=push).items
    assert (row.state, row.because) == ("refused", "west is only read: it is told nothing.")
    switch("east", mode="live", at=AT, by="user:1")
    settled()
    assert shop.shelves.sent_contents("east") == [("L-LAMP", "title", "Lamp")]


def test_what_was_changed_there_meanwhile_is_shown_again_and_not_written_over(shop: Stand) -> None:
    push = asked(wish("LAMP", "Lamp"), wish("BULB", "Bulb"), wish("CORD", "Cord"))
    shop.shelves.write_by_hand("east", "LAMP", "title", "LAMP!! sale")
    shop.shelves.write_by_hand("east", "BULB", "title", "Bulb")
    settled()
    assert states(push) == [("L-BULB", "confirmed"), ("L-CORD", "confirmed"), ("L-LAMP", "changed")]
    assert shop.shelves.sent_contents("east") == [("L-CORD", "title", "Cord")]
    assert shop.shelves.text("east", "LAMP", "title") == "LAMP!! sale"
    row = latest([listing("LAMP")], "title")[listing("LAMP")]
    assert row.because == "The shop says “LAMP!! sale” by now; it said “The LAMP”."
    again = asked(wish("LAMP", "Lamp", expected="LAMP!! sale"))
    settled()
    assert states(again) == [("L-LAMP", "confirmed")]
    assert examined() == {}


def test_each_row_has_its_own_answer(shop: Stand) -> None:
    shop.shelves.says = {"L-LAMP": Taken("L-LAMP", "refused", "It is archived.")}
    del shop.shelves.shops["east"]["CORD"]
    push = asked(
        wish("LAMP", "Lamp"),
        wish("BULB", "Bulb"),
        wish("CORD", "Cord"),
        wish("LAMP", "x", "west", changed="old"),
    )
    settled()
    assert states(push) == [
        *(("L-BULB", "confirmed"), ("L-CORD", "refused"), ("L-LAMP", "changed"), ("L-LAMP", "refused")),
    ]
    told = pushed(push)
    assert (told.confirmed, told.refused, told.waiting) == (1, 3, 0)
    assert "It is archived." in {row.because for row in contents(show="trouble").items}


def test_a_field_is_told_one_thing_at_a_time(shop: Stand) -> None:
    asked(wish("LAMP", "Lamp"))
    second = asked(wish("LAMP", "Light"))
    (row,) = contents(push=second).items
    assert (row.state, row.because) == ("refused", "It is being told something else already.")
    settled()
    assert shop.shelves.text("east", "LAMP", "title") == "Lamp"


def test_without_a_clear_answer_it_is_looked_at_before_it_is_written_again(shop: Stand) -> None:
    def breaks(slug: str, rows: object) -> None:
        shop.shelves.after_contents = lambda slug, rows: None
        raise Unclear("timed out")

    shop.shelves.after_contents = breaks
    push = asked(wish("LAMP", "Lamp"))
    settled()
    assert shop.shelves.sent_contents("east") == [("L-LAMP", "title", "Lamp")]
    assert states(push) == [("L-LAMP", "confirmed")]


def test_an_outage_is_waited_for_and_one_that_says_yes_and_does_nothing_is_found(shop: Stand) -> None:
    def down(slug: str, rows: object) -> None:
        shop.shelves.before_contents = lambda slug, rows: None
        raise NotDone("not reachable")

    shop.shelves.before_contents = down
    shop.shelves.says = {"L-LAMP": Taken("L-LAMP", "taken")}
    push = asked(wish("LAMP", "Lamp"))
    work()
    assert sql.run(
        "select content_failures, content_because from channels_goods where content_failures > 0"
    ) == [(1, "not reachable")]
    settled()
    (row,) = contents(push=push).items
    assert (row.state, row.has, len(shop.shelves.told)) == ("stuck", "The LAMP", 5)


def test_a_worker_that_comes_late_neither_sends_nor_counts(shop: Stand) -> None:
    push = asked(wish("LAMP", "Lamp"))
    ((shop_id,),) = sql.run("select id from inbox_connection where slug = 'east'")
    held = take(SENDING, shop_id, 10)
    later()
    settled()
    send(SENDING, shop_id, "east", held)
    assert len(shop.shelves.told) == 1
    assert states(push) == [("L-LAMP", "confirmed")]


def test_a_listing_that_is_another_product_by_now_is_not_told(shop: Stand) -> None:
    push = asked(wish("LAMP", "Lamp"))
    map_listing("east", "L-LAMP", sku="BULB", at=AT, by="user:1")
    settled()
    assert (shop.shelves.told, states(push)) == ([], [("L-LAMP", "refused")])


def test_putting_back_tells_what_was_there_and_never_over_what_came_later(shop: Stand) -> None:
    push = asked(wish("LAMP", "Lamp"), wish("BULB", "Bulb"))
    push_contents()
    with pytest.raises(StillTelling):
        put_back(push, at=AT, by="user:2")
    settled()
    shop.shelves.write_by_hand("east", "BULB", "title", "Bulb, warm")
    back = put_back(push, at=AT, by="user:2")
    settled()
    assert back is not None
    assert states(back) == [("L-BULB", "changed"), ("L-LAMP", "confirmed")]
    assert shop.shelves.text("east", "LAMP", "title") == "The LAMP"
    assert shop.shelves.text("east", "BULB", "title") == "Bulb, warm"
    assert (pushed(back).undoes, pushed(push).undone_by) == (push, back)
    with pytest.raises(NothingToPutBack):
        put_back(push, at=AT, by="user:2")
    waiting = asked(wish("CORD", "Cord"))
    assert put_back(waiting, at=AT, by="user:2") is None
    settled()
    assert states(waiting) == [("L-CORD", "withdrawn")]
    assert shop.shelves.text("east", "CORD", "title") == "The CORD"
    assert examined() == {}


ROWS = st.builds(
    Row,
    id=st.just(1),
    state=st.sampled_from((*OPEN, *CLOSED)),
    asks=st.sampled_from(("", "taken", "accepted", "unclear")),
    turn=st.integers(0, 2),
    field=st.sampled_from(("title", "barcode", "weight_g")),
    expected=st.sampled_from(("12", "40")),
    wanted=st.sampled_from(("12", "50")),
    sent_at=st.just(AT),
    tries=st.integers(0, 5),
    waits=st.integers(0, 3),
    is_open=st.booleans(),
    is_doubted=st.booleans(),
    has_another=st.booleans(),
)
ANSWERS = st.builds(
    Answer,
    id=st.just(1),
    turn=st.integers(0, 2),
    outcome=st.sampled_from(("taken", "accepted", "stale", "missing", "refused", "later", "unclear", "read")),
    has=st.sampled_from((None, "12", "40", "50", "60")),
    because=st.just("no"),
    is_look=st.booleans(),
)


@given(ROWS, ANSWERS)
def test_nothing_counts_as_told_that_nobody_saw_and_nothing_of_others_is_written_over(
    row: Row, answer: Answer
) -> None:
    told = settle(row, answer, AT)
    if told is None:
        return
    if told.state == "confirmed":
        assert answer.has is not None
        assert same(row.field, answer.has, row.wanted)
    if told.state == "due" and answer.has is not None:
        assert same(row.field, answer.has, row.expected)
    if row.state in CLOSED:
        assert told.state == "asked", "what is settled is only looked at again"
    if told.state in ("refused", "changed", "stuck"):
        assert told.because
