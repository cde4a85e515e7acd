"""The years of a minimum and what became of them: cases by hand, and laws."""

import datetime
from fractions import Fraction
from itertools import islice, pairwise

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.contracts.agreements import ExclusivityClause, MinimumClause, Shortfall, Yearly
from prmcore.contracts.lifecycle import Course
from prmcore.contracts.obligations import (
    CommitmentPeriod,
    Commitments,
    JudgedMinimum,
    Measured,
    MinimumOutcome,
    Waiver,
    commitment_periods,
    conditions_met,
    judged_minimum,
    judged_minimums,
    said_of_minimum,
)
from prmcore.contracts.terms import EndConvention, RenewalClause, RenewalKind, TermClause, Timetable
from prmcore.decisions.explain import put_into_words
from prmcore.errors import InvalidInput
from prmcore.testing._lifecycle import courses
from prmcore.testing._obligations import minimum_clauses
from prmcore.values import BusinessCalendar, DateRange, FiscalCalendar, Length, Missing, Money, Roll

D = datetime.date
OUT = MinimumOutcome
DAY = datetime.timedelta(days=1)
SEPTEMBER = D(2026, 9, 30)
JAPAN = FiscalCalendar(start_month=4)
AUTOMATIC = RenewalClause(kind=RenewalKind.AUTOMATIC)
OCTOBER = Timetable(clause=TermClause(start=D(2025, 10, 1), length=Length.of("1 year")), renewal=AUTOMATIC)


def yen(amount: int) -> Money:
    return Money.of(amount, "JPY")


def clause(
    per: Yearly = Yearly.TERM, shortfall: Shortfall = Shortfall.TERMINATION_RIGHT, cure: str | None = None
) -> MinimumClause:
    return MinimumClause(
        metric="purchases", amount=yen(12_000_000), per=per, shortfall=shortfall, cure=None if cure is None else Length.of(cure)
    )  # fmt: skip


def years(
    of: MinimumClause, count: int, table: Timetable = OCTOBER, **more: object
) -> list[CommitmentPeriod]:
    return list(islice(commitment_periods("minimum", of, table, **more), count))  # type: ignore[arg-type]


def seen(found: list[CommitmentPeriod]) -> list[tuple[str, object]]:
    return [(str(one.period), one.asked) for one in found]


def measured(year: D, value: Money, through: D, on: D | None = None) -> Measured:
    return Measured(minimum="minimum", year=year, amount=value, through=through, on=on or through)


def became(
    value: int | None, as_of: D, *, through: D = SEPTEMBER, on: D | None = None, **more: object
) -> JudgedMinimum:
    (period,) = years(clause(**more), 1)  # type: ignore[arg-type]
    found = [] if value is None else [measured(D(2025, 10, 1), yen(value), through, on)]
    return judged_minimum(period, clause(**more), as_of, measured=found)  # type: ignore[arg-type]


# years


def test_a_year_of_the_term_runs_to_its_anniversary_across_renewals() -> None:
    assert seen(years(clause(), 2)) == [
        ("2025-10-01 to 2026-09-30", yen(12_000_000)),
        ("2026-10-01 to 2027-09-30", yen(12_000_000)),
    ]


def test_a_short_first_fiscal_year_asks_for_its_days() -> None:
    # 1 October to 31 March are 182 of 365 days: 12,000,000 * 182 / 365 = 5,983,561.6
    first, second = years(clause(Yearly.FISCAL), 2, fiscal=JAPAN)
    assert (str(first.period), first.asked, first.share) == (
        "2025-10-01 to 2026-03-31", yen(5_983_562), Fraction(182, 365),
    )  # fmt: skip
    assert (str(second.period), second.asked) == ("2026-04-01 to 2027-03-31", yen(12_000_000))


def test_a_calendar_year_is_not_the_fiscal_year() -> None:
    # 1 October to 31 December are 92 days: 12,000,000 * 92 / 365 = 3,024,657.53
    assert seen(years(clause(Yearly.CALENDAR), 1, fiscal=JAPAN)) == [
        ("2025-10-01 to 2025-12-31", yen(3_024_658))
    ]


def test_the_year_in_which_the_agreement_ends_asks_for_its_days() -> None:
    # 1 October to 30 November 2026 are 61 of 365 days: 12,000,000 * 61 / 365 = 2,005,479.45
    assert seen(years(clause(), 9, ends=D(2026, 12, 1)))[1:] == [("2026-10-01 to 2026-11-30", yen(2_005_479))]


