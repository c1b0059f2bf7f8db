"""Checks of what is read: as recorded, spoiled, or written another way."""

from datetime import timedelta

from quartermaster.core.plugs import Plug
from quartermaster.orders.ports import OrderSold
from quartermaster.testing.conformance.asked import (
    AT,
    assert_survived,
    orders,
    read,
    read_bytes,
    refusal,
    said,
    signed,
    sold,
    source,
    versions,
)
from quartermaster.testing.conformance.deliveries import recorded
from quartermaster.testing.conformance.hostile import broken, careful, crowded, doubled_keys, mutations
from quartermaster.testing.conformance.soundness import assert_sound

THINNED = 34  # each field of each recording meets one of the odd values
LINES = ("line_items", "orderItems", "items")  # what shops call their lines
SPOILED = 3  # recordings that are broken in every way


def every_recording_is_read_as_it_says(plug: Plug) -> None:
    deliveries = recorded(plug.kind)
    assert deliveries
    for delivery in deliveries:
        reading = read(plug, delivery)
        assert said(reading) == ("ignored" if delivery.says == "ping" else delivery.says), delivery.name
        assert_sound(reading)


def whole_orders_are_read_without_a_topic_too(plug: Plug) -> None:
    for delivery in orders(plug):
        for topic in ("", "something/else"):
            reading = read(plug, delivery, topic=topic)
            assert reading == read(plug, delivery), f"{delivery.name} under the topic {topic!r}"


def reading_is_the_same_every_time(plug: Plug) -> None:
    for delivery in orders(plug):
        assert read(plug, delivery) == read(plug, delivery)


def when_it_arrives_changes_no_version(plug: Plug) -> None:
    for delivery in orders(plug):
        later = source(plug).read_orders(
            topic="", headers={}, body=delivery.body, received_at=AT + timedelta(days=3)
        )
        assert versions(later) == versions(read(plug, delivery))


def the_order_of_versions_is_the_order_of_changes(plug: Plug) -> None:
    told: dict[str, list[OrderSold]] = {}
    for delivery in orders(plug):
        for order in sold(read(plug, delivery)):
            told.setdefault(order.external_id, []).append(order)
    assert any(len(states) > 1 for states in told.values()), "no recording tells of a change"
    for states in told.values():
        by_age = sorted(states, key=lambda order: order.updated_at)
        assert [order.version for order in by_age] == sorted({order.version for order in states})


def other_content_of_the_same_moment_has_another_version(plug: Plug) -> None:
    for delivery in orders(plug):
        (one,) = sold(read(plug, delivery))
        if not one.lines or not one.lines[0].title:
            continue
        title = one.lines[0].title.split(" ")[0]
        other = delivery.body.replace(title.encode(), title[::-1].encode())
        (changed,) = sold(read_bytes(plug, other))
        assert changed.updated_at == one.updated_at
        assert changed.version != one.version, delivery.name


def broken_bodies_are_unreadable_or_read_with_care(plug: Plug) -> None:
    for delivery in orders(plug)[:SPOILED]:
        for wrong, body in broken(delivery.body):
            assert_survived(plug, body, delivery, wrong)


def odd_ways_to_write_the_same_give_the_same_reading(plug: Plug) -> None:
    for delivery in orders(plug):
        expected = versions(read(plug, delivery))
        for way, body in careful(delivery.body):
            assert versions(read_bytes(plug, body)) == expected, f"{delivery.name}: {way}"


def a_key_that_stands_twice_is_unreadable(plug: Plug) -> None:
    for delivery in orders(plug):
        for body in doubled_keys(delivery.body):
            because = refusal(plug, body)
            assert because is not None, f"{delivery.name} was read"
            assert "twice" in because


def any_field_may_hold_anything(plug: Plug, every: int = THINNED) -> None:
    for delivery in signed(plug):
        for mutation, body in mutations(delivery.body, every):
            assert_survived(plug, body, delivery, mutation)


def ten_thousand_lines_are_read_with_a_doubt(plug: Plug) -> None:
    for delivery in orders(plug):
        if len(sold(read(plug, delivery))[0].lines) > 1:
            (order,) = sold(read_bytes(plug, crowded(delivery.body, LINES, 10_000)))
            assert_sound((order,))
            assert order.doubts
            return
    raise AssertionError("no recording with lines")
