"""Money is exact, or it says why not."""

import decimal
import pickle
import random
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.errors import InvalidInput
from prmcore.values import Allocation, CurrencyMismatch, Money, Rate, currency_digits, is_points, total
from prmcore.values.money import rounded

MINOR = st.integers(-(10**38), 10**38)
MONEY = st.builds(Money, st.sampled_from(["EUR", "JPY", "BHD", "CLF"]), MINOR)
ROUNDINGS = (
    decimal.ROUND_CEILING, decimal.ROUND_FLOOR, decimal.ROUND_DOWN, decimal.ROUND_UP, decimal.ROUND_HALF_EVEN,
    decimal.ROUND_HALF_UP, decimal.ROUND_HALF_DOWN, decimal.ROUND_05UP,
)  # fmt: skip
MIRRORS = ROUNDINGS[2:]

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


@pytest.mark.parametrize(("currency", "digits"), [("DEM", 2), ("FRF", 2), ("ITL", 0)])
def test_a_currency_of_the_past_has_the_digits_that_it_had(currency: str, digits: int) -> None:
    assert currency_digits(currency) == digits


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
        (10**36 - 1, "JPY", 10**36 - 1),
        (Decimal("1E+35"), "JPY", 10**35),
        ("0.01" + "0" * 33, "EUR", 1),  # 36 digits of which 33 are zeros
        ("0" * 71 + "5", "JPY", 5),  # 72 characters, the longest that is read
    ],
)
def test_an_amount_is_held_in_minor_units(amount: Any, currency: str, minor: int) -> None:
    assert Money.of(amount, currency) == Money(currency, minor)


@pytest.mark.parametrize(
    "amount",
    [
        0.1, float("nan"), True, None, b"1", Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), "NaN", "inf",
        "1e3", "1_000", "1,000", " 1", "1 ", "", ".5", "5.", "--1", "١٢", "１２", "½", 10**40, "1" * 37, "0" * 100,
        Decimal("1E+40"), Decimal("1E+999999999"), Decimal("1E+36"), Decimal("1." + "1" * 36), "0" * 72 + "5",
    ],
)  # fmt: skip
def test_what_is_no_exact_amount_is_refused(amount: Any) -> None:
    with pytest.raises(InvalidInput, match=r"accepted: (a str of ASCII digits|the digits 0 to 9)"):
        Money.of(amount, "EUR")


def test_an_amount_that_is_too_long_is_refused_as_it_was_found() -> None:
    accepted = "accepted: a str of ASCII digits such as '12.50', an int or a Decimal"
    for amount, found in (
        (10**36, f"found 1{'0' * 36} (int)"),
        (0.5, "found 0.5 (float)"),
        ("1" * 37, "found an amount of more than 36 digits"),
    ):
        with pytest.raises(InvalidInput) as caught:
            Money.of(amount, "JPY")  # type: ignore[arg-type]  # a float
        assert str(caught.value) == f"{found}; {accepted}"


def test_an_amount_too_small_for_any_context_is_not_taken_for_zero() -> None:
    with pytest.raises(InvalidInput, match="has more digits than EUR, which has 2"):
        Money.of(Decimal("1E-999999999"), "EUR")


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


@pytest.mark.parametrize("currency", [b"EUR", None, 1])
def test_a_currency_is_a_str_and_nothing_else(currency: Any) -> None:
    with pytest.raises(InvalidInput, match="Money holds a currency code and an int of minor units"):
        Money(currency, 1)


def test_nothing_at_all_is_of_a_currency_too() -> None:
    for make in (Money.zero, lambda currency: total([], currency)):
        with pytest.raises(InvalidInput, match="unknown currency 'ZZZ'"):
            make("ZZZ")


@given(st.decimals(-(10**9), 10**9, places=6), st.sampled_from(ROUNDINGS))
def test_rounding_is_that_of_pythons_decimal(amount: Decimal, rounding: str) -> None:
    expected = amount.quantize(Decimal("0.01"), rounding=rounding)
    assert Money.of(amount, "EUR", rounding=rounding).amount == expected


@given(st.integers(-(10**30), 10**30), st.integers(0, 6), st.sampled_from(ROUNDINGS))
def test_a_fraction_rounds_as_pythons_decimal_does(number: int, digits: int, rounding: str) -> None:
    as_decimal = Decimal(f"{number}E-{digits}")
    expected = as_decimal.to_integral_value(rounding, decimal.Context(prec=60))
    assert rounded(Fraction(number, 10**digits), rounding) == expected


