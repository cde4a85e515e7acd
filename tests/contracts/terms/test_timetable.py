"""Timetables: which terms a contract has. Expected days are worked out by hand, from laws, or by dateutil."""

import datetime
import pickle
from itertools import pairwise

import attrs
import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from prmcore.contracts.terms import (
    Chain,
    EndConvention,
    Extends,
    RenewalClause,
    RenewalKind,
    Suspension,
    Term,
    TermClause,
    Timetable,
)
from prmcore.errors import InvalidInput
from prmcore.testing import _terms as drawn
from prmcore.values import AmbiguousDate, DateRange, Length, Missing, Roll, Unit
from prmcore.values.wire import from_plain, to_plain

D = datetime.date
DAY = datetime.timedelta(days=1)
CYCLE = 146_097  # days of the 400 years after which the Gregorian calendar repeats


def renewed(*lengths: str, **others: object) -> RenewalClause:
    several = tuple(map(Length.of, lengths))
    return RenewalClause(**{"kind": RenewalKind.AUTOMATIC, "lengths": several, **others})  # type: ignore[arg-type]


def table(start: str, length: str, renewal: RenewalClause | None = None, **others: object) -> Timetable:
    clause = TermClause(start=D.fromisoformat(start), length=Length.of(length), **others)  # type: ignore[arg-type]
    return Timetable(clause=clause, renewal=renewal or renewed())


def terms(found: Timetable, count: int = 4) -> list[str]:
    return [str(found.term(number).period) for number in range(count)]


# trap 1
def test_a_term_that_february_cut_short_does_not_shorten_the_next() -> None:
    assert terms(table("2025-01-31", "1 month")) == [
        "2025-01-31 to 2025-02-27", "2025-02-28 to 2025-03-30", "2025-03-31 to 2025-04-29", "2025-04-30 to 2025-05-30",
    ]  # fmt: skip


# trap 2: a day that was clamped is not carried on, so that no day is in no term
def test_between_a_31st_and_the_next_no_day_is_left_out() -> None:
    monthly = table("2024-08-31", "1 month")
    days = [D(2024, 8, 31) + DAY * number for number in range(400)]
    numbers = [term.number for term in map(monthly.term_on, days) if term is not None]
    assert len(numbers) == 400
    assert all(later - earlier in (0, 1) for earlier, later in pairwise(numbers))


# trap 3
def test_a_month_from_a_31st_is_not_over_on_the_30th_of_a_month_with_31_days() -> None:
    monthly = table("2025-05-31", "1 month")
    assert str(monthly.term(1).period) == "2025-06-30 to 2025-07-30"
    assert monthly.term_on(D(2025, 7, 30)) == monthly.term(1)


# trap 4
@pytest.mark.parametrize(
    ("asked", "period"),
    [
        (D(2024, 2, 29), "2024-02-29 to 2025-02-27"),
        (D(2025, 2, 27), "2024-02-29 to 2025-02-27"),
        (D(2025, 2, 28), "2025-02-28 to 2026-02-27"),
        (D(2028, 2, 28), "2027-02-28 to 2028-02-28"),
        (D(2028, 2, 29), "2028-02-29 to 2029-02-27"),
    ],
)
def test_a_year_from_a_leap_day_is_found_whatever_day_is_asked(asked: D, period: str) -> None:
    term = table("2024-02-29", "1 year").term_on(asked)
    assert term is not None
    assert str(term.period) == period


# trap 5
def test_on_a_day_that_was_clamped_the_next_term_has_begun() -> None:
    monthly = table("2022-08-31", "1 month")
    assert [monthly.term_on(D(2022, 9, day)) for day in (29, 30)] == [monthly.term(0), monthly.term(1)]


# trap 6: two intents that one date cannot tell apart
def test_what_begins_on_the_last_of_february_goes_on_from_28ths_or_from_last_days_as_was_meant() -> None:
    assert table("2023-02-28", "1 month").boundaries(0, 4) == (
        D(2023, 2, 28), D(2023, 3, 28), D(2023, 4, 28), D(2023, 5, 28),
    )  # fmt: skip
    assert table("2023-02-28", "1 month", roll=Roll.of("month end")).boundaries(0, 4) == (
        D(2023, 2, 28), D(2023, 3, 31), D(2023, 4, 30), D(2023, 5, 31),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("ends", "last_days"),
    [
        # "two years from 1 March 2023": the day before, or the anniversary; the next term begins on the day after
        (EndConvention.DAY_BEFORE, ["2025-02-28", "2027-02-28"]),
        (EndConvention.ANNIVERSARY, ["2025-03-01", "2027-03-01"]),
    ],
)
def test_two_years_end_on_the_anniversary_or_on_the_day_before(
    ends: EndConvention, last_days: list[str]
) -> None:
    found = table("2023-03-01", "2 years", ends=ends)
    assert [str(found.term(number).last_day) for number in (0, 1)] == last_days


