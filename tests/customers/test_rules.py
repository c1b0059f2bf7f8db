from hypothesis import given
from hypothesis import strategies as st

from quartermaster.customers import rules


def key(email: str = "", external_id: str = "") -> str | None:
    return rules.merge_key(connection="acme", external_id=external_id, email=email)


def test_an_email_address_is_the_key_over_all_channels_whatever_its_case_and_spaces():
    assert key("  Ann@Example.COM ", "991") == "email:ann@example.com"


def test_without_an_email_the_channel_s_own_customer_id_is_the_key():
    assert key("", "991") == "acme:customer:991"
    assert key("not an address", "991") == "acme:customer:991"


def test_a_guest_without_either_has_no_key():
    assert key("", "  ") is None


def test_what_only_a_mail_provider_knows_is_not_guessed():
    assert key("a.nn+shop@example.com") != key("ann@example.com")


def test_one_domain_in_two_spellings_is_one_key():
    assert key("ann@MÜLLER.example") == key("ann@xn--mller-kva.example")


def test_an_id_too_long_or_unprintable_for_a_key_is_hashed_and_two_of_them_stay_two():
    long = [key(external_id="9" * 6000), key(external_id="9" * 6001), key(external_id="a\x00b")]
    assert len(set(long)) == 3
    assert all(one is not None and one.startswith("acme:customer:sha256:") for one in long)


@given(st.text(), st.text())
def test_any_text_gives_a_key_that_can_be_stored_and_indexed(email: str, external_id: str):
    found = key(email, external_id)
    assert found is None or (len(found.encode()) < 2700 and "\x00" not in found)


def test_an_address_is_the_same_whatever_its_case_spacing_and_unicode_form():
    one = {"name": "Zoë Ann", "line1": "Torstr.  1", "city": "Berlin", "country": "DE"}
    other = {"name": "ZOE\u0308 ANN", "line1": "Torstr. 1 ", "city": "berlin", "country": "DE", "phone": "1"}
    assert rules.address_digest(one) == rules.address_digest(other)


def test_addresses_are_not_mixed_up_when_text_moves_from_one_field_to_the_next():
    assert rules.address_digest({"line1": "a", "line2": ""}) != rules.address_digest(
        {"line1": "", "line2": "a"}
    )


def test_an_address_without_content_is_none():
    assert rules.address_digest({"line1": " ", "latitude": 52.5}) == b""
