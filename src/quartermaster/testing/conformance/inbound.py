"""The conformance suite of connectors that send orders by webhook, and of those that only have them fetched.

Each check is a function of a plug and raises AssertionError. Run CHECKS over `deliveries.senders()`,
READINGS over `deliveries.fetched()` and HINTS over `deliveries.hinting()`, one test a pair, as
tests/connectors/test_conformance.py does.
"""

from collections.abc import Callable

from quartermaster.core.plugs import Plug
from quartermaster.testing.conformance import hints, readings, signatures
from quartermaster.testing.conformance.asked import signed, webhooks

type Check = Callable[[Plug], None]


def deliveries_are_named_by_their_headers(plug: Plug) -> None:
    labels = [webhooks(plug).label(headers=delivery.headers, path="") for delivery in signed(plug)]
    ids = [label.delivery_id for label in labels]
    assert all(ids)
    assert len(set(ids)) == len(ids), "two deliveries with one id"
    assert any(label.topic for label in labels)
    nameless = webhooks(plug).label(headers={}, path="")
    assert (nameless.delivery_id, nameless.topic) == ("", "")


def its_secret_is_write_only(plug: Plug) -> None:
    secrets = [setting for setting in plug.settings if setting.is_secret]
    assert "webhook_secret" in [setting.name for setting in secrets if setting.is_required]
    assert all(
        word not in s.name or s.is_secret for s in plug.settings for word in ("secret", "token", "key")
    )


READINGS: tuple[Check, ...] = (
    readings.every_recording_is_read_as_it_says,
    readings.whole_orders_are_read_without_a_topic_too,
    readings.reading_is_the_same_every_time,
    readings.when_it_arrives_changes_no_version,
    readings.the_order_of_versions_is_the_order_of_changes,
    readings.other_content_of_the_same_moment_has_another_version,
    readings.broken_bodies_are_unreadable_or_read_with_care,
    readings.odd_ways_to_write_the_same_give_the_same_reading,
    readings.a_key_that_stands_twice_is_unreadable,
    readings.any_field_may_hold_anything,
    readings.ten_thousand_lines_are_read_with_a_doubt,
)
CHECKS: tuple[Check, ...] = (
    *READINGS,
    signatures.only_the_right_secret_makes_a_signature_genuine,
    signatures.a_body_changed_by_one_bit_is_forged,
    signatures.a_signature_changed_anyhow_is_forged,
    signatures.a_signature_of_another_delivery_is_forged,
    signatures.only_a_ping_may_come_unsigned,
    deliveries_are_named_by_their_headers,
    its_secret_is_write_only,
)
HINTS: tuple[Check, ...] = (*hints.CHECKS, its_secret_is_write_only)