# trap 24
def test_a_stated_end_wins_over_the_computed_one_and_the_next_term_begins_the_day_after() -> None:
    """From 1 March 2003 to 28 February 2004: the 29th is not in it, and a year computed would have it."""
    clause = TermClause(start=D(2003, 3, 1), length=Length.of("1 year"), last_day=D(2004, 2, 28))
    stated = Timetable(clause=clause, renewal=renewed())
    assert clause.ends is EndConvention.STATED
    assert terms(stated, 2) == ["2003-03-01 to 2004-02-28", "2004-02-29 to 2005-02-27"]
    assert terms(table("2003-03-01", "1 year"), 1) == ["2003-03-01 to 2004-02-29"]
    # BGB 188(3), and the Civil Code of Japan, art. 143(2): no 29th in that February, so its last day is the last
    lawful = Timetable(clause=attrs.evolve(clause, missing=Missing.UP), renewal=renewed())
    assert terms(lawful, 2)[1] == "2004-02-29 to 2005-02-28"


def test_a_month_without_the_day_ends_on_its_last_day_where_the_law_says_so() -> None:
    """Civil Code of Japan, art. 143(2): one month from the 31st of January ends with February."""
    lawful = table("2023-01-31", "1 month", missing=Missing.UP)
    assert terms(lawful, 3) == [
        "2023-01-31 to 2023-02-28", "2023-03-01 to 2023-03-30", "2023-03-31 to 2023-04-30",
    ]  # fmt: skip


def test_after_a_stated_end_a_roll_is_of_the_terms_that_follow() -> None:
    clause = TermClause(start=D(2025, 1, 1), last_day=D(2025, 1, 30), roll=Roll.of("month end"))
    assert terms(Timetable(clause=clause, renewal=renewed("1 month")), 3) == [
        "2025-01-01 to 2025-01-30", "2025-01-31 to 2025-02-27", "2025-02-28 to 2025-03-30",
    ]  # fmt: skip


def test_a_later_length_that_differs_is_counted_from_the_commencement_too() -> None:
    found = table("2022-08-31", "18 months", renewed("1 year", "6 months"))
    assert found.boundaries(0, 5) == (
        D(2022, 8, 31), D(2024, 2, 29), D(2025, 2, 28), D(2025, 8, 31), D(2026, 2, 28),
    )  # fmt: skip
    assert (
        str(table("2022-01-01", "36 months", renewed("12 months")).term(3).period)
        == "2027-01-01 to 2027-12-31"
    )


def test_after_days_months_are_counted_from_where_the_days_ended() -> None:
    found = table("2025-01-01", "90 days", renewed("1 month", "2 weeks"))
    assert terms(found) == [
        "2025-01-01 to 2025-03-31", "2025-04-01 to 2025-04-30", "2025-05-01 to 2025-05-14", "2025-05-15 to 2025-05-28",
    ]  # fmt: skip


def test_three_ways_to_go_on_from_a_31st() -> None:
    anchored = table("2025-01-31", "1 month")
    anew = table("2025-01-31", "1 month", renewed(chain=Chain.PREVIOUS_END))
    ends = table("2025-01-31", "1 month", roll=Roll.of("month end"))
    found = [[f"{day:%m-%d}" for day in one.boundaries(0, 4)] for one in (anchored, anew, ends)]
    assert found == [
        ["01-31", "02-28", "03-31", "04-30"], ["01-31", "02-28", "03-28", "04-28"], ["01-31", "02-28", "03-31", "04-30"],
    ]  # fmt: skip