# 10^n + 1/2 lies between 10^n, which is even, and 10^n + 1
@pytest.mark.parametrize("zeros", [1, 27, 28, 40, 50, 95, 400, 2000])
def test_a_half_of_any_length_is_seen_to_be_one(zeros: int) -> None:
    number = 10**zeros
    half = Fraction(2 * number + 1, 2)
    assert (rounded(half, decimal.ROUND_HALF_EVEN), rounded(half, decimal.ROUND_HALF_UP)) == (
        number,
        number + 1,
    )
    least = Fraction(1, 10**9)
    assert (
        rounded(half - least, decimal.ROUND_HALF_UP)
        == rounded(-least + number + 1, decimal.ROUND_DOWN)
        == number
    )
    assert (
        rounded(half + least, decimal.ROUND_HALF_DOWN)
        == rounded(least + number, decimal.ROUND_UP)
        == number + 1
    )
    assert rounded(Fraction(number), decimal.ROUND_UP) == number


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
        (1, {"a": 1}, {"a": 1}),
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
    assert (two < three, two <= three, two > three, two >= three) == (True, True, False, False)
    assert (three < two, three <= two, three > two, three >= two) == (False, False, True, True)
    same = Money.of(2, "EUR")
    assert (two < same, two <= same, two > same, two >= same) == (False, True, False, True)
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


# The units of points: counted like a currency without minor units, each name a unit of its own.
@pytest.mark.parametrize("unit", ["points", "points:training", "points:early_access", "points:q4"])
def test_points_are_counted_like_a_currency_without_minor_units(unit: str) -> None:
    assert (is_points(unit), currency_digits(unit)) == (True, 0)
    assert Money.of(120, unit) == Money.parse(f"120 {unit}") == Money(unit, 120)
    assert str(Money.of("-3", unit)) == f"-3 {unit}"
    assert Money.of(1, unit) < Money.of(2, unit)
    with pytest.raises(InvalidInput, match=f"1.5 has more digits than {unit}, which has 0"):
        Money.parse(f"1.5 {unit}")


@pytest.mark.parametrize(
    "unit",
    [
        "Points", "point", "pointsx", "points:", "points:Training", "points:a b", "points:1", "points:ü", "points\n",
        "points:" + "a" * 41, ":points", "points:training:x",
    ],
)  # fmt: skip
def test_no_other_unit_passes_as_points(unit: str) -> None:
    assert not is_points(unit)
    with pytest.raises(InvalidInput, match="unknown currency"):
        Money.of(1, unit)
    with pytest.raises(InvalidInput):
        Money.parse(f"1 {unit}")


@pytest.mark.parametrize("other", ["points:training", "points:support", "EUR", "JPY"])
def test_points_are_never_added_to_another_unit(other: str) -> None:
    """T21: neither points of another name nor money, whatever their number."""
    with pytest.raises(CurrencyMismatch, match="of different units, and points are not converted"):
        Money.of(1, "points") + Money.of(1, other)
    with pytest.raises(CurrencyMismatch):
        total([Money.of(1, "points"), Money.of(1, other)], "points")