def test_an_agreement_that_ends_a_day_after_its_year_never_asks_for_more_than_a_year() -> None:
    # trap 19: a commitment factor above 1 when terminated minutes after the end (Lago)
    exact = years(clause(), 9, ends=D(2026, 10, 1))
    assert [(one.share, one.asked) for one in exact] == [(Fraction(1), yen(12_000_000))]
    later = years(clause(), 9, ends=D(2026, 10, 2))
    # 12,000,000 / 365 = 32,876.7
    assert [(one.share, one.asked) for one in later] == [
        (Fraction(1), yen(12_000_000)), (Fraction(1, 365), yen(32_877)),
    ]  # fmt: skip


def test_a_leap_year_has_366_parts() -> None:
    # 1 January to 29 February 2028 are 60 of 366 days: 12,000,000 * 60 / 366 = 1,967,213.1
    found = years(clause(Yearly.CALENDAR), 9, ends=D(2028, 3, 1))
    assert (found[-1].share, found[-1].asked) == (Fraction(60, 366), yen(1_967_213))


def test_years_begin_anew_after_a_last_day_that_the_contract_names() -> None:
    # 15 October to 31 December are 78 of the 365 days to 15 October: 12,000,000 * 78 / 365 = 2,564,383.6
    table = Timetable(
        clause=TermClause(start=D(2025, 10, 15), last_day=D(2025, 12, 31)),
        renewal=RenewalClause(kind=RenewalKind.AUTOMATIC, lengths=(Length.of("1 year"),)),
    )
    assert seen(years(clause(), 3, table)) == [
        ("2025-10-15 to 2025-12-31", yen(2_564_384)),
        ("2026-01-01 to 2026-12-31", yen(12_000_000)),
        ("2027-01-01 to 2027-12-31", yen(12_000_000)),
    ]


def test_a_last_day_that_is_the_end_of_a_year_cuts_nothing() -> None:
    table = Timetable(
        clause=TermClause(start=D(2025, 10, 1), last_day=D(2027, 9, 30)),
        renewal=RenewalClause(kind=RenewalKind.AUTOMATIC, lengths=(Length.of("1 year"),)),
    )
    assert years(clause(), 4, table) == years(clause(), 4)


def test_a_year_whose_first_day_does_not_count_ends_on_the_anniversary_as_its_term_does() -> None:
    table = Timetable(
        clause=TermClause(start=D(2025, 10, 1), length=Length.of("1 year"), ends=EndConvention.ANNIVERSARY),
        renewal=AUTOMATIC,
    )
    assert [one.period for one in years(clause(), 3, table)] == [table.term(one).period for one in range(3)]


def test_after_an_amendment_the_years_are_those_of_the_agreement() -> None:
    # the fiscal year in which an amendment begins the terms anew is still a whole one
    table = Timetable(clause=TermClause(start=D(2026, 10, 1), length=Length.of("3 years")))
    found = years(clause(Yearly.FISCAL), 2, table, fiscal=JAPAN, since=D(2025, 10, 1))
    assert [str(one.period) for one in found] == ["2025-10-01 to 2026-03-31", "2026-04-01 to 2027-03-31"]


def test_a_cure_of_days_months_and_business_days() -> None:
    # the year ends on 30 September 2026, a Wednesday; Thursday 1 October is the first day of the cure
    assert years(clause(), 1)[0].cure_ends == D(2026, 10, 1)
    assert years(clause(cure="30 days"), 1)[0].cure_ends == D(2026, 10, 31)
    assert years(clause(cure="1 month"), 1)[0].cure_ends == D(2026, 11, 1)
    office = BusinessCalendar(name="office", version="1", years=frozenset({2026}), holidays={})
    assert years(clause(cure="3 business days"), 1, calendar=office)[0].cure_ends == D(2026, 10, 6)


# what became of a year


def test_a_year_that_runs_is_open_whatever_is_measured() -> None:
    assert became(20_000_000, D(2026, 9, 29), through=D(2026, 9, 20)).outcome is OUT.OPEN


def test_a_minimum_is_met_by_exactly_as_much_and_not_by_a_yen_less() -> None:
    assert became(12_000_000, D(2026, 10, 1)).outcome is OUT.MET
    short = became(11_999_999, D(2026, 10, 1))
    assert (short.outcome, short.missing) == (OUT.SHORT, yen(1))