def test_where_the_first_day_does_not_count_a_chain_goes_on_from_the_last_day() -> None:
    anew = table("2025-01-31", "1 month", renewed(chain=Chain.PREVIOUS_END), ends=EndConvention.ANNIVERSARY)
    assert terms(anew, 3) == [
        "2025-01-31 to 2025-02-28",
        "2025-03-01 to 2025-03-28",
        "2025-03-29 to 2025-04-28",
    ]
    anchored = table("2025-01-31", "1 month", renewed("1 month", "30 days"), ends=EndConvention.ANNIVERSARY)
    assert terms(anchored) == [
        "2025-01-31 to 2025-02-28", "2025-03-01 to 2025-03-31", "2025-04-01 to 2025-04-30", "2025-05-01 to 2025-05-30",
    ]  # fmt: skip


def test_where_a_last_day_was_rounded_up_the_next_term_begins_on_the_2nd() -> None:
    """From 31 January, a month to the same day: no 31st of April, so to 1 May, and the next from 2 May to 31 May."""
    found = table("2025-01-31", "1 month", ends=EndConvention.ANNIVERSARY, missing=Missing.UP)
    assert terms(found) == [
        "2025-01-31 to 2025-03-01", "2025-03-02 to 2025-03-31", "2025-04-01 to 2025-05-01", "2025-05-02 to 2025-05-31",
    ]  # fmt: skip
    days = (D(2025, 3, 1), D(2025, 3, 2), D(2025, 3, 31), D(2025, 4, 1), D(2025, 5, 1), D(2025, 5, 2))
    assert [found.term_on(day) for day in days] == [found.term(number) for number in (0, 1, 1, 2, 2, 3)]


def test_a_job_is_given_the_terms_that_have_begun_since() -> None:
    yearly = table("2020-01-01", "1 year")
    assert [term.number for term in yearly.terms_until(D(2022, 12, 31))] == [0, 1, 2]
    assert [term.number for term in yearly.terms_until(D(2023, 1, 1), first=2)] == [2, 3]
    assert list(yearly.terms_until(D(2019, 12, 31))) == []


@given(drawn.starts(), st.integers(1, 60), st.sampled_from((Missing.DOWN, Missing.UP)), st.booleans())
def test_a_chain_from_the_previous_end_is_a_plain_loop(
    start: D, step: int, missing: Missing, is_counted: bool
) -> None:
    ends = EndConvention.DAY_BEFORE if is_counted else EndConvention.ANNIVERSARY
    clause = TermClause(start=start, length=Length(step, Unit.MONTHS), missing=missing, ends=ends)
    found = Timetable(clause=clause, renewal=renewed(chain=Chain.PREVIOUS_END))
    day = start
    for number in range(30):
        assert found.term(number).start == (day if is_counted or not number else day + DAY)
        following = day + relativedelta(months=step)
        day = following + DAY if missing is Missing.UP and following.day < day.day else following


@given(drawn.timetables(suspended=True), st.integers(0, 30))
def test_on_its_first_day_a_term_has_begun_and_on_the_day_before_it_has_not(
    found: Timetable, number: int
) -> None:
    term = found.term(number if found.last_number is None else min(number, found.last_number))
    before = found.term_on(term.start - DAY)
    assert found.term_on(term.start) == term
    assert (None if before is None else before.number) == (term.number - 1 if term.number else None)


def test_the_last_day_of_a_month_is_the_last_of_every_term_when_that_was_meant() -> None:
    """From the 15th of January, a year to the end of the month: BGB 187(1) with month ends."""
    found = table("2025-01-15", "1 year", ends=EndConvention.ANNIVERSARY, roll=Roll.of("month end"))
    assert terms(found, 2) == ["2025-01-15 to 2026-01-31", "2026-02-01 to 2027-01-31"]


@given(drawn.starts(), st.integers(1, 48), st.integers(0, 40))
def test_dateutil_finds_the_same_terms(start: D, step: int, number: int) -> None:
    found = table(start.isoformat(), f"{step} months").term(number)
    ends = [start + relativedelta(months=step * one) for one in (number, number + 1)]
    assert (found.start, found.end) == tuple(ends)


@given(drawn.timetables(suspended=True))
def test_terms_follow_on_each_other_without_gap_or_overlap(found: Timetable) -> None:
    last = 8 if found.last_number is None else min(found.last_number, 8)
    several = [found.term(number) for number in range(last + 1)]
    assert several[0].start == found.clause.start
    for one, other in pairwise(several):
        assert one.start < (one.end or D.max) == other.start
    if several[-1].end is not None:
        assert sum(one.period.days for one in several) == (several[-1].end - found.clause.start).days
    assert found.boundaries(0, last + 1) == tuple(one.start for one in several)