# https://github.com/brick/money/blob/022c7458/tests/MoneyTest.php, providerAllocate: the modes FloorToFirst,
# FloorToLargestRemainder, FloorToLargestRatio and FloorSeparate (its last amount is the rest). Its ties go by place,
# ours by key: the keys here are the places. The rows of "last", which it does not have, are worked out by hand from
# the same floors: 33 + 50 + 16 leaves 1, 23.07 + 15.38 + 30.76 + 30.76 leaves 3.
@pytest.mark.parametrize(
    ("amount", "weights", "method", "shares", "rest"),
    [
        ("1 USD", (2, 3, 1), "first", "0.34 0.50 0.16", "0"),
        ("100 USD", (30, 20, 40), "first", "33.34 22.22 44.44", "0"),
        ("100 USD", (30, 20, 40, 40), "first", "23.08 15.39 30.77 30.76", "0"),
        ("100 USD", (30, 20, 40, 0, 40, 0), "first", "23.08 15.39 30.77 0.00 30.76 0.00", "0"),
        ("0.02 EUR", (1, 1, 1, 1), "first", "0.01 0.01 0.00 0.00", "0"),
        ("-100 USD", (30, 20, 40, 40), "first", "-23.08 -15.39 -30.77 -30.76", "0"),
        ("100 USD", (Fraction(1, 3), Fraction(2, 7)), "first", "53.85 46.15", "0"),
        ("1 USD", (2, 3, 1), "last", "0.33 0.50 0.17", "0"),
        ("100 USD", (30, 20, 40, 40), "last", "23.07 15.39 30.77 30.77", "0"),
        ("-100 USD", (0, 30, 20, 40, 40, 0), "last", "0 -23.07 -15.39 -30.77 -30.77 0", "0"),
        ("1 USD", (2, 3, 1), "largest_remainder", "0.33 0.50 0.17", "0"),
        ("99.99 USD", (100, 100), "largest_remainder", "50.00 49.99", "0"),
        ("100 USD", (30, 20, 40, 40), "largest_remainder", "23.08 15.38 30.77 30.77", "0"),
        ("0.03 GBP", (75, 25), "largest_remainder", "0.02 0.01", "0"),
        ("-100 USD", (30, 20, 40, 40), "largest_remainder", "-23.08 -15.38 -30.77 -30.77", "0"),
        ("1 USD", (2, 3, 1), "largest_ratio", "0.33 0.51 0.16", "0"),
        ("0.05 USD", (3, 3, 4), "largest_ratio", "0.01 0.01 0.03", "0"),
        ("0.09 USD", (3, 3, 4), "largest_ratio", "0.03 0.02 0.04", "0"),
        ("-100 USD", (30, 20, 40, 40), "largest_ratio", "-23.08 -15.38 -30.77 -30.77", "0"),
        ("1 USD", (2, 3, 1), "separate", "0.33 0.50 0.16", "0.01"),
        ("99.99 USD", (100, 100), "separate", "49.99 49.99", "0.01"),
        ("0.03 GBP", (75, 25), "separate", "0.02 0.00", "0.01"),
        ("-100 USD", (30, 20, 40, 40), "separate", "-23.07 -15.38 -30.76 -30.76", "-0.03"),
        ("1 USD", (400, 0, 40, 20, 2), "separate", "0.86 0.00 0.08 0.04 0.00", "0.02"),
    ],
)
def test_what_is_left_over_is_given_as_the_method_says(
    amount: str, weights: tuple[Any, ...], method: Any, shares: str, rest: str
) -> None:
    money = Money.parse(amount)
    expected = [Money.of(share, money.currency) for share in shares.split()]
    found = money.allocation(dict(enumerate(weights)), method=method)
    assert list(found.shares.values()) == expected
    assert found.rest == Money.of(rest, money.currency)
    if method != "separate":
        assert list(money.allocate(dict(enumerate(weights)), method=method).values()) == expected


# The same table, with its CashContext(5): Swiss cash in steps of 0.05; the thirds and sevenths from its providerSplit.
@pytest.mark.parametrize(
    ("weights", "method", "shares", "rest"),
    [
        ((1, 2, 3, 7), "first", "7.70 15.40 23.10 53.80", "0"),
        ((1, 2, 3, 7), "largest_remainder", "7.70 15.40 23.05 53.85", "0"),
        ((1, 1, 1), "first", "33.35 33.35 33.30", "0"),
        ((1,) * 7, "first", "14.30 14.30 14.30 14.30 14.30 14.25 14.25", "0"),
        ((1, 1, 1), "separate", "33.30 33.30 33.30", "0.10"),
        ((1,) * 7, "separate", "14.25 14.25 14.25 14.25 14.25 14.25 14.25", "0.25"),
    ],
)
def test_cash_is_shared_out_in_whole_steps(
    weights: tuple[int, ...], method: Any, shares: str, rest: str
) -> None:
    francs, step = Money.of(100, "CHF"), Money.of("0.05", "CHF")
    found = francs.allocation(dict(enumerate(weights)), method=method, step=step)
    assert [str(share.amount) for share in found.shares.values()] == shares.split()
    assert found.rest == Money.of(rest, "CHF")


def test_an_amount_that_is_no_number_of_steps_is_rounded_first_or_leaves_a_rest() -> None:
    francs, step = Money.of("10.02", "CHF"), Money.of("0.05", "CHF")
    with pytest.raises(InvalidInput, match=r"10.02 CHF is no number of steps of 0.05 CHF"):
        francs.allocate({"a": 1, "b": 1}, step=step)
    found = francs.allocation({"a": 1, "b": 1}, method="separate", step=step)
    assert (dict(found.shares), found.rest) == (
        {"a": Money.of("5", "CHF"), "b": Money.of("5", "CHF")}, Money.of("0.02", "CHF"),
    )  # fmt: skip


