"""Which parcels want a photo, and which bytes are one."""

import pytest

from quartermaster.core.errors import Invalid
from quartermaster.core.photos import PHOTO_MAX, kind_of, taken
from quartermaster.warehouse.rules.photos import Boxed, PhotoRule, photo_because, wrong_with_photo

PARCEL = Boxed("acme", "DE", ("POT",), ("vip",), "POT", 50_000, "EUR")


def test_every_condition_of_a_rule_must_hold_and_is_told():
    rule = PhotoRule(
        ("acme",), ("POT",), ("DE",), ("vip",), is_fragile=True, from_minor=50_000, currency="EUR"
    )
    assert photo_because(PARCEL, [rule]) == (
        "it was sold on acme; it goes to DE; POT is in it; its order is tagged vip; POT is fragile; "
        "its order is worth EUR 500.00"
    )
    for other in (
        PARCEL._replace(channel="b2b"),
        PARCEL._replace(country="FR"),
        PARCEL._replace(skus=()),
        PARCEL._replace(tags=()),
        PARCEL._replace(fragile=""),
        PARCEL._replace(total_minor=49_999),
        PARCEL._replace(currency="USD"),
    ):
        assert photo_because(other, [rule]) == ""


def test_one_rule_is_enough_and_an_empty_one_is_of_every_parcel():
    dear = PhotoRule(from_minor=60_000, currency="EUR")
    assert photo_because(PARCEL, [dear]) == ""
    assert photo_because(PARCEL, [dear, PhotoRule()]) == "every parcel gets one"
    assert photo_because(PARCEL, []) == ""


def test_a_worth_without_a_currency_is_refused():
    assert list(wrong_with_photo(PhotoRule(from_minor=1))) == ["currency: '' is not an ISO 4217 currency"]
    assert len(list(wrong_with_photo(PhotoRule(from_minor=-1, currency="EUR")))) == 1
    assert not list(wrong_with_photo(PhotoRule(currency="")))


def test_the_bytes_say_which_image_it_is():
    assert kind_of(b"RIFF\0\0\0\0WEBPVP8 ") == "image/webp"
    assert kind_of(b"RIFF\0\0\0\0AVI LIST") == ""
    assert taken(b"\xff\xd8\xff" + bytes(PHOTO_MAX - 3)) == "image/jpeg"
    for body in (b"<svg/>", b"", b"\xff\xd8\xff" + bytes(PHOTO_MAX)):
        with pytest.raises(Invalid):
            taken(body)