@given(drawn.timetables(suspended=True), st.integers(-3, 4000))
def test_the_term_of_a_day_is_the_one_that_has_it(found: Timetable, after: int) -> None:
    day = found.clause.start + DAY * after
    expected = None
    for number in range(4001 if found.last_number is None else found.last_number + 1):
        term = found.term(number)
        if day in term:
            expected = term
        if term.end is None or term.end > day:
            break
    assert found.term_on(day) == expected


@given(drawn.timetables(suspended=True), st.integers(0, 3000), st.integers(0, 5))
def test_a_term_does_not_depend_on_the_day_it_is_asked_on(found: Timetable, after: int, first: int) -> None:
    begun = list(found.terms_until(found.clause.start + DAY * after, first=first))
    assert begun == [found.term(number) for number in range(first, first + len(begun))]
    if begun:
        assert found.term_on(begun[-1].start) == begun[-1]


@given(drawn.timetables(suspended=True), st.integers(0, 8))
def test_four_hundred_years_later_every_term_is_a_cycle_later(found: Timetable, number: int) -> None:
    cycle = DAY * CYCLE
    clause, end = found.clause, found.clause.last_day
    shifted = Timetable(
        clause=attrs.evolve(clause, start=clause.start + cycle, last_day=end and end + cycle),
        renewal=found.renewal,
        suspensions=[
            attrs.evolve(one, period=DateRange(*(day and day + cycle for day in attrs.astuple(one.period))))
            for one in found.suspensions
        ],
    )
    number = number if found.last_number is None else min(number, found.last_number)
    one, other = found.term(number), shifted.term(number)
    assert other == Term(number, one.start + cycle, one.end and one.end + cycle)


def test_renewals_are_capped() -> None:
    found = table("2020-01-01", "1 year", renewed(at_most=2))
    assert (found.last_number, found.end) == (2, D(2023, 1, 1))
    assert found.term_on(D(2022, 12, 31)) == found.term(2)
    assert found.term_on(D(2023, 1, 1)) is None
    with pytest.raises(InvalidInput, match="number: found 3; accepted: 0 to 2"):
        found.term(3)


def test_a_fixed_term_is_followed_by_nothing() -> None:
    found = table("2020-01-01", "1 year", RenewalClause())
    assert (found.last_number, found.end, found.term_on(D(2021, 1, 1))) == (0, D(2021, 1, 1), None)


def test_an_evergreen_contract_runs_on_without_terms() -> None:
    found = table("2020-01-01", "1 year", RenewalClause(kind=RenewalKind.EVERGREEN))
    assert found.term_on(D(2030, 6, 1)) == Term(1, D(2021, 1, 1), None)
    assert (found.end, found.term(1).last_day) == (None, None)


def test_a_contract_without_a_length_has_one_term_without_end() -> None:
    found = Timetable(clause=TermClause(start=D(2020, 1, 1)))
    assert found.term_on(D(2099, 1, 1)) == Term(0, D(2020, 1, 1), None)
    assert found.term_on(D(2019, 12, 31)) is None


def test_a_missing_day_that_nobody_decided_is_told_with_both_readings() -> None:
    with pytest.raises(AmbiguousDate):
        table("2025-01-31", "1 month", missing=Missing.REFUSE)
    later = table("2024-12-31", "1 month", renewed(chain=Chain.PREVIOUS_END), missing=Missing.REFUSE)
    assert str(later.term(0).period) == "2024-12-31 to 2025-01-30"
    with pytest.raises(AmbiguousDate, match="2025-02-28 when rounded down, 2025-03-01 when rounded up"):
        later.term(1)


SEPTEMBER = DateRange(D(2025, 9, 1), D(2025, 10, 1))  # 30 days


