"""Rates, and percentage points, which are something else."""

import pickle
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.errors import InvalidInput
from prmcore.values import PercentagePoints, Rate

FRACTIONS = st.fractions(-(10**12), 10**12, max_denominator=10**9)
RATES = FRACTIONS.map(Rate.of)


def test_twenty_percentage_points_on_thirty_percent_are_fifty_percent() -> None:
    """A published registration clause: 30 % and +20 points make 50 %, not 36 %."""
    assert Rate.percent("30") + PercentagePoints.of("20") == Rate.percent("50")
    assert Rate.percent("50") - Rate.percent("30") == PercentagePoints.of("20")


@pytest.mark.parametrize(
    ("rate", "fraction", "written"),
    [
        (Rate.percent("15"), Fraction(15, 100), "15 %"),
        (Rate.of("0.15"), Fraction(15, 100), "15 %"),
        (Rate.percent(Decimal("62.5")), Fraction(5, 8), "62.5 %"),
        (Rate.of(Fraction(1, 3)), Fraction(1, 3), "1/3"),
        (Rate.percent(Fraction(1, 3)), Fraction(1, 300), "1/300"),
        (Rate(-6, -8), Fraction(3, 4), "75 %"),
        (Rate(1, -8), Fraction(-1, 8), "-12.5 %"),
        (Rate(-1, 3), Fraction(-1, 3), "-1/3"),
        (Rate(0, 5), Fraction(0), "0 %"),
        (Rate.of(2), Fraction(2), "200 %"),
        (Rate.of("0.000001"), Fraction(1, 10**6), "0.0001 %"),
    ],
)
def test_a_rate_is_an_exact_ratio_in_lowest_terms(rate: Rate, fraction: Fraction, written: str) -> None:
    assert rate.fraction == fraction
    assert (rate.numerator, rate.denominator) == (fraction.numerator, fraction.denominator)
    assert str(rate) == written
    assert repr(rate) == f"Rate('{written}')"


@pytest.mark.parametrize(
    "number", [0.15, True, None, "15 %", "1/3", "NaN", "١٥", "1e2", "", Decimal("NaN"), Decimal("1E+5000")]
)
def test_what_is_not_exact_is_no_rate(number: Any) -> None:
    for make in (Rate.of, Rate.percent, PercentagePoints.of):
        with pytest.raises(InvalidInput, match="accepted: a str of ASCII digits"):
            make(number)


@pytest.mark.parametrize(("numerator", "denominator"), [(1, 0), (1.0, 2), (True, 2), (1, 2.0), ("1", 2)])
def test_a_ratio_is_of_two_ints_and_never_over_zero(numerator: Any, denominator: Any) -> None:
    with pytest.raises(InvalidInput, match="accepted: two ints, the second not 0"):
        Rate(numerator, denominator)


@pytest.mark.parametrize("points", [20, 0.2, Decimal(20), "20"])
def test_points_are_a_fraction(points: Any) -> None:
    with pytest.raises(InvalidInput, match=r"write PercentagePoints\.of"):
        PercentagePoints(points)


@pytest.mark.parametrize(
    "text",
    ["15", "0.15", "15 percent", "%", " %", "1/0", "1/3 %", "15 % ", "1/-3", "１５ %", "", None, 15, "1e3 %"],
)
def test_a_rate_is_written_with_its_unit(text: Any) -> None:
    with pytest.raises(InvalidInput, match="accepted: a rate with its unit, such as '15 %' or '1/3'"):
        Rate.parse(text)


@pytest.mark.parametrize("text", ["20", "20 %", "20pp", "1/0 pp", " pp", "pp", None, 20, "٢٠ pp"])
def test_points_are_written_with_their_unit(text: Any) -> None:
    with pytest.raises(InvalidInput, match="accepted: percentage points, such as '20 pp'"):
        PercentagePoints.parse(text)


@given(FRACTIONS)
def test_rates_and_points_are_read_from_what_they_are_written_as(fraction: Fraction) -> None:
    assert Rate.parse(str(Rate.of(fraction))) == Rate.of(fraction)
    assert PercentagePoints.parse(str(PercentagePoints(fraction))) == PercentagePoints(fraction)


@given(RATES, RATES)
def test_rates_compare_as_their_fractions_do(one: Rate, other: Rate) -> None:
    left, right = one.fraction, other.fraction
    assert (one < other, one <= other, one > other, one >= other, one == other) == (
        left < right, left <= right, left > right, left >= right, left == right,
    )  # fmt: skip
    assert one + (other - one) == other
    assert pickle.loads(pickle.dumps(one)) == one
    assert hash(Rate.of(left)) == hash(one)


def test_rates_and_points_are_in_order() -> None:
    third, half, points = Rate(1, 3), Rate(1, 2), PercentagePoints.of
    assert (third < half, third <= half, third > half, third >= half) == (True, True, False, False)
    assert (half < third, half <= third, half > third, half >= third) == (False, False, True, True)
    same = Rate(2, 4)
    assert (half < same, half <= same, half > same, half >= same) == (False, True, False, True)
    assert sorted([points("1.5"), points(-2), points(1)]) == [points(-2), points(1), points("1.5")]


@pytest.mark.parametrize(
    ("points", "written"),
    [
        (Fraction(20), "20 pp"),
        (Fraction(-5, 2), "-2.5 pp"),
        (Fraction(0), "0 pp"),
        (Fraction(1, 3), "1/3 pp"),
        (Fraction(1, 10**36), f"0.{'0' * 35}1 pp"),  # as many digits as are written out
        (Fraction(1, 10**37), f"1/1{'0' * 37} pp"),
        (Fraction(3, 2**36), f"{Decimal(3) / 2**36:f} pp"),  # exact: 2^36 has 11 digits
        (Fraction(1, 2**37), f"1/{2**37} pp"),
    ],
)
def test_points_are_written_in_digits_where_those_end(points: Fraction, written: str) -> None:
    assert str(PercentagePoints(points)) == written
    assert PercentagePoints.parse(written) == PercentagePoints(points)


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("15%", Rate(15, 100)),
        ("15  %", Rate(15, 100)),
        ("-2.5 %", Rate(-1, 40)),
        ("+3 %", Rate(3, 100)),
        ("-4/6", Rate(-2, 3)),
    ],
)
def test_a_rate_is_read_with_or_without_a_blank_and_with_a_sign(text: str, rate: Rate) -> None:
    assert Rate.parse(text) == rate


@pytest.mark.parametrize("number", ["1E+100", "1E-100", "-1E+100"])
def test_a_decimal_of_up_to_a_hundred_places_is_exact(number: str) -> None:
    assert Rate.of(Decimal(number)).fraction == Fraction(number)
    with pytest.raises(InvalidInput, match="accepted: a str of ASCII digits"):
        Rate.of(Decimal(number.replace("100", "101")))


def test_a_rate_is_no_number() -> None:
    rate: Any = Rate.percent(15)
    mixes: tuple[Callable[[], object], ...] = (
        lambda: rate + rate, lambda: rate + 1, lambda: rate - 1, lambda: rate < 1, lambda: rate * 2,
    )  # fmt: skip
    for mix in mixes:
        with pytest.raises(TypeError):
            mix()
    assert rate != Fraction(15, 100)
