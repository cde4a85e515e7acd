"""Phone numbers: ways of writing one number."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.errors import InvalidInput
from prmcore.territory.identity import phones
from prmcore.territory.identity.phones import phone_key


@pytest.mark.parametrize(
    ("written", "country", "key"),
    [  # E.164, worked out by hand: the trunk prefix 0 is dropped behind the code of the country
        ("03-1234-5678", "JP", "+81312345678"),
        ("０３（１２３４）５６７８", "JP", "+81312345678"),
        ("+81 (0)3-1234-5678", None, "+81312345678"),
        ("03-1234-5678 内線 12", "JP", "+81312345678"),
        ("030 / 123456", "DE", "+4930123456"),
        ("+1 650-253-0000 ext. 7", "JP", "+16502530000"),
        ("021-12345678", "CN", "+862112345678"),
    ],
)
def test_a_number_is_compared_in_international_form(written: str, country: str | None, key: str) -> None:
    assert phone_key(written, country) == key


@pytest.mark.parametrize(
    ("written", "country", "key"),
    [
        ("021-12345678 分机 9", "CN", "+862112345678"),
        ("03-1234-5678 内線12", None, "0312345678"),
        ("03-1234-5678 EXT 12", None, "0312345678"),
        ("03-1234-5678x12", None, "0312345678"),
        ("03-1234-5678 分机12", None, "0312345678"),
        ("12345", None, "12345"),
        ("12345".ljust(60), None, "12345"),
        ("12345", "XX", "12345"),  # no plan: the digits
    ],
)
def test_an_extension_is_no_part_of_a_number(written: str, country: str | None, key: str) -> None:
    assert phone_key(written, country) == key


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("1234", "found '1234'; accepted: a phone number of 5 digits or more"),
        ("123 ext 45678", "found '123 ext 45678'; accepted: a phone number of 5 digits or more"),
        ("12345".ljust(61), "accepted: a phone number of at most 60 characters"),
        (12345, "found 12345; accepted: a phone number of at most 60 characters"),
    ],
)
def test_a_number_that_is_refused_says_what_is_accepted(written: str, found: str) -> None:
    with pytest.raises(InvalidInput, match=found):
        phone_key(written)


def test_without_a_country_the_digits_are_compared() -> None:
    assert phone_key("03-1234-5678") == "0312345678"


@pytest.mark.parametrize("written", ["", "none", "110", "1" * 61])
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(InvalidInput, match="accepted: a phone number"):
        phone_key(written, "JP")


def test_without_the_library_the_digits_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "phonenumbers", None)
    for kept in (phones.phone_plans, phone_key):
        kept.cache_clear()
    try:
        assert phone_key("03-1234-5678", "JP") == phone_key("０３ １２３４ ５６７８", "JP") == "0312345678"
        assert phone_key("+81 3-1234-5678", "JP") == "81312345678"  # another number, as far as can be told
    finally:
        for kept in (phones.phone_plans, phone_key):
            kept.cache_clear()


@given(st.text(alphabet="0123456789+-() .x内線", max_size=30), st.sampled_from([None, "JP", "US", "XX"]))
def test_whatever_is_written_is_read_or_refused(written: str, country: str | None) -> None:
    try:
        key = phone_key(written, country)
    except InvalidInput:
        return
    assert key.removeprefix("+").isdigit()