def test_shares_alone_never_lose_the_rest() -> None:
    """T18, T20: the methods that leave a rest answer with it, not with shares that do not add up."""
    with pytest.raises(InvalidInput, match="separate leaves a rest"):
        Money("EUR", 100).allocate({"a": 1, "b": 2}, method="separate")


def test_an_unknown_method_is_refused_with_those_there_are() -> None:
    unknown: Any = "larges_ratio"
    with pytest.raises(InvalidInput, match="did you mean 'largest_ratio'"):
        Money("EUR", 100).allocate({"a": 1}, method=unknown)


# https://github.com/moneyphp/money/blob/master/tests/MoneyTest.php, allocationExamples. It gives -3, -2 for the negative
# one: ours is the mirror of 4, 1 when the remainder goes to the first, and of 4, 1 by key where remainders are equal.
@pytest.mark.parametrize("method", ["first", "largest_remainder"])
def test_the_split_of_a_negative_is_the_mirror(method: Any) -> None:
    """T15: 5 by 7:3 is 3.5 and 1.5, so 4 and 1; -5 by 7:3 is -4 and -1."""
    shares = Money("EUR", 5).allocate({"a": 7, "b": 3}, method=method)
    assert shares == {"a": Money("EUR", 4), "b": Money("EUR", 1)}
    assert Money("EUR", -5).allocate({"a": 7, "b": 3}, method=method) == {
        key: -share for key, share in shares.items()
    }


def test_shares_that_are_not_rounded_alone_add_up() -> None:
    """T18: three thirds of 100.00, each rounded alone, are 99.99."""
    third = Money.of(100, "EUR").times(Fraction(1, 3), rounding=decimal.ROUND_HALF_EVEN)
    assert 3 * third == Money.of("99.99", "EUR")
    shares = Money.of(100, "EUR").allocate({"a": Fraction(1, 3), "b": Fraction(1, 3), "c": Fraction(1, 3)})
    assert total(shares.values(), "EUR") == Money.of(100, "EUR")


# https://github.com/Shopify/money, README and spec/allocator_spec.rb: allocate_max_amounts, which assigns from left to
# right, as `first` does. The last two rows are worked out by hand: 10 by 3:3:3 is 3 1/3 each, above no limit of 4 ...
@pytest.mark.parametrize(
    ("amount", "limits", "shares", "rest"),
    [
        ("30.75 CAD", "26 4.75", "26.00 4.75", "0"),
        ("30.75 CAD", "26 4.74", "26.00 4.74", "0.01"),
        ("30 CAD", "15 15", "15.00 15.00", "0"),
        ("1000 USD", "500 300 200", "500.00 300.00 200.00", "0"),
        ("1000 USD", "500 300 300", "454.55 272.73 272.72", "0"),
        ("3075 JPY", "2600 475", "2600 475", "0"),
        ("-30.75 CAD", "26 4.74", "-26.00 -4.74", "-0.01"),
        ("10 JPY", "4 0 4 4", "4 0 3 3", "0"),
        ("5 JPY", "0 0", "0 0", "5"),
        ("0 JPY", "0 0", "0 0", "0"),
        ("0 JPY", "1 2", "0 0", "0"),
    ],
)
def test_a_limit_is_never_exceeded_and_what_no_limit_takes_is_the_rest(
    amount: str, limits: str, shares: str, rest: str
) -> None:
    """T20: Shopify drops the cent that 26 and 4.74 have no room for."""
    money = Money.parse(amount)
    of = dict(enumerate(Money.of(limit, money.currency) for limit in limits.split()))
    found = money.allocate_up_to(of, method="first")
    assert [str(share.amount) for share in found.shares.values()] == shares.split()
    assert found.rest == Money.of(rest, money.currency)


# 0.12 CHF has two steps of 0.05; limits of 0.09 and 0.20 have one and four: 2 x 1/5 and 2 x 4/5, so 0.4 and 1.6.
def test_limits_in_steps_of_cash_leave_what_is_no_step() -> None:
    found = Money.of("0.12", "CHF").allocate_up_to(
        {"a": Money.of("0.09", "CHF"), "b": Money.of("0.20", "CHF")}, step=Money.of("0.05", "CHF")
    )
    assert (found.shares["a"], found.shares["b"]) == (Money.zero("CHF"), Money.of("0.10", "CHF"))
    assert found.rest == Money.of("0.02", "CHF")


