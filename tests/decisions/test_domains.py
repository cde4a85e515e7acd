"""Which values of a fact stand for all of them: expected values counted by hand."""

import datetime
from fractions import Fraction
from typing import Any

import pytest

from prmcore.decisions import FactField, Kind, fact
from prmcore.decisions.domains import distinct_values
from prmcore.values import Rate

D = datetime.date
DATE = FactField("signed_on", Kind.DATE)


def test_a_date_is_tried_on_its_bound_and_on_both_days_beside_it() -> None:
    bound = fact("signed_on").at_least(D(2026, 3, 1))
    assert distinct_values(DATE, [bound]) == (D(2026, 2, 28), D(2026, 3, 1), D(2026, 3, 2))


def test_no_day_is_tried_before_the_first_of_all_or_after_the_last() -> None:
    first, last = D.min, D.max
    day = datetime.timedelta(days=1)
    assert set(distinct_values(DATE, [fact("signed_on").at_least(first)])) == {first, first + day}
    assert set(distinct_values(DATE, [fact("signed_on").at_most(last)])) == {last - day, last}


def test_of_too_many_codes_all_that_a_limit_allows_are_still_tried_together() -> None:
    named = [fact("skills").includes(f"skill {number}") for number in range(10)]
    limit = fact("skills").within("skill 0", "skill 99")
    tried = distinct_values(FactField("skills", Kind.CODES), [*named, limit])
    assert frozenset({"skill 0", "skill 99"}) in tried  # all that is allowed
    assert frozenset({"skill 0"}) in tried  # what is asked for, as far as it is allowed
    assert frozenset(f"skill {number}" for number in range(10)) in tried  # all that is asked for


@pytest.mark.parametrize(
    ("kind", "tried"),
    [
        (Kind.COUNT, (0,)),
        (Kind.NUMBER, (Fraction(0),)),
        (Kind.RATE, (Rate(0),)),
        (Kind.DATE, ()),
        (Kind.BOOL, (False, True)),
    ],
)
def test_where_nothing_is_asked_of_a_fact_nothing_but_zero_is_tried(
    kind: Kind, tried: tuple[Any, ...]
) -> None:
    assert distinct_values(FactField("fact", kind), []) == tried