def test_what_is_not_measured_is_never_met() -> None:
    found = became(None, D(2026, 10, 1))
    assert (found.outcome, found.missing, found.follows, found.measured) == (OUT.UNKNOWN, None, None, None)


def test_a_result_of_a_part_of_the_year_does_not_settle_it() -> None:
    assert became(12_000_000, D(2026, 10, 1), through=D(2026, 9, 29)).outcome is OUT.UNKNOWN


def test_a_result_counts_from_the_day_on_which_it_was_known() -> None:
    assert became(12_000_000, D(2026, 10, 14), on=D(2026, 10, 15)).outcome is OUT.UNKNOWN
    assert became(12_000_000, D(2026, 10, 15), on=D(2026, 10, 15)).outcome is OUT.MET


def test_the_later_knowledge_of_the_same_year_counts() -> None:
    (period,) = years(clause(), 1)
    found = [
        measured(D(2025, 10, 1), yen(12_000_000), D(2026, 9, 30), D(2026, 10, 5)),
        measured(D(2025, 10, 1), yen(11_000_000), D(2026, 9, 30), D(2026, 10, 9)),  # returns were found
    ]
    assert judged_minimum(period, clause(), D(2026, 10, 8), measured=found).outcome is OUT.MET
    for given_as in (found, found[::-1]):
        assert judged_minimum(period, clause(), D(2026, 10, 9), measured=given_as).missing == yen(1_000_000)


def test_in_the_cure_a_shortfall_can_be_made_up_for_and_nothing_follows() -> None:
    found = became(11_000_000, D(2026, 10, 30), cure="30 days")
    assert (found.outcome, found.missing, found.follows, found.since) == (
        OUT.CURABLE,
        yen(1_000_000),
        None,
        None,
    )
    over = became(11_000_000, D(2026, 10, 31), cure="30 days")
    assert (over.outcome, over.follows, over.since) == (
        OUT.SHORT,
        Shortfall.TERMINATION_RIGHT,
        D(2026, 10, 31),
    )


@pytest.mark.parametrize(
    ("through", "outcome"), [(D(2026, 10, 30), OUT.MET_IN_CURE), (D(2026, 10, 31), OUT.SHORT)]
)
def test_what_is_made_up_for_counts_up_to_the_last_day_of_the_cure(through: D, outcome: OUT) -> None:
    (period,) = years(clause(cure="30 days"), 1)
    found = [
        measured(D(2025, 10, 1), yen(11_000_000), D(2026, 9, 30)),
        measured(D(2025, 10, 1), yen(12_000_000), through),
    ]
    assert judged_minimum(period, clause(cure="30 days"), D(2026, 12, 1), measured=found).outcome is outcome


def test_what_is_not_enough_with_all_that_came_in_the_cure_is_short_though_the_year_alone_is_not_measured() -> (
    None
):
    cure, through = "30 days", D(2026, 10, 30)
    found = became(11_000_000, D(2026, 10, 31), through=through, cure=cure)
    assert (found.outcome, found.missing) == (OUT.SHORT, yen(1_000_000))
    assert became(12_000_000, D(2026, 10, 31), through=through, cure=cure).outcome is OUT.MET_IN_CURE


def test_without_a_cure_nothing_is_made_up_for() -> None:
    (period,) = years(clause(), 1)
    found = [
        measured(D(2025, 10, 1), yen(11_000_000), D(2026, 9, 30)),
        measured(D(2025, 10, 1), yen(12_000_000), D(2026, 10, 1)),
    ]
    assert judged_minimum(period, clause(), D(2026, 12, 1), measured=found).outcome is OUT.SHORT


def test_of_a_waived_year_nothing_is_missing() -> None:
    (period,) = years(clause(), 1)
    waiver = Waiver(minimum="minimum", year=D(2026, 1, 1), on=D(2026, 11, 1), by="legal", reason="a flood")
    found = measured(D(2025, 10, 1), yen(0), D(2026, 9, 30))
    before, after = (
        judged_minimum(period, clause(), day, measured=[found], waived=[waiver])
        for day in (D(2026, 10, 31), D(2026, 11, 1))
    )
    assert (before.outcome, after.outcome, after.missing) == (OUT.SHORT, OUT.WAIVED, yen(0))