@pytest.mark.parametrize("amount", [5, -5])
def test_a_limit_below_zero_is_refused(amount: int) -> None:
    with pytest.raises(InvalidInput, match="limits are sizes"):
        Money("EUR", amount).allocate_up_to({"a": Money("EUR", -1)})


def test_limits_and_steps_are_of_the_same_currency() -> None:
    """T21: yen limit no euro."""
    with pytest.raises(CurrencyMismatch):
        Money("EUR", 5).allocate_up_to({"a": Money("JPY", 10)})
    with pytest.raises(CurrencyMismatch):
        Money("EUR", 5).rounded_to(Money("CHF", 5), rounding=decimal.ROUND_HALF_UP)
    with pytest.raises(InvalidInput, match=r"found a step of 0\.00 EUR"):
        Money("EUR", 5).rounded_to(Money("EUR", 0), rounding=decimal.ROUND_HALF_UP)


# Steps of 0.05: 12.33 lies between 12.30 and 12.35, nearer to 12.35; 12.325 would be halfway, so halves are shown in
# steps of 0.50: 12.25 lies halfway between 12.00 (step 24, even) and 12.50 (step 25).
@pytest.mark.parametrize(
    ("amount", "step", "rounding", "expected"),
    [
        ("12.33", "0.05", decimal.ROUND_HALF_EVEN, "12.35"),
        ("12.32", "0.05", decimal.ROUND_HALF_EVEN, "12.30"),
        ("12.35", "0.05", decimal.ROUND_DOWN, "12.35"),
        ("12.34", "0.05", decimal.ROUND_DOWN, "12.30"),
        ("12.31", "0.05", decimal.ROUND_UP, "12.35"),
        ("12.25", "0.50", decimal.ROUND_HALF_EVEN, "12.00"),
        ("12.25", "0.50", decimal.ROUND_HALF_UP, "12.50"),
        ("12.25", "0.50", decimal.ROUND_HALF_DOWN, "12.00"),
        ("0.00", "0.05", decimal.ROUND_UP, "0.00"),
        ("12.34", "0.01", decimal.ROUND_DOWN, "12.34"),  # the smallest step of all
    ],
)
def test_cash_is_rounded_to_steps_and_a_refund_as_its_sale(
    amount: str, step: str, rounding: str, expected: str
) -> None:
    """T14: what is paid back in cash is what was paid."""
    francs, of = Money.of(amount, "CHF"), Money.of(step, "CHF")
    assert francs.rounded_to(of, rounding=rounding) == Money.of(expected, "CHF")
    assert (-francs).rounded_to(of, rounding=rounding) == -Money.of(expected, "CHF")


# https://github.com/frappe/erpnext/issues/47705: an invoice over 12.345 came to 12.35, its credit note to -12.34.
def test_a_credit_note_comes_to_what_its_invoice_came_to() -> None:
    """T14: a tenth of 123.45 is 12.345; half up it is 12.35, half even 12.34, and the same below zero."""
    for rounding, cents in ((decimal.ROUND_HALF_UP, 1235), (decimal.ROUND_HALF_EVEN, 1234)):
        assert Money("EUR", 12345).times(Fraction(1, 10), rounding=rounding) == Money("EUR", cents)
        assert Money("EUR", -12345).times(Fraction(1, 10), rounding=rounding) == Money("EUR", -cents)


@pytest.mark.parametrize("rounding", [decimal.ROUND_FLOOR, decimal.ROUND_CEILING, "half_even", "", None])
def test_a_rounding_that_is_no_mirror_is_refused_for_cash(rounding: Any) -> None:
    """T14: floor and ceiling give a refund another cent than its sale."""
    with pytest.raises(InvalidInput, match="accepted: ROUND_HALF_EVEN"):
        Money("CHF", 10).rounded_to(Money("CHF", 5), rounding=rounding)


def test_a_percentage_is_exact_where_floats_are_not() -> None:
    """T16: 2.9 % of 500 is 14.5, half up 15; as floats it is 14.499..., so 14. And 3 % of 20 is 0.6, so 1, not 0."""
    assert 500 * (2.9 / 100) < 14.5  # what a float makes of it
    assert Money("USD", 500).times(Rate.percent("2.9"), rounding=decimal.ROUND_HALF_UP) == Money("USD", 15)
    assert Money("USD", 20).times(Rate.percent("3"), rounding=decimal.ROUND_HALF_EVEN) == Money("USD", 1)


