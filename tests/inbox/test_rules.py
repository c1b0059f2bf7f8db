from datetime import UTC, datetime, timedelta

import pytest

from quartermaster.core.plugs import Setting
from quartermaster.inbox.rules import Kept, current, errors_in, replaced

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
FIELDS = (
    Setting("webhook_secret", "Webhook secret", is_secret=True),
    Setting("shop", "Shop"),
    Setting("api_url", "API address", is_required=False),
)


def wrong(slug: str = "acme", present: tuple[str, ...] = (), **given: str) -> set[str]:
    return set(errors_in(slug, given, fields=FIELDS, present=present))


def test_every_field_that_is_wrong_is_named_at_once():
    assert wrong("Acme!", shop="a\nb", colour="red") == {"slug", "shop", "colour", "webhook_secret"}


def test_a_change_needs_only_what_changes():
    assert wrong(present=("webhook_secret", "shop"), api_url="https://shop.example") == set()


def test_what_is_required_cannot_be_taken_away():
    assert wrong(present=("webhook_secret", "shop", "api_url"), shop="", api_url="") == {"shop"}


@pytest.mark.parametrize("slug", ["", "-a", "a-", "a/b", "ä", "a" * 64, "acme\n", "A"])
def test_a_slug_that_makes_no_plain_address_is_refused(slug: str):
    assert wrong(slug, present=("webhook_secret", "shop")) == {"slug"}


def test_a_replaced_webhook_secret_counts_for_a_day_beside_the_new_one():
    kept = replaced([Kept("old")], "webhook_secret", "new", AT)
    assert current(kept, AT) == ["new", "old"]
    assert current(kept, AT + timedelta(hours=23, minutes=59)) == ["new", "old"]
    assert current(kept, AT + timedelta(hours=24)) == ["new"]


def test_two_changes_in_a_day_keep_both_and_the_next_one_forgets_what_has_ended():
    kept = replaced([Kept("one")], "webhook_secret", "two", AT)
    kept = replaced(kept, "webhook_secret", "three", AT + timedelta(hours=1))
    assert current(kept, AT + timedelta(hours=2)) == ["three", "two", "one"]
    later = replaced(kept, "webhook_secret", "four", AT + timedelta(hours=24, minutes=30))
    assert [one.value for one in later] == ["four", "three", "two"]


def test_going_back_to_the_old_secret_keeps_it_once():
    kept = replaced([Kept("old")], "webhook_secret", "new", AT)
    assert current(replaced(kept, "webhook_secret", "old", AT), AT) == ["old", "new"]


def test_other_secrets_are_replaced_at_once():
    assert replaced([Kept("old")], "access_token", "new", AT) == [Kept("new")]