@pytest.mark.parametrize(
    ("extends", "periods"),
    [
        (
            Extends.NOTHING,
            ["2025-01-01 to 2025-12-31", "2026-01-01 to 2026-12-31", "2027-01-01 to 2027-12-31"],
        ),
        (Extends.TERM, ["2025-01-01 to 2026-01-30", "2026-01-31 to 2026-12-31", "2027-01-01 to 2027-12-31"]),
        (
            Extends.LATER_TERMS,
            ["2025-01-01 to 2026-01-30", "2026-01-31 to 2027-01-30", "2027-01-31 to 2028-01-30"],
        ),
    ],
)
def test_a_suspension_extends_nothing_or_the_term_or_moves_all_that_follow(
    extends: Extends, periods: list[str]
) -> None:
    plain = table("2025-01-01", "1 year")
    found = attrs.evolve(plain, suspensions=(Suspension(period=SEPTEMBER, extends=extends),))
    assert terms(found, 3) == periods


def test_a_second_suspension_is_found_in_the_term_that_the_first_one_made() -> None:
    january = DateRange(D(2026, 1, 10), D(2026, 1, 20))  # in the first term only because of September
    suspensions = [Suspension(period=one, extends=Extends.LATER_TERMS) for one in (january, SEPTEMBER)]
    found = attrs.evolve(table("2025-01-01", "1 year"), suspensions=suspensions)
    assert terms(found, 2) == ["2025-01-01 to 2026-02-09", "2026-02-10 to 2027-02-09"]


def test_a_suspension_may_not_leave_nothing_of_the_next_term() -> None:
    rest = Suspension(period=SEPTEMBER, extends=Extends.TERM)
    with pytest.raises(InvalidInput, match=r"suspensions\[0\].*the next term, which ends on 2025-10-12"):
        attrs.evolve(table("2025-09-01", "3 weeks"), suspensions=(rest,))


@pytest.mark.parametrize(
    ("made", "faults"),
    [
        (
            lambda: TermClause(start=D(2026, 1, 1), length=Length.of("3 hours")),
            ["found 3 hours; accepted: a day, week, month or year at least @ length"],
        ),
        (
            lambda: TermClause(start=D(2026, 1, 1), last_day=D(2025, 12, 31), ends=EndConvention.DAY_BEFORE),
            [
                "found 2025-12-31; accepted: 2026-01-01 or later @ last_day",
                "found day-before; stated goes with a last_day, day-before and anniversary without @ ends",
            ],
        ),
        (
            lambda: TermClause(start=D(2026, 1, 15), length=Length.of("1 year"), roll=Roll.of("month end")),
            [
                "found month end, and terms that begin on 2026-01-15; accepted: 2026-01-31, anchored, or for an odd first "
                "term its last_day @ roll"
            ],
        ),
        (
            lambda: RenewalClause(at_most=0, lengths=(Length.of("1 year"),), condition="x"),
            [
                "found 0; accepted: 1 to 10000, or none @ at_most",
                "goes with automatic and opt-in; found fixed @ lengths",
                "goes with automatic and opt-in; found fixed @ at_most",
                "found one, and nothing that it is for; accepted: none @ condition",
            ],
        ),
        (lambda: Suspension(period=DateRange(D(2026, 1, 1))), ["found 2026-01-01 on; accepted: a first and a last day @ period"]),
        (
            lambda: Timetable(clause=TermClause(start=D(2026, 1, 1)), renewal=renewed("1 year")),
            ["found automatic after a term without end; accepted: fixed @ renewal.kind"],
        ),
        (
            lambda: Timetable(clause=TermClause(start=D(2026, 1, 1), last_day=D(2026, 12, 31)), renewal=renewed()),
            ["found none, and none of the first term; accepted: one at least @ renewal.lengths"],
        ),
        (
            lambda: table("2026-01-31", "1 month", renewed("2 weeks", chain=Chain.PREVIOUS_END), roll=Roll.of("month end")),
            [
                "found previous-end with month end; accepted: anchored @ renewal.chain",
                "found month end; lengths of days or weeks go with anchored @ clause.roll",
            ],
        ),
    ],
)  # fmt: skip
def test_everything_that_is_wrong_is_said_at_once(made: object, faults: list[str]) -> None:
    with pytest.raises(InvalidInput) as caught:
        made()  # type: ignore[operator]
    assert list(map(str, caught.value.faults)) == faults


def test_a_suspension_outside_of_all_terms_is_refused() -> None:
    rest = Suspension(period=SEPTEMBER)
    with pytest.raises(InvalidInput, match=r"suspensions\[0\]: found 2025-09-01 to 2025-09-30"):
        attrs.evolve(table("2020-01-01", "1 year", RenewalClause()), suspensions=(rest,))


