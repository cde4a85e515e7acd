"""Money is exact, or it says why not."""

import decimal
import pickle
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.errors import InvalidInput
from prmcore.values import CurrencyMismatch, Money, Rate, currency_digits, total
from prmcore.values.money import rounded

MINOR = st.integers(-(10**38), 10**38)
MONEY = st.builds(Money, st.sampled_from(["EUR", "JPY", "BHD", "CLF"]), MINOR)
ROUNDINGS = (
    decimal.ROUND_CEILING, decimal.ROUND_FLOOR, decimal.ROUND_DOWN, decimal.ROUND_UP, decimal.ROUND_HALF_EVEN,
    decimal.ROUND_HALF_UP, decimal.ROUND_HALF_DOWN, decimal.ROUND_05UP,
)  # fmt: skip

# ISO 4217 list one as published on 2026-01-01 by its maintenance agency (SIX), every code with its minor units.
LIST_ONE = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW "
    "CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR "
    "ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV "
    "MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD "
    "SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
NO_MINOR_UNIT = "XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX"  # "N.A." in list one


@pytest.mark.parametrize(
    ("currency", "digits"),
    [(currency, digits) for digits, listed in LIST_ONE.items() for currency in listed.split()],
)
def test_a_currency_has_the_digits_that_iso_4217_gives_it(currency: str, digits: int) -> None:
    assert currency_digits(currency) == digits


@pytest.mark.parametrize("code", NO_MINOR_UNIT.split())
def test_what_has_no_minor_unit_is_no_money(code: str) -> None:
    with pytest.raises(InvalidInput, match=f"{code} has no minor unit in ISO 4217"):
        Money.of(1, code)


@pytest.mark.parametrize("code", ["EURO", "eur", "", "ZZZ", "€"])
def test_an_unknown_currency_is_refused(code: str) -> None:
    with pytest.raises(InvalidInput, match="unknown currency"):
        Money.of(1, code)


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("12.50", "EUR", 1250),
        ("12.5", "EUR", 1250),
        ("12.500000", "EUR", 1250),  # zeros are no digits that get lost
        ("-0.01", "EUR", -1),
        ("+7", "JPY", 7),
        (7, "JPY", 7),
        (Decimal("1.234"), "BHD", 1234),
        (Decimal("1E+3"), "EUR", 100_000),
        ("0.0001", "CLF", 1),
        ("9" * 36, "JPY", int("9" * 36)),
    ],
)
def test_an_amount_is_held_in_minor_units(amount: Any, currency: str, minor: int) -> None:
    assert Money.of(amount, currency) == Money(currency, minor)


@pytest.mark.parametrize(
    "amount",
    [
        0.1, float("nan"), True, None, b"1", Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), "NaN", "inf",
        "1e3", "1_000", "1,000", " 1", "1 ", "", ".5", "5.", "--1", "١٢", "１２", "½", 10**40, "1" * 37, "0" * 100,
        Decimal("1E+40"), Decimal("1E+999999999"),
    ],
)  # fmt: skip
def test_what_is_no_exact_amount_is_refused(amount: Any) -> None:
    with pytest.raises(InvalidInput, match="accepted: a str of ASCII digits"):
        Money.of(amount, "EUR")


@pytest.mark.parametrize(
    ("amount", "currency", "digits"), [("0.001", "EUR", 2), ("0.5", "JPY", 0), ("0.0001", "BHD", 3)]
)
def test_more_digits_than_the_currency_has_are_refused(amount: str, currency: str, digits: int) -> None:
    with pytest.raises(InvalidInput) as caught:
        Money.of(amount, currency)
    assert (
        str(caught.value)
        == f"{amount} has more digits than {currency}, which has {digits}; say how with rounding="
    )


@pytest.mark.parametrize("held", [1.5, True, "1", None, Decimal(1)])
def test_minor_units_are_an_int_and_nothing_else(held: Any) -> None:
    with pytest.raises(InvalidInput, match="Money holds a currency code and an int of minor units"):
        Money("EUR", held)