def test_the_difference_is_paid_to_the_minor_unit() -> None:
    found = became(11_999_999, D(2026, 10, 1), shortfall=Shortfall.PAY_DIFFERENCE)
    assert (found.to_pay, found.carries) == (yen(1), yen(0))
    assert became(11_999_999, D(2026, 10, 1), shortfall=Shortfall.LOSE_EXCLUSIVITY).to_pay is None


def test_what_is_carried_over_is_asked_for_on_top_and_the_chain_conserves() -> None:
    # three years at 12 million: 10 leave 2, then 13 of 14 leave 1, then 13 of 13 leave nothing; 36 = 10 + 13 + 13
    of = clause(shortfall=Shortfall.CARRY_OVER)
    results = [
        measured(D(2025, 10, 1), yen(10_000_000), D(2026, 9, 30)),
        measured(D(2026, 10, 1), yen(13_000_000), D(2027, 9, 30)),
        measured(D(2027, 10, 1), yen(13_000_000), D(2028, 9, 30)),
    ]
    found = judged_minimums(years(of, 3), of, D(2028, 10, 1), measured=results)
    assert [(one.required, one.outcome, one.missing) for one in found] == [
        (yen(12_000_000), OUT.SHORT, yen(2_000_000)),
        (yen(14_000_000), OUT.SHORT, yen(1_000_000)),
        (yen(13_000_000), OUT.MET, yen(0)),
    ]


def test_after_a_year_that_nobody_measured_what_is_carried_over_is_not_known() -> None:
    of = clause(shortfall=Shortfall.CARRY_OVER)
    results = [measured(D(2026, 10, 1), yen(99_000_000), D(2027, 9, 30))]
    found = judged_minimums(years(of, 2), of, D(2027, 10, 1), measured=results)
    assert [(one.required, one.outcome) for one in found] == [
        (yen(12_000_000), OUT.UNKNOWN),
        (None, OUT.UNKNOWN),
    ]


def test_a_result_in_another_unit_is_refused() -> None:
    (period,) = years(clause(), 1)
    found = Measured(
        minimum="minimum", year=D(2026, 1, 1), count=7, through=D(2026, 9, 30), on=D(2026, 9, 30)
    )
    with pytest.raises(InvalidInput, match="found 7; accepted: an amount in JPY @ 2026-09-30"):
        judged_minimum(period, clause(), D(2026, 10, 1), measured=[found])
    with pytest.raises(InvalidInput) as caught:
        Commitments(
            minimums={"minimum": clause()}, measured=(found, measured(D(2026, 1, 1), yen(1), D(2026, 2, 1)))
        )
    assert [fault.path for fault in caught.value.faults] == ["measured[0].amount"]


# conditions


def test_an_exclusivity_is_lost_by_a_short_year_and_not_by_one_that_can_still_be_made_up_for() -> None:
    exclusive = ExclusivityClause(of="distributor", conditions=("minimum",))
    assert conditions_met(exclusive, {"minimum": [became(12_000_000, D(2026, 10, 1))]}) is True
    assert (
        conditions_met(exclusive, {"minimum": [became(11_000_000, D(2026, 10, 9), cure="30 days")]}) is True
    )
    assert (
        conditions_met(exclusive, {"minimum": [became(11_000_000, D(2026, 10, 31), cure="30 days")]}) is False
    )
    assert conditions_met(exclusive, {"minimum": [became(None, D(2026, 10, 1))]}) is None
    assert conditions_met(exclusive, {}) is None
    assert conditions_met(ExclusivityClause(of="distributor"), {}) is True


# words


def test_a_shortfall_is_said_in_three_languages() -> None:
    found = became(11_000_000, D(2026, 10, 31), cure="30 days")
    english = put_into_words(said_of_minimum(found), "en").lines()
    assert english[:5] == [
        "minimum, October 1, 2025 to September 30, 2026: short",
        "  asked for: ¥12,000,000",
        "  measured: ¥11,000,000",
        "  missing: ¥1,000,000",
        "  the other side may end the agreement from October 31, 2026 on",
    ]
    assert put_into_words(said_of_minimum(found), "ja").lines()[3:5] == [
        "  不足：￥1,000,000",
        "  2026年10月31日から相手方は契約を解除できる",
    ]
    assert (
        put_into_words(said_of_minimum(found), "zh").lines()[0]
        == "minimum，2025年10月1日至2026年9月30日：未达到"
    )


# laws