@given(drawn.timetables(suspended=True))
def test_a_timetable_goes_through_pickle_and_its_clauses_through_plain_values(found: Timetable) -> None:
    assert pickle.loads(pickle.dumps(found)) == found
    for one in (found.clause, found.renewal, *found.suspensions):
        assert from_plain(to_plain(one), type(one)) == one


def test_a_term_outside_of_all_years_is_refused() -> None:
    for length in ("1 year", "10000 days"):
        with pytest.raises(InvalidInput, match="reach outside the years 1 to 9999"):
            table("2025-01-31", length).term(9000)


def test_what_is_computed_is_neither_compared_nor_shown_nor_given() -> None:
    given_parts = ["clause", "renewal", "suspensions"]
    fields = attrs.fields(Timetable)
    assert all(field.kw_only for field in fields)
    for chosen in ("init", "eq", "repr"):
        assert [field.name for field in fields if getattr(field, chosen)] == given_parts


@pytest.mark.parametrize(
    ("roll", "ends", "start", "days"),
    [  # by hand
        ("day 15", EndConvention.DAY_BEFORE, "2025-01-15", ["2025-01-15", "2025-02-15", "2025-03-15", "2025-04-15"]),
        ("day 31", EndConvention.DAY_BEFORE, "2025-01-31", ["2025-01-31", "2025-02-28", "2025-03-31", "2025-04-30"]),
        ("day 31", EndConvention.DAY_BEFORE, "2025-02-28", ["2025-02-28", "2025-03-31", "2025-04-30", "2025-05-31"]),
        ("month end", EndConvention.DAY_BEFORE, "2024-02-29", ["2024-02-29", "2024-03-31", "2024-04-30", "2024-05-31"]),
        ("2 days before month end", EndConvention.DAY_BEFORE, "2025-01-29", ["2025-01-29", "2025-02-26", "2025-03-29", "2025-04-28"]),
        ("2nd tuesday", EndConvention.DAY_BEFORE, "2025-07-08", ["2025-07-08", "2025-08-12", "2025-09-09", "2025-10-14"]),
        ("last friday", EndConvention.DAY_BEFORE, "2025-01-31", ["2025-01-31", "2025-02-28", "2025-03-28", "2025-04-25"]),
        # where the first day does not count, the last days are those of the roll, and terms begin a day later
        ("day 15", EndConvention.ANNIVERSARY, "2025-01-10", ["2025-01-10", "2025-02-16", "2025-03-16", "2025-04-16"]),
        ("day 31", EndConvention.ANNIVERSARY, "2025-01-10", ["2025-01-10", "2025-03-01", "2025-04-01", "2025-05-01"]),
        ("2 days before month end", EndConvention.ANNIVERSARY, "2025-01-10", ["2025-01-10", "2025-02-27", "2025-03-30", "2025-04-29"]),
        ("2nd tuesday", EndConvention.ANNIVERSARY, "2025-07-01", ["2025-07-01", "2025-08-13", "2025-09-10", "2025-10-15"]),
    ],
)  # fmt: skip
def test_a_term_begins_on_the_day_of_its_roll_in_each_month(
    roll: str, ends: EndConvention, start: str, days: list[str]
) -> None:
    found = table(start, "1 month", roll=Roll.of(roll), ends=ends)
    assert [str(day) for day in found.boundaries(0, 4)] == days
    for number, day in enumerate(map(D.fromisoformat, days)):
        assert found.term_on(day) == found.term(number)
        before = found.term_on(day - DAY)
        assert (before and before.number) == (number - 1 if number else None)