@given(st.decimals(-(10**9), 10**9, places=6), st.sampled_from(ROUNDINGS))
def test_rounding_is_that_of_pythons_decimal(amount: Decimal, rounding: str) -> None:
    expected = amount.quantize(Decimal("0.01"), rounding=rounding)
    assert Money.of(amount, "EUR", rounding=rounding).amount == expected


@given(st.integers(-(10**30), 10**30), st.integers(0, 6), st.sampled_from(ROUNDINGS))
def test_a_fraction_rounds_as_pythons_decimal_does(number: int, digits: int, rounding: str) -> None:
    as_decimal = Decimal(f"{number}E-{digits}")
    expected = as_decimal.to_integral_value(rounding, decimal.Context(prec=60))
    assert rounded(Fraction(number, 10**digits), rounding) == expected


# 10 at 1/3 is 3.333...; at 5/8 6.25; the half cents of 0.25 at 50 % are 0.125, between 0.12 (even) and 0.13
@pytest.mark.parametrize(
    ("amount", "share", "rounding", "expected"),
    [
        ("10", Fraction(1, 3), decimal.ROUND_HALF_EVEN, "3.33"),
        ("-10", Fraction(1, 3), decimal.ROUND_FLOOR, "-3.34"),
        ("10", Rate.percent("62.5"), decimal.ROUND_DOWN, "6.25"),
        ("0.25", Rate.percent("50"), decimal.ROUND_HALF_EVEN, "0.12"),
        ("0.25", Decimal("0.5"), decimal.ROUND_HALF_UP, "0.13"),
        ("10", 3, decimal.ROUND_UP, "30.00"),
    ],
)
def test_a_share_is_rounded_once_as_said(amount: str, share: Any, rounding: str, expected: str) -> None:
    assert str(Money.of(amount, "EUR").times(share, rounding=rounding)) == f"{expected} EUR"


@pytest.mark.parametrize(
    "share", [0.5, True, None, Decimal("NaN"), Decimal("1E+1000000"), "1/3", Money("EUR", 1)]
)
def test_a_share_that_is_not_exact_is_refused(share: Any) -> None:
    with pytest.raises(InvalidInput):
        Money.of(10, "EUR").times(share, rounding=decimal.ROUND_DOWN)
    with pytest.raises(InvalidInput):
        Money.of(10, "EUR").allocate({"a": share, "b": 1})


# Largest remainder (Hamilton): floors first, then one cent each by remainder, ties to the smaller key.
@pytest.mark.parametrize(
    ("minor", "weights", "shares"),
    [
        (5, {"b": 1, "a": 1}, {"b": 2, "a": 3}),  # 2.5 each: the tie goes to a
        (100, {"a": 1, "b": 1, "c": 1}, {"a": 34, "b": 33, "c": 33}),  # 33 1/3 each
        (
            100,
            {"a": 1, "b": 2, "c": 4},
            {"a": 14, "b": 29, "c": 57},
        ),  # 14 2/7, 28 4/7, 57 1/7: b's is largest
        (
            101,
            {"a": Rate.percent(50), "b": Rate.percent(30), "c": Rate.percent(20)},
            {"a": 51, "b": 30, "c": 20},
        ),
        (10, {"a": Fraction(1, 3), "b": Fraction(1, 6)}, {"a": 7, "b": 3}),  # 6 2/3, 3 1/3
        (7, {1: 0, 2: 5}, {1: 0, 2: 7}),  # no weight, no share
        (0, {"a": 1, "b": 1}, {"a": 0, "b": 0}),
    ],
)
def test_shares_are_allocated_by_largest_remainder(
    minor: int, weights: dict[Any, Any], shares: dict[Any, int]
) -> None:
    assert Money("EUR", minor).allocate(weights) == {
        key: Money("EUR", share) for key, share in shares.items()
    }
    mirrored = Money("EUR", -minor).allocate(weights)
    assert mirrored == {key: Money("EUR", -share) for key, share in shares.items()}


WEIGHTS = st.dictionaries(
    st.integers(0, 20), st.fractions(0, 10, max_denominator=20), min_size=1, max_size=8
).filter(lambda weights: any(weights.values()))