# https://github.com/flexprice/flexprice, internal/domain/proration/calculator_test.go, "basic_upgrade_immediate":
# 17 of 31 days of 20.00 instead of 10.00, netted as 10.97 - 5.48 = 5.49. The net itself is 170/31 = 5.4838...
def test_a_net_amount_is_rounded_once_and_not_the_net_of_rounded_parts() -> None:
    """T34"""
    part, even = Fraction(17, 31), decimal.ROUND_HALF_EVEN
    new, old = Money.of(20, "USD"), Money.of(10, "USD")
    assert new.times(part, rounding=even) - old.times(part, rounding=even) == Money.of("5.49", "USD")
    assert (new - old).times(part, rounding=even) == Money.of("5.48", "USD")


METHODS: tuple[Any, ...] = ("largest_remainder", "first", "last", "largest_ratio", "separate")


def given_one_by_one(minor: int, weights: dict[int, Fraction], method: str) -> dict[int, int]:
    """An independent reading of the methods: round down, then give a unit to the best candidate that has had none."""
    whole = sum(weights.values())
    given = {key: int(minor * weight / whole) for key, weight in weights.items()}
    best = {
        "largest_remainder": lambda key: (minor * weights[key] / whole - given[key], -key),
        "first": lambda key: -key,
        "last": lambda key: key,
        "largest_ratio": lambda key: (weights[key], -key),
    }
    had: set[int] = set()
    while method != "separate" and sum(given.values()) + len(had) < minor:
        had.add(max((key for key in weights if weights[key] and key not in had), key=best[method]))
    return {key: share + (key in had) for key, share in given.items()}


@given(st.integers(0, 10**6), WEIGHTS, st.sampled_from(METHODS), st.randoms())
def test_every_method_shares_out_as_its_plain_reading_does(
    minor: int, weights: dict[int, Fraction], method: Any, shuffle: random.Random
) -> None:
    """T15, T18: sums are exact, negatives mirror, the order of the mapping changes nothing, no weight gets nothing."""
    found = Money("EUR", minor).allocation(weights, method=method)
    assert {key: share.minor for key, share in found.shares.items()} == given_one_by_one(
        minor, weights, method
    )
    assert total(found.shares.values(), "EUR") + found.rest == Money("EUR", minor)
    assert method == "separate" or not found.rest
    assert not any(share for key, share in found.shares.items() if not weights[key])
    mirrored = Money("EUR", -minor).allocation(weights, method=method)
    assert mirrored == Allocation({key: -share for key, share in found.shares.items()}, -found.rest)
    items = list(weights.items())
    shuffle.shuffle(items)
    assert Money("EUR", minor).allocation(dict(items), method=method) == found


@given(
    st.integers(-(10**6), 10**6), st.dictionaries(st.integers(0, 9), st.integers(0, 10**5), max_size=6),
    st.sampled_from(METHODS), st.sampled_from([1, 5, 100]),
)  # fmt: skip
def test_a_capped_allocation_keeps_every_limit_and_loses_nothing(
    minor: int, limits: dict[int, int], method: Any, step: int
) -> None:
    """T20: the shares and the rest are the amount; a rest of a step or more means that every limit is reached."""
    money, size = Money("CHF", minor), Money("CHF", step)
    found = money.allocate_up_to(
        {key: Money("CHF", limit) for key, limit in limits.items()}, method=method, step=size
    )
    assert total(found.shares.values(), "CHF") + found.rest == money
    for key, share in found.shares.items():
        assert abs(share.minor) <= limits[key]
        assert share.minor % step == 0
        assert share.minor * minor >= 0
    if abs(found.rest.minor) >= step and method != "separate":
        assert all(abs(share.minor) + step > limits[key] for key, share in found.shares.items())
    mirrored = (-money).allocate_up_to(
        {key: Money("CHF", limit) for key, limit in limits.items()}, method=method, step=size
    )
    assert mirrored.rest == -found.rest


@given(st.integers(-(10**12), 10**12), st.integers(1, 1000), st.sampled_from(MIRRORS))
def test_rounding_to_steps_is_that_of_pythons_decimal(minor: int, step: int, rounding: str) -> None:
    """T14"""
    found = Money("CHF", minor).rounded_to(Money("CHF", step), rounding=rounding)
    assert found.minor == step * rounded(Fraction(minor, step), rounding)
    assert found.minor % step == 0
    assert abs(found.minor - minor) < step
    assert Money("CHF", -minor).rounded_to(Money("CHF", step), rounding=rounding) == -found