ENDS = st.integers(1, 1500)


def whole_of(of: MinimumClause) -> int:
    return of.count if of.amount is None else of.amount.minor  # type: ignore[return-value]


def number(value: object) -> int:
    return value.minor if isinstance(value, Money) else value  # type: ignore[return-value]


@given(minimum_clauses(), courses(), st.integers(1, 12), ENDS)
def test_years_tile_the_agreement(of: MinimumClause, course: Course, month: int, days: int) -> None:
    table = course.timetable
    start = table.clause.start
    found = years(of, 20, table, fiscal=FiscalCalendar(start_month=month), ends=start + DAY * days)
    bounds = [start, *(one.end for one in found)]
    assert [one.period.start for one in found] == bounds[:-1]
    assert bounds[-1] == start + DAY * days
    assert all(0 < one.share <= 1 and 0 <= number(one.asked) <= whole_of(of) for one in found)


@given(
    minimum_clauses(),
    st.dates(D(2024, 1, 1), D(2026, 12, 31)),
    st.lists(st.integers(1, 364), max_size=4, unique=True),
)
def test_the_parts_of_a_year_add_up_to_it(of: MinimumClause, start: D, cuts: list[int]) -> None:
    # one agreement after the other within a calendar year: no minor unit is lost between them
    of = attrs.evolve(of, per=Yearly.CALENDAR)
    first, last = D(start.year, 1, 1), D(start.year + 1, 1, 1)
    bounds = [first, *(first + DAY * one for one in sorted(cuts)), last]
    parts = [
        years(of, 2, Timetable(clause=TermClause(start=begins, length=Length.of("10 years"))), ends=ends)
        for begins, ends in pairwise(bounds)
    ]
    assert [len(one) for one in parts] == [1] * len(parts)
    assert sum(number(one.asked) for (one,) in parts) == whole_of(of)


@given(
    minimum_clauses([Shortfall.CARRY_OVER]),
    st.lists(st.integers(0, 2 * 10**9), min_size=1, max_size=6),
)
def test_what_is_carried_over_is_never_lost(of: MinimumClause, values: list[int]) -> None:
    found = years(of, len(values), ends=D(2060, 1, 1))
    results = [
        Measured(
            minimum="minimum", year=one.end - DAY, through=one.end - DAY, on=one.end - DAY,
            amount=None if of.amount is None else Money(of.amount.currency, value), count=value if of.amount is None else None,
        )
        for one, value in zip(found, values, strict=True)
    ]  # fmt: skip
    judged = judged_minimums(found, of, found[-1].end + DAY * 60, measured=results)
    counted = sum(min(number(one.measured), number(one.required)) for one in judged[: len(values)])
    assert sum(number(one.period.asked) for one in judged[: len(values)]) == counted + number(
        judged[len(values) - 1].carries
    )


@given(minimum_clauses(), st.integers(0, 2 * 10**9), st.integers(0, 500))
def test_what_is_missing_and_what_was_measured_are_what_was_asked_for(
    of: MinimumClause, value: int, days: int
) -> None:
    (period,) = years(of, 1)
    result = Measured(
        minimum="minimum", year=period.end - DAY, through=period.end - DAY, on=period.end,
        amount=None if of.amount is None else Money(of.amount.currency, value), count=value if of.amount is None else None,
    )  # fmt: skip
    found = judged_minimum(period, of, period.end + DAY * days, measured=[result])
    assert found.outcome in (OUT.MET, OUT.SHORT, OUT.CURABLE)
    assert number(found.missing) == max(0, number(period.asked) - value)
    assert (found.since is None) is (found.outcome is not OUT.SHORT)


def test_periods_are_half_open() -> None:
    assert years(clause(), 1)[0].period == DateRange(D(2025, 10, 1), D(2026, 10, 1))


def test_a_year_of_a_minimum_is_written_with_the_names_of_its_parts() -> None:
    assert all(field.kw_only for field in attrs.fields(CommitmentPeriod))