@pytest.mark.parametrize(
    ("lengths", "start", "days"),
    [  # by hand: months go on from the first day of all, days from where they are, and months after days from there
        (("1 month", "3 months", "1 year"), "2025-10-31", ["2025-10-31", "2025-11-30", "2026-02-28", "2027-02-28", "2028-02-29"]),
        (("1 month", "10 days", "1 month"), "2025-01-31", ["2025-01-31", "2025-02-28", "2025-03-10", "2025-04-10", "2025-05-10"]),
        (("10 days", "2 weeks", "1 month"), "2025-01-31", ["2025-01-31", "2025-02-10", "2025-02-24", "2025-03-24", "2025-04-24"]),
        (("2 months", "1 month", "10 days"), "2025-12-31", ["2025-12-31", "2026-02-28", "2026-03-31", "2026-04-10", "2026-04-20"]),
    ],
)  # fmt: skip
def test_terms_of_several_lengths_follow_on_each_other(
    lengths: tuple[str, ...], start: str, days: list[str]
) -> None:
    found = table(start, lengths[0], renewed(*lengths[1:]))
    assert [str(day) for day in found.boundaries(0, 5)] == days
    assert [found.term_on(D.fromisoformat(day)) for day in days] == [
        found.term(number) for number in range(5)
    ]
    chained = table(start, lengths[0], renewed(*lengths[1:], chain=Chain.PREVIOUS_END))
    day, starts = D.fromisoformat(start), []
    for length in (*lengths, lengths[-1]):
        starts.append(day)
        step = Length.of(length)
        day += relativedelta(months=step.months or 0, days=step.days or 0)
    assert list(chained.boundaries(0, 4)) == starts


def test_after_a_day_that_is_named_the_first_renewal_has_the_first_length() -> None:
    clause = TermClause(start=D(2025, 1, 1), last_day=D(2025, 3, 30))
    found = Timetable(clause=clause, renewal=renewed("1 month", "1 year"))
    assert [str(day) for day in found.boundaries(0, 4)] == [
        "2025-01-01",
        "2025-03-31",
        "2025-04-30",
        "2026-04-30",
    ]
    assert [found.term_on(D(2025, month, 30)) for month in (3, 4)] == [found.term(0), found.term(2)]


@pytest.mark.parametrize("number", [-1, True, 1.0, "1", None])
def test_a_number_that_no_term_has_is_refused(number: object) -> None:
    for one, last in (
        (table("2025-01-01", "1 year"), "0 or more"),
        (table("2025-01-01", "1 year", renewed(at_most=3)), "0 to 3"),
    ):
        with pytest.raises(InvalidInput) as refused:
            one.term(number)  # type: ignore[arg-type]
        assert str(refused.value) == f"number: found {number!r}; accepted: {last}"


def test_boundaries_end_with_the_last_term_that_there_can_be() -> None:
    found = table("2025-01-01", "1 year", renewed(at_most=2))
    days = [D(year, 1, 1) for year in range(2025, 2028)]
    assert [list(found.boundaries(first, count)) for first, count in ((0, 3), (0, 9), (1, 1), (2, 5), (3, 1))] == [
        days, days, days[1:2], days[2:], [],
    ]  # fmt: skip
    assert [term.number for term in found.terms_until(D(2099, 1, 1), first=1)] == [1, 2]
    assert found.end == D(2028, 1, 1)
    assert table("2025-01-01", "1 year").end is None


def suspended(found: Timetable, first: str, last: str, extends: Extends) -> Timetable:
    period = DateRange.of_days(D.fromisoformat(first), D.fromisoformat(last))
    return attrs.evolve(found, suspensions=(Suspension(period=period, extends=extends),))


def test_a_suspension_of_the_last_or_of_an_endless_term_has_no_next_one_to_shorten() -> None:
    """September, 30 days; it is added to the last term there is, and to nothing of a term without end."""
    fixed = suspended(
        table("2025-01-01", "1 year", RenewalClause()), "2025-09-01", "2025-09-30", Extends.TERM
    )
    assert (str(fixed.term(0).period), fixed.end) == ("2025-01-01 to 2026-01-30", D(2026, 1, 31))
    endless = Timetable(clause=TermClause(start=D(2025, 1, 1)))
    assert suspended(endless, "2025-09-01", "2025-09-30", Extends.LATER_TERMS).term(0).end is None
    evergreen = table("2025-09-01", "3 weeks", RenewalClause(kind=RenewalKind.EVERGREEN))
    assert terms(suspended(evergreen, "2025-09-01", "2025-09-30", Extends.TERM), 2) == [
        "2025-09-01 to 2025-10-21", "2025-10-22 on",
    ]  # fmt: skip


