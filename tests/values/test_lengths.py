"""Lengths of time: what people write, and what it comes to where it comes to a number."""

import pytest
from hypothesis import given

from prmcore.errors import InvalidInput
from prmcore.testing import strategies
from prmcore.values import Length, Unit


@pytest.mark.parametrize(
    ("written", "months", "days"),
    [
        ("6 months", 6, None),
        ("1 year", 12, None),
        ("2 years", 24, None),
        ("90 days", None, 90),
        ("2 weeks", None, 14),
        ("5 business days", None, None),  # how many days these are depends on a calendar
        ("72 hours", None, None),
        ("0 days", None, 0),
        ("1 business day", None, None),
        ("100000 weeks", None, 700_000),  # as long as lengths are
    ],
)
def test_a_length_is_months_or_days_or_neither(written: str, months: int | None, days: int | None) -> None:
    length = Length.of(written)
    assert (length.months, length.days, str(length)) == (months, days, written)


@given(strategies.lengths())
def test_a_length_is_read_as_it_is_written(length: Length) -> None:
    assert Length.of(str(length)) == length


@pytest.mark.parametrize(
    "written", ["", "6", "six months", "-1 day", "1.5 years", "1 fortnight", "१ day", "9999999 days", 6]
)
def test_what_is_no_length_is_refused_with_what_is_accepted(written: object) -> None:
    with pytest.raises(InvalidInput, match=r"accepted: a number and hours, days, business days"):
        Length.of(written)  # type: ignore[arg-type]


def test_blanks_around_a_length_are_no_part_of_it() -> None:
    assert Length.of(" 6 months\n") == Length(6, Unit.MONTHS)


@pytest.mark.parametrize("count", [-1, 100_001, True, 1.0])
def test_a_count_outside_of_the_range_is_refused(count: int) -> None:
    with pytest.raises(InvalidInput, match="accepted: 0 to 100000"):
        Length(count, Unit.DAYS)


def test_a_unit_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(InvalidInput, match=r"unknown unit 'fortnights'.*business days, days"):
        Length(1, "fortnights")
