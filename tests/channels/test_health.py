"""Whether all is well with a shop."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from quartermaster.channels.rules.health import Health, light

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
WELL = Health(
    slug="corner",
    kind="woocommerce",
    is_active=True,
    mode="live",
    heard_at=AT - timedelta(minutes=3),
    messages=100,
    gap_s=600.0,
    used=40,
    troubled=0,
    fetched=2,
    waiting=1,
    oldest_at=AT - timedelta(seconds=2),
    asked_at=AT,
    answered_at=AT,
    failures=0,
    because="",
    told_at=AT,
    queued=3,
    refused=0,
    drifts=0,
    late=0,
    compared_at=AT,
    full_again_at=None,
)


def test_a_shop_that_is_heard_and_asked_is_well():
    assert light(WELL, AT).tone == "good"
    assert light(WELL, AT).because == ()


@pytest.mark.parametrize(
    ("change", "tone", "said"),
    [
        ({"is_active": False, "refused": 9}, "off", "paused"),
        ({"failures": 3, "because": "logged out"}, "bad", "cannot be asked: logged out"),
        ({"failures": 1, "because": "busy"}, "warn", "did not answer: busy"),
        ({"heard_at": AT - timedelta(minutes=21)}, "bad", "silent"),
        ({"waiting": 1200, "oldest_at": AT - timedelta(minutes=6)}, "bad", "1,200 messages wait"),
        ({"refused": 1}, "bad", "1 parcel"),
        ({"stock_refused": 1}, "bad", "does not take the stock of 1 listing"),
        ({"hooks_off": "order.created"}, "warn", "does not send order.created"),
        ({"troubled": 2}, "warn", "2 messages"),
        ({"drifts": 1}, "warn", "1 difference"),
        ({"late": 4}, "warn", "4 orders"),
    ],
)
def test_what_is_wrong_is_said(change: dict[str, object], tone: str, said: str):
    seen = light(replace(WELL, **change), AT)
    assert seen.tone == tone
    assert said in seen.because[0]


def test_the_worst_comes_first():
    seen = light(replace(WELL, drifts=3, refused=1), AT)
    assert seen.tone == "bad"
    assert [text.split()[0] for text in seen.because] == ["will", "3"]