def test_years_are_numbered_and_each_has_its_days_its_whole_and_its_share() -> None:
    """From 1 October 2025 to 14 December 2026: a year, and 75 of the 365 days of the next, of 12 million 2,465,753.4."""
    found = years(clause(cure="1 month"), 9, ends=D(2026, 12, 15))
    first, second = DateRange(D(2025, 10, 1), D(2026, 10, 1)), DateRange(D(2026, 10, 1), D(2027, 10, 1))
    part = DateRange(D(2026, 10, 1), D(2026, 12, 15))
    assert found == [
        CommitmentPeriod(minimum="minimum", number=0, period=first, year=first, asked=yen(12_000_000), cure_ends=D(2026, 11, 1)),
        CommitmentPeriod(minimum="minimum", number=1, period=part, year=second, asked=yen(2_465_753), cure_ends=D(2027, 1, 15)),
    ]  # fmt: skip
    assert [(one.share, one.end) for one in found] == [
        (1, D(2026, 10, 1)),
        (Fraction(75, 365), D(2026, 12, 15)),
    ]


def test_a_count_is_shared_by_days_and_rounded_half_up() -> None:
    """Of 10 people in 365 days 91.25 days would ask for 2.5; 91 ask for 2.49, and 92 for 2.52."""
    people = MinimumClause(metric="people", count=10)
    asked = [years(people, 1, ends=D(2025, 10, 1) + DAY * days)[0].asked for days in (91, 92)]
    assert asked == [2, 3]
    half = MinimumClause(
        metric="people", count=73
    )  # of 73 people five days are one, and 2.5 days would be a half
    assert [years(half, 1, ends=D(2025, 10, 1) + DAY * days)[0].asked for days in (2, 3, 5)] == [0, 1, 1]


@pytest.mark.parametrize("ends", [D(2025, 10, 1), D(2025, 9, 1)])
def test_what_is_over_before_it_began_has_no_years(ends: D) -> None:
    assert years(clause(), 9, ends=ends) == []


def test_a_cure_of_nothing_is_none_and_one_of_weeks_and_years_is_counted_from_the_end() -> None:
    cures = [years(clause(cure=cure), 1)[0].cure_ends for cure in ("0 days", "2 weeks", "1 year", "1 day")]
    assert cures == [D(2026, 10, 1), D(2026, 10, 15), D(2027, 10, 1), D(2026, 10, 2)]


def test_a_day_since_which_the_agreement_runs_is_a_date() -> None:
    with pytest.raises(InvalidInput, match=r"^since: found"):
        years(clause(), 1, since=datetime.datetime(2025, 10, 1))


def test_a_last_day_before_the_first_day_of_the_agreement_cuts_nothing_and_one_on_it_leaves_a_day() -> None:
    table = Timetable(
        clause=TermClause(start=D(2025, 1, 1), last_day=D(2025, 9, 30)),
        renewal=RenewalClause(kind=RenewalKind.AUTOMATIC, lengths=(Length.of("1 year"),)),
    )
    found = [
        [str(one.period) for one in years(clause(), 2, table, since=since)]
        for since in (D(2025, 10, 1), D(2025, 9, 30))
    ]
    assert found == [
        ["2025-10-01 to 2026-09-30", "2026-10-01 to 2027-09-30"], ["2025-09-30 to 2025-09-30", "2025-10-01 to 2026-09-30"],
    ]  # fmt: skip


def test_years_go_on_as_the_terms_do_from_a_leap_day_and_to_month_ends() -> None:
    leap = Timetable(clause=TermClause(start=D(2024, 2, 29), length=Length.of("1 year")), renewal=AUTOMATIC)
    up = Timetable(clause=attrs.evolve(leap.clause, missing=Missing.UP), renewal=AUTOMATIC)
    ends = Timetable(
        clause=TermClause(start=D(2025, 2, 28), length=Length.of("1 year"), roll=Roll.of("month end")),
        renewal=AUTOMATIC,
    )
    starts = [[one.period.start for one in years(clause(), 5, table)][1:] for table in (leap, up, ends)]
    assert starts == [
        [D(2025, 2, 28), D(2026, 2, 28), D(2027, 2, 28), D(2028, 2, 29)],
        [D(2025, 3, 1), D(2026, 3, 1), D(2027, 3, 1), D(2028, 2, 29)],
        [D(2026, 2, 28), D(2027, 2, 28), D(2028, 2, 29), D(2029, 2, 28)],
    ]


def test_the_years_end_where_the_calendar_does() -> None:
    table = Timetable(clause=TermClause(start=D(9997, 10, 1), length=Length.of("1 year")), renewal=AUTOMATIC)
    assert [str(one.period) for one in years(clause(), 9, table)] == [
        "9997-10-01 to 9998-09-30",
        "9998-10-01 to 9999-09-30",
    ]
