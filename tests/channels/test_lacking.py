"""What of a shop's subscriptions is missing, and whether its messages can reach us."""

import pytest

from quartermaster.channels.ports import Hook
from quartermaster.channels.rules.hooks import lacking, reaches

HERE = "https://qm.example.com/in/acme"


def test_what_is_off_and_what_is_missing_are_told_apart_and_others_do_not_count():
    hooks = [
        Hook("created", HERE, True, "1"),
        Hook("updated", HERE, False, "2"),
        Hook("deleted", "https://elsewhere.example.com/in/acme-2", True, "3"),
        Hook("created", HERE, False, "4"),
    ]
    topics = ("created", "updated", "deleted")
    assert lacking(hooks, topics, HERE) == (("updated",), ("deleted",))
    assert lacking(hooks, topics, "in/acme") == (("updated",), ("deleted",))


@pytest.mark.parametrize(
    ("ours", "theirs", "is_reached"),
    [
        ("https://qm.example.com", "https://shop.example.com", True),
        ("http://qm.example.com", "https://shop.example.com", False),
        ("http://127.0.0.1:8000", "https://shop.example.com", False),
        ("https://localhost", "https://shop.example.com", False),
        ("http://127.0.0.1:8000", "http://127.0.0.1:9000", True),
        ("", "https://shop.example.com", False),
        ("", "", False),
    ],
)
def test_a_shop_sends_over_https_or_within_one_machine(ours, theirs, is_reached):
    assert reaches(ours, theirs) is is_reached
