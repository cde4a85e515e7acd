"""Values that change by date."""

import datetime
import pickle
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.errors import InvalidInput
from prmcore.values import Dated, DateRange, NothingOn

D = datetime.date
DAYS = [D(2026, 1, 1) + datetime.timedelta(days=number) for number in range(20)]


@st.composite
def entries(draw: st.DrawFn) -> list[tuple[DateRange, int]]:
    """Periods that do not overlap, with and without gaps, in any order, open at the ends or not."""
    edges = sorted(draw(st.sets(st.sampled_from(DAYS), min_size=2, max_size=8)))
    found = [DateRange(start, end) for start, end in pairwise(edges) if draw(st.booleans())]
    if draw(st.booleans()):
        found.append(DateRange(None, edges[0]))
    if draw(st.booleans()):
        found.append(DateRange(edges[-1], None))
    return draw(st.permutations([(period, number) for number, period in enumerate(found)]))


@given(entries(), st.sampled_from(DAYS))
def test_the_value_of_a_day_is_that_of_the_period_around_it(
    found: list[tuple[DateRange, int]], day: D
) -> None:
    dated = Dated(tuple(found))
    expected = [value for period, value in found if day in period]
    assert dated.get(day, -1) == (expected[0] if expected else -1)
    if expected:
        assert dated.on(day) == expected[0]
    else:
        with pytest.raises(NothingOn):
            dated.on(day)


@given(entries(), st.sampled_from(DAYS), st.integers(1, 20), st.booleans(), st.booleans())
def test_gaps_are_the_days_without_a_value(
    found: list[tuple[DateRange, int]], first: D, days: int, no_start: bool, no_end: bool
) -> None:
    within = DateRange(None if no_start else first, None if no_end else first + datetime.timedelta(days=days))
    gaps = Dated(tuple(found)).gaps(within)
    for day in [DAYS[0] - datetime.timedelta(days=1), *DAYS, DAYS[-1] + datetime.timedelta(days=30)]:
        is_missing = day in within and not any(day in period for period, _ in found)
        assert any(day in gap for gap in gaps) == is_missing
    for one, other in pairwise(gaps):
        assert one.end is not None
        assert other.start is not None
        assert one.end < other.start  # each as long as it can be


def test_periods_that_overlap_are_refused_all_at_once() -> None:
    with pytest.raises(InvalidInput) as caught:
        Dated(
            (
                (DateRange(D(2026, 6, 1)), "C"),
                (DateRange(None, D(2026, 2, 1)), "A"),
                (DateRange(D(2026, 1, 1), D(2026, 7, 1)), "B"),
            )
        )
    assert [str(fault) for fault in caught.value.faults] == [
        "ever to 2026-01-31 ('A') overlaps 2026-01-01 to 2026-06-30 ('B')",
        "2026-01-01 to 2026-06-30 ('B') overlaps 2026-06-01 on ('C')",
    ]


def test_each_value_lasts_until_the_next_one_starts() -> None:
    dated = Dated.starting({D(2026, 7, 1): "B", D(2026, 1, 1): "A"})
    assert dated == Dated(((DateRange(D(2026, 1, 1), D(2026, 7, 1)), "A"), (DateRange(D(2026, 7, 1)), "B")))
    assert [dated.get(day) for day in (D(2025, 12, 31), D(2026, 6, 30), D(2030, 1, 1))] == [None, "A", "B"]
    assert Dated.starting({}).entries == ()


def test_a_day_without_a_value_says_which_days_have_one() -> None:
    dated = Dated(((DateRange(D(2026, 1, 1), D(2026, 2, 1)), 1), (DateRange(D(2026, 3, 1)), 2)))
    with pytest.raises(NothingOn) as caught:
        dated.on(D(2026, 2, 14))
    message = "nothing is in force on 2026-02-14; covered: 2026-01-01 to 2026-01-31, 2026-03-01 on"
    again: Any = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.day, again.covered) == (message, D(2026, 2, 14), caught.value.covered)
    assert pickle.loads(pickle.dumps(dated)) == dated
    with pytest.raises(NothingOn, match="nothing is in force on 2026-02-14; covered: no day"):
        Dated[int](()).on(D(2026, 2, 14))
