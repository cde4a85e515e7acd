"""What people write for a currency, and which one they are told to write."""

import pytest

from prmcore.errors import InvalidInput
from prmcore.values import Money, currency_digits

ACCEPTED = "accepted: a code of ISO 4217, such as CNY, EUR, GBP, JPY, USD"
WRITTEN = [
    ("YEN", "'YEN'; did you mean 'JPY'?"),
    ("jpy", "'jpy'; did you mean 'JPY'?"),
    ("円", "'円'; did you mean 'JPY'?"),
    ("日本円", "'日本円'; did you mean 'JPY'?"),
    ("¥", "'¥'; did you mean 'CNY' or 'JPY'?"),
    ("RMB", "'RMB'; did you mean 'CNY'?"),
    ("人民币", "'人民币'; did you mean 'CNY'?"),
    ("€", "'€'; did you mean 'EUR'?"),
    ("Euros", "'Euros'; did you mean 'EUR'?"),
    ("US$", "'US$'; did you mean 'USD'?"),
    ("dollars", "'dollars'; did you mean 'USD'?"),
    ("won", "'won'; did you mean 'KPW' or 'KRW'?"),
    ("beads", "'beads';"),
    ("", "'';"),
]


@pytest.mark.parametrize(("written", "said"), WRITTEN)
def test_a_currency_that_is_written_otherwise_is_answered_by_its_code(written: str, said: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        currency_digits(written)
    assert str(refused.value) == f"unknown currency {said} {ACCEPTED}"


AMOUNTS = [
    ("1,200.00", "EUR", "; did you mean '1200.00'?"),
    ("1.200,00", "EUR", "; did you mean '1200.00'?"),
    ("1’200.50", "CHF", "; did you mean '1200.50'?"),
    ("1 200,50", "EUR", "; did you mean '1200.50'?"),
    ("-€1,200", "EUR", "; did you mean '-1200'?"),
    ("１２００", "JPY", "; did you mean '1200'?"),
    ("1,200.00", "JPY", "; did you mean '1200.00'?"),
    ("1,200", "KWD", ";"),  # a thousand two hundred, or one and a fifth, in its three digits
    ("1,20,000", "INR", ";"),  # as India groups them, which is not known here
    ("1,200,00", "EUR", ";"),
    ("€1,200", "USD", ";"),
    ("twelve", "EUR", ";"),
    ("", "EUR", ";"),
]


@pytest.mark.parametrize(("written", "currency", "hint"), AMOUNTS)
def test_an_amount_that_is_written_otherwise_is_answered_by_what_it_most_likely_means(
    written: str, currency: str, hint: str
) -> None:
    decimals, example = ("", "1200") if currency == "JPY" else (" and '.' before decimals", "1200.50")
    with pytest.raises(InvalidInput) as refused:
        Money.of(written, currency)
    assert str(refused.value) == (
        f"found {written!r}{hint} accepted: the digits 0 to 9, with '-' before what is below zero{decimals}, such as "
        f"{example!r}"
    )