@pytest.mark.parametrize(("last", "fits"), [("2025-09-20", True), ("2025-09-21", False)])
def test_of_the_next_term_a_day_at_least_is_left(last: str, fits: bool) -> None:
    """Terms of three weeks from 1 September: the next one is from 22 September to 12 October."""
    weeks = table("2025-09-01", "3 weeks")
    if fits:
        found = suspended(weeks, "2025-09-01", last, Extends.TERM)
        assert terms(found, 3) == [
            "2025-09-01 to 2025-10-11",
            "2025-10-12 to 2025-10-12",
            "2025-10-13 to 2025-11-02",
        ]
        assert [found.term_on(D(2025, 10, day)) for day in (11, 12, 13)] == [
            found.term(number) for number in range(3)
        ]
    else:
        with pytest.raises(InvalidInput) as refused:
            suspended(weeks, "2025-09-01", last, Extends.TERM)
        assert str(refused.value) == (
            "suspensions[0]: found 2025-09-01 to 2025-09-21, and days that leave nothing of the next term, which ends on "
            "2025-10-12; accepted: fewer, or extends later-terms"
        )
    assert terms(suspended(weeks, "2025-09-01", last, Extends.LATER_TERMS), 1)[0].startswith(
        "2025-09-01 to 2025-10-1"
    )


def test_suspensions_that_overlap_are_refused_and_those_that_touch_are_not() -> None:
    def two(second: D) -> Timetable:
        periods = (DateRange(D(2025, 3, 1), D(2025, 4, 1)), DateRange(second, D(2025, 5, 1)))
        resting = [Suspension(period=one, extends=Extends.LATER_TERMS) for one in periods]
        return attrs.evolve(table("2025-01-01", "1 year"), suspensions=resting)

    assert terms(two(D(2025, 4, 1)), 2) == [
        "2025-01-01 to 2026-03-02",
        "2026-03-03 to 2027-03-02",
    ]  # 31 + 30 days
    with pytest.raises(InvalidInput) as refused:
        two(D(2025, 3, 31))
    assert list(map(str, refused.value.faults)) == [
        "2025-03-01 to 2025-03-31 and 2025-03-31 to 2025-04-30 overlap @ suspensions[1]"
    ]


@pytest.mark.parametrize(
    ("clause", "renewal", "faults"),
    [
        (TermClause(start=D(2026, 1, 1)), RenewalClause(kind=RenewalKind.EVERGREEN),
         ["found evergreen after a term without end; accepted: fixed @ renewal.kind"]),
        (TermClause(start=D(2026, 1, 1)), renewed(), ["found automatic after a term without end; accepted: fixed @ renewal.kind"]),
        (TermClause(start=D(2026, 1, 1), last_day=D(2026, 1, 1)), renewed(kind=RenewalKind.OPT_IN),
         ["found none, and none of the first term; accepted: one at least @ renewal.lengths"]),
        (TermClause(start=D(2026, 1, 31), length=Length.of("1 month"), roll=Roll.of("month end")),
         renewed(chain=Chain.PREVIOUS_END), ["found previous-end with month end; accepted: anchored @ renewal.chain"]),
        (TermClause(start=D(2026, 1, 31), length=Length.of("30 days"), roll=Roll.of("month end")), RenewalClause(),
         ["found month end; lengths of days or weeks go with anchored @ clause.roll"]),
    ],
)  # fmt: skip
def test_clauses_that_do_not_go_together_are_refused(
    clause: TermClause, renewal: RenewalClause, faults: list[str]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        Timetable(clause=clause, renewal=renewal)
    assert list(map(str, refused.value.faults)) == faults


def test_after_a_named_day_there_need_be_no_length_where_nothing_or_no_term_follows() -> None:
    clause = TermClause(start=D(2026, 1, 1), last_day=D(2026, 6, 30))
    assert Timetable(clause=clause).end == D(2026, 7, 1)
    evergreen = Timetable(clause=clause, renewal=RenewalClause(kind=RenewalKind.EVERGREEN))
    assert (evergreen.last_number, evergreen.term(1), evergreen.end) == (
        1,
        Term(1, D(2026, 7, 1), None),
        None,
    )


@pytest.mark.parametrize(
    ("found", "message"),
    [  # term 9001 begins 9000 steps after term 1, which begins 10000 days after 31 January 2025, or a year
        (table("2025-01-31", "10000 days"), "90000000 days from 2052-06-18 reach outside the years 1 to 9999"),
        (table("2025-01-31", "1 year", renewed("10000 days")), "90000000 days from 2026-01-31 reach outside the years 1 to 9999"),
    ],
)  # fmt: skip
def test_days_that_no_calendar_has_are_said_with_where_they_are_counted_from(
    found: Timetable, message: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        found.term(9000)
    assert str(refused.value) == message
