import json
from datetime import UTC, datetime
from typing import Any

import pytest

from quartermaster.connectors.aftership import translate
from quartermaster.orders.ports import Ignored, Unreadable
from quartermaster.tracking.ports import ScanTold, ToFollow


def body(*checkpoints: dict[str, Any], **different: Any) -> bytes:
    tracking = {"tracking_number": "T1", "custom_fields": {"parcel": "P-7"}, "checkpoints": list(checkpoints)}
    return json.dumps({"event": "tracking_update", "msg": tracking | different}).encode()


def test_a_checkpoint_becomes_a_scan_with_what_the_carrier_said():
    (scan,) = translate.read(
        body(
            {
                "checkpoint_time": "2026-11-24T09:12:00+01:00",
                "tag": "Delivered",
                "subtag": "Delivered_003",
                "message": "Signed for",
                "city": "Kiel",
                "country_region": "DEU",
                "hash": "h1",
            }
        )
    )
    assert scan == ScanTold(
        at=datetime(2026, 11, 24, 8, 12, tzinfo=UTC),
        parcel_id=7,
        tracking_number="T1",
        status="delivered",
        code="Delivered_003",
        message="Signed for",
        place="Kiel, DEU",
        key="aftership:h1",
    )


@pytest.mark.parametrize(
    ("tag", "subtag", "status"),
    [
        ("Pending", "Pending_001", "pre_transit"),
        ("InfoReceived", "InfoReceived_001", "pre_transit"),
        ("InTransit", "InTransit_002", "accepted"),
        ("InTransit", "InTransit_007", "in_transit"),
        ("OutForDelivery", "", "out_for_delivery"),
        ("AttemptFail", "AttemptFail_002", "exception"),
        ("AvailableForPickup", "", "available_for_pickup"),
        ("Exception", "Exception_013", "exception"),
        ("Exception", "Exception_011", "return_to_sender"),
        ("Delivered", "Delivered_001", "delivered"),
        ("Expired", "Expired_001", "unknown"),
        ("Teleported", "", "unknown"),
        (None, None, "unknown"),
        (17, ["x"], "unknown"),
    ],
)
def test_its_words_are_ours_and_one_it_never_said_before_stays_unknown(tag: Any, subtag: Any, status: str):
    assert translate.status(tag, subtag) == status


@pytest.mark.parametrize(
    ("told", "at"),
    [
        ("2026-11-24T09:12:00", datetime(2026, 11, 24, 9, 12, tzinfo=UTC)),
        ("2026-11-24", datetime(2026, 11, 24, tzinfo=UTC)),
    ],
)
def test_a_moment_without_a_zone_is_read_as_utc(told: str, at: datetime):
    (scan,) = translate.read(body({"checkpoint_time": told, "tag": "InTransit"}))
    assert scan.at == at


@pytest.mark.parametrize("told", ["", None, "soon", 17])
def test_a_checkpoint_without_a_moment_is_no_scan(told: object):
    assert isinstance(translate.read(body({"checkpoint_time": told, "tag": "Delivered"})), Ignored)


def test_a_parcel_of_others_keeps_only_its_number():
    (scan,) = translate.read(
        body({"checkpoint_time": "2026-11-24", "tag": "InTransit"}, custom_fields={"parcel": "box 9"})
    )
    assert (scan.parcel_id, scan.tracking_number) == (None, "T1")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"{]",
        b'{"event": "tracking_update"}',
        b'{"event": "tracking_update", "msg": {"checkpoints": []}}',
    ],
)
def test_what_is_no_tracking_is_unreadable(raw: bytes):
    with pytest.raises(Unreadable):
        translate.read(raw)


def test_other_events_are_ignored_by_name():
    assert translate.read(b'{"event": "edd_revise"}') == Ignored("Nothing here listens to edd_revise.")


def test_a_courier_is_named_only_where_we_know_its_name():
    couriers = translate.couriers("Post=deutsch-post, ups=ups")
    parcel = ToFollow(reference="P-7", order="SO-1", carrier="POST", tracking_number="T1", country="DE")
    assert translate.wanted(parcel, couriers)["slug"] == "deutsch-post"
    assert "slug" not in translate.wanted(parcel, {})