@given(MINOR, WEIGHTS)
def test_shares_add_up_and_none_is_a_minor_unit_off(minor: int, weights: dict[int, Fraction]) -> None:
    money = Money("EUR", minor)
    shares = money.allocate(weights)
    assert total(shares.values(), "EUR") == money
    assert list(shares) == list(weights)
    for key, share in shares.items():
        assert abs(share.minor - minor * weights[key] / sum(weights.values())) < 1


@pytest.mark.parametrize("weights", [{}, {"a": 0}, {"a": -1, "b": 3}])
def test_weights_without_a_whole_are_refused(weights: dict[str, int]) -> None:
    with pytest.raises(InvalidInput, match="weights are not negative"):
        Money("EUR", 100).allocate(weights)


def test_money_of_two_currencies_is_never_mixed() -> None:
    euro, yen = Money("EUR", 100), Money("JPY", 100)
    for mix in (
        lambda: euro + yen, lambda: euro - yen, lambda: euro < yen, lambda: euro <= yen, lambda: euro > yen,
        lambda: euro >= yen, lambda: total([euro, yen], "EUR"), lambda: total([yen], "EUR"),
    ):  # fmt: skip
        with pytest.raises(CurrencyMismatch, match="of different currencies"):
            mix()
    assert euro != yen


def test_money_is_added_and_compared_with_money_only() -> None:
    euro: Any = Money("EUR", 100)
    mixes: tuple[Callable[[], object], ...] = (
        lambda: euro + 1, lambda: 1 + euro, lambda: euro < 100, lambda: euro * 1.5, lambda: euro * True,
    )  # fmt: skip
    for mix in mixes:
        with pytest.raises(TypeError):
            mix()
    assert euro != 100


def test_money_counts_like_a_number() -> None:
    three, two = Money.of(3, "EUR"), Money.of(2, "EUR")
    assert three - two == Money.of(1, "EUR") == -(two - three) == abs(two - three)
    assert 3 * two == two * 3 == Money.of(6, "EUR")
    assert two < three
    assert sorted([three, two]) == [two, three]
    assert (bool(three), bool(Money.zero("EUR"))) == (True, False)
    assert total([], "JPY") == Money.zero("JPY")


@given(MONEY)
def test_no_minor_unit_is_lost_in_the_amount(money: Money) -> None:
    assert Fraction(money.amount) * 10 ** currency_digits(money.currency) == money.minor
    assert -money.amount.as_tuple().exponent == currency_digits(money.currency)  # type: ignore[operator]  # finite


def test_an_amount_longer_than_any_context_is_still_exact() -> None:
    assert str(Money("EUR", 10**80 + 1)) == f"1{'0' * 78}.01 EUR"


@given(
    st.builds(Money, st.sampled_from(["EUR", "JPY", "BHD", "CLF"]), st.integers(-(10**36) + 1, 10**36 - 1))
)
def test_money_is_read_from_what_it_is_written_as(money: Money) -> None:
    assert Money.parse(str(money)) == money
    assert repr(money) == f"Money('{money}')"


@pytest.mark.parametrize(
    "text", ["12.50", "EUR 12.50", "12.50 eur", "12.50  EUR", "12.50 EUR ", "12,50 EUR", "", None, 5]
)
def test_money_needs_an_amount_and_a_currency(text: Any) -> None:
    with pytest.raises(InvalidInput):
        Money.parse(text)


@given(MONEY, MONEY)
def test_equal_money_is_one_key_and_pickles(one: Money, other: Money) -> None:
    assert (one == other) == ((one.currency, one.minor) == (other.currency, other.minor))
    assert hash(one) == hash(Money(one.currency, one.minor))
    assert pickle.loads(pickle.dumps(one)) == one


def test_a_mismatch_keeps_its_parts_through_a_pickle() -> None:
    error = pickle.loads(pickle.dumps(CurrencyMismatch(Money("EUR", 1), Money("JPY", 1))))
    assert (error.left, error.right) == (Money("EUR", 1), Money("JPY", 1))
    assert str(error) == "0.01 EUR and 1 JPY are of different currencies; convert one of them first"
