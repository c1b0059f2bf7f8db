"""The signature of AWS: its published examples, as facts."""

from datetime import UTC, datetime

import pytest

from quartermaster.connectors.amazon import sigv4

AT = datetime(2015, 8, 30, 12, 36, tzinfo=UTC)
KEY = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
SIGNER = sigv4.Signer("AKIDEXAMPLE", KEY, "us-east-1", "service")
HERE = "https://example.amazonaws.com/"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
IAM = "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08"


def signature(signer: sigv4.Signer, method: str, url: str, headers: dict[str, str], body: bytes = b"") -> str:
    told = sigv4.signed(signer, method, url, headers, body, at=AT)
    return told["Authorization"].rpartition("Signature=")[2]


@pytest.mark.parametrize(
    ("method", "url", "headers", "body", "wanted"),
    [
        ("GET", HERE, {}, b"", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        ("POST", HERE, {}, b"", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
        (
            "GET",
            f"{HERE}?Param2=value2&Param1=value1",
            {},
            b"",
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
        ),
        (
            "POST",
            HERE,
            FORM,
            b"Param1=value1",
            "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
        ),
    ],
)
def test_it_signs_as_the_test_suite_of_aws_does(
    method: str, url: str, headers: dict[str, str], body: bytes, wanted: str
):
    assert signature(SIGNER, method, url, headers, body) == wanted


def test_the_example_of_its_documentation_has_the_same_signature():
    signer = SIGNER._replace(service="iam")
    headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}

    told = sigv4.signed(signer, "GET", IAM, headers, b"", at=AT)

    assert told["X-Amz-Date"] == "20150830T123600Z"
    assert told["Authorization"] == (
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
        "SignedHeaders=content-type;host;x-amz-date, "
        "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"
    )


def test_whatever_is_sent_is_signed():
    plain = signature(SIGNER, "POST", HERE, {"X-Amz-Target": "a"}, b"{}")

    assert signature(SIGNER, "POST", HERE, {"X-Amz-Target": "b"}, b"{}") != plain
    assert signature(SIGNER, "POST", HERE, {"X-Amz-Target": "a"}, b"{ }") != plain
    assert signature(SIGNER._replace(secret="other"), "POST", HERE, {"X-Amz-Target": "a"}, b"{}") != plain
