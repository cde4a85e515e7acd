"""Obligations and minimums among what is due of an agreement: cases by hand, and laws."""

import datetime
from itertools import pairwise, takewhile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prmcore.contracts.agreements import MinimumClause, Yearly
from prmcore.contracts.lifecycle import (
    AgreementAction,
    AgreementState,
    AgreementStep,
    Course,
    Due,
    DueKind,
    Reminders,
    due,
    next_action_on,
    said_of_due,
    standing,
    to_icalendar,
)
from prmcore.contracts.obligations import (
    Commitments,
    Done,
    Measured,
    MinimumOutcome,
    MomentKind,
    Obligation,
    ObligationState,
    Stretch,
    moments,
    occurrence_of,
)
from prmcore.contracts.terms import Extends, RenewalClause, RenewalKind, TermClause, Timetable
from prmcore.decisions.explain import put_into_words
from prmcore.errors import InvalidInput
from prmcore.testing._lifecycle import Life, lives
from prmcore.testing._obligations import commitments
from prmcore.values import Length, Money, Schedule, Text

D = datetime.date
A = AgreementAction
K = DueKind
DAY = datetime.timedelta(days=1)
REPORT = Obligation(
    id="sales-report", agreement="a-1", what=Text.of("Sales report", ja="販売報告", zh="销售报告"), by="distributor",
    every=Schedule(anchor=D(2026, 3, 31), step=Length.of("3 months")), within=Length.of("10 days"),
    before=(Length.of("1 week"),), owner="partner-desk", escalate_to="director", escalate_after=Length.of("2 weeks"),
)  # fmt: skip
MINIMUM = MinimumClause(
    metric="purchases", amount=Money.of(120_000, "EUR"), per=Yearly.TERM, cure=Length.of("30 days")
)
COURSE = Course(
    agreement="a-1",
    timetable=Timetable(
        clause=TermClause(start=D(2026, 1, 1), length=Length.of("1 year")),
        renewal=RenewalClause(kind=RenewalKind.AUTOMATIC),
    ),
)
TOLD = Reminders(owner="legal")
KEPT = Commitments(obligations=(REPORT,), minimums={"minimum": MINIMUM})


def step(action: A, on: D, **more: object) -> AgreementStep:
    at = datetime.datetime.combine(on, datetime.time(12), datetime.UTC)
    return AgreementStep(action=action, on=on, at=at, by="clerk", **more)  # type: ignore[arg-type]


SIGNED = (step(A.APPROVE, D(2025, 12, 1)), step(A.SIGN, D(2025, 12, 15)))


def done(due: D, on: D) -> Done:
    at = datetime.datetime.combine(on, datetime.time(12), datetime.UTC)
    return Done(obligation="sales-report", due=due, on=on, at=at, by="clerk")


def purchases(amount: int, through: D, on: D) -> Measured:
    return Measured(
        minimum="minimum", year=D(2026, 1, 1), amount=Money.of(amount, "EUR"), through=through, on=on
    )


def by_day(
    kept: Commitments, first: D, last: D, steps: tuple[AgreementStep, ...] = SIGNED
) -> list[tuple[K, D, str | None]]:
    """What a run on each day tells."""
    found: list[Due] = []
    for day in range((last - first).days):
        run = first + DAY * day
        found += due(COURSE, steps, run + DAY, after=run, reminders=TOLD, commitments=kept)
    return [(one.kind, one.on, one.owner) for one in found if one.subject is not None]


def test_a_report_is_told_of_before_on_and_after_its_day_until_it_is_done() -> None:
    assert by_day(KEPT, D(2026, 3, 1), D(2026, 6, 30)) == [
        (K.OBLIGATION_SOON, D(2026, 3, 24), "partner-desk"),
        (K.OBLIGATION_DUE, D(2026, 3, 31), "partner-desk"),
        (K.OBLIGATION_OVERDUE, D(2026, 4, 11), "partner-desk"),
        (K.OBLIGATION_ESCALATED, D(2026, 4, 25), "partner-desk"),
        (K.OBLIGATION_SOON, D(2026, 6, 23), "partner-desk"),
        (K.OBLIGATION_DUE, D(2026, 6, 30), "partner-desk"),
    ]


def test_once_it_is_done_nothing_more_is_told_of_it() -> None:
    kept = KEPT.with_done(done(D(2026, 3, 31), D(2026, 4, 12)))
    assert [kind for kind, _, _ in by_day(kept, D(2026, 3, 1), D(2026, 5, 30))] == [
        K.OBLIGATION_SOON, K.OBLIGATION_DUE, K.OBLIGATION_OVERDUE,
    ]  # fmt: skip


def test_only_an_escalation_is_for_whom_it_is_escalated_to() -> None:
    found = due(COURSE, SIGNED, D(2026, 4, 30), after=D(2026, 3, 1), commitments=KEPT)
    assert [(one.kind, one.escalate_to) for one in found] == [
        (K.OBLIGATION_OVERDUE, None), (K.OBLIGATION_ESCALATED, "director"),
    ]  # fmt: skip


def test_a_run_that_missed_days_tells_what_is_still_to_be_done_and_no_reminder_that_came_too_late() -> None:
    found = due(COURSE, SIGNED, D(2026, 4, 10), after=D(2026, 3, 1), commitments=KEPT)
    assert [(one.kind, one.until) for one in found] == [
        (K.OBLIGATION_SOON, D(2026, 4, 10)), (K.OBLIGATION_DUE, D(2026, 4, 10)),
    ]  # fmt: skip
    kept = KEPT.with_done(done(D(2026, 3, 31), D(2026, 5, 1)))
    assert due(COURSE, SIGNED, D(2026, 5, 1), after=D(2026, 3, 1), commitments=kept) == ()


def test_the_same_thing_has_the_same_id_in_every_run() -> None:
    (early,) = due(COURSE, SIGNED, D(2026, 4, 11), after=D(2026, 4, 10), commitments=KEPT)
    late = due(COURSE, SIGNED, D(2026, 5, 11), after=D(2026, 4, 1), commitments=KEPT)
    assert early.id == late[0].id == "a-1|obligation-overdue|sales-report|2026-03-31|2026-04-11"


def test_a_year_that_is_over_asks_for_its_measurement_and_its_cure_is_told() -> None:
    kept = Commitments(minimums={"minimum": MINIMUM})
    told = by_day(kept, D(2026, 12, 1), D(2027, 3, 1))
    assert told == [
        (K.MINIMUM_ENDED, D(2027, 1, 1), "legal"),
        (K.CURE_LAST_DAY, D(2027, 1, 30), "legal"),
        (K.CURE_ENDED, D(2027, 1, 31), "legal"),
    ]


@pytest.mark.parametrize(
    ("results", "told"),
    [
        ((purchases(120_000, D(2026, 12, 31), D(2027, 1, 9)),), [K.MINIMUM_ENDED]),
        ((purchases(119_999, D(2026, 12, 31), D(2027, 1, 9)),), [K.MINIMUM_ENDED, K.CURE_LAST_DAY, K.CURE_ENDED]),
        (
            (purchases(119_999, D(2026, 12, 31), D(2027, 1, 9)), purchases(120_000, D(2027, 1, 30), D(2027, 1, 31))),
            [K.MINIMUM_ENDED, K.CURE_LAST_DAY],
        ),
    ],
)  # fmt: skip
def test_a_cure_is_told_as_long_as_something_is_missing(results: tuple[Measured, ...], told: list[K]) -> None:
    kept = Commitments(minimums={"minimum": MINIMUM}, measured=results)
    assert [kind for kind, _, _ in by_day(kept, D(2026, 12, 1), D(2027, 3, 1))] == told


def test_two_reminders_of_one_day_are_told_once() -> None:
    # 30 days and a month before 1 May are both 1 April
    one = Obligation(
        id="o", agreement="a-1", what=Text.of("x"), by="distributor", on=D(2026, 5, 1),
        before=(Length.of("30 days"), Length.of("1 month")),
    )  # fmt: skip
    found = due(
        COURSE, SIGNED, D(2026, 4, 2), after=D(2026, 3, 1), commitments=Commitments(obligations=(one,))
    )
    assert [(each.kind, each.on) for each in found] == [(K.OBLIGATION_SOON, D(2026, 4, 1))]


def test_a_draft_binds_nobody() -> None:
    assert due(COURSE, (), D(2027, 6, 1), after=D(2026, 1, 1), commitments=KEPT) == ()
    assert next_action_on(COURSE, (), after=D(2026, 1, 1), commitments=KEPT) is None


def test_after_the_end_what_came_before_it_is_still_overdue_and_nothing_new_is_due() -> None:
    steps = (*SIGNED, step(A.TERMINATE, D(2026, 4, 5)))
    told = by_day(KEPT, D(2026, 3, 30), D(2026, 8, 1), steps)
    assert [(kind, on) for kind, on, _ in told] == [
        (K.OBLIGATION_DUE, D(2026, 3, 31)),
        (K.MINIMUM_ENDED, D(2026, 4, 5)),
        (K.OBLIGATION_OVERDUE, D(2026, 4, 11)),
        (K.OBLIGATION_ESCALATED, D(2026, 4, 25)),
        (K.CURE_LAST_DAY, D(2026, 5, 4)),
        (K.CURE_ENDED, D(2026, 5, 5)),
    ]
    assert next_action_on(COURSE, steps, after=D(2026, 5, 5), commitments=KEPT) is None


def test_on_the_first_day_after_the_end_nothing_new_is_due() -> None:
    told = by_day(
        Commitments(obligations=(REPORT,)),
        D(2026, 3, 30),
        D(2026, 8, 1),
        (*SIGNED, step(A.TERMINATE, D(2026, 3, 31))),
    )
    assert told == []


def test_while_a_rest_moves_the_end_a_reminder_does_not_depend_on_when_somebody_asks() -> None:
    # a term to 31 December rests from 1 November on, and grows by each day; a milestone of 15 January lies in it by then
    rests = Course(
        agreement="a-1", extends=Extends.TERM,
        timetable=Timetable(clause=TermClause(start=D(2026, 1, 1), length=Length.of("1 year"))),
    )  # fmt: skip
    one = Obligation(
        id="o", agreement="a-1", what=Text.of("x"), by="distributor", on=D(2027, 1, 15), before=(Length.of("1 week"),)
    )  # fmt: skip
    steps = (*SIGNED, step(A.SUSPEND, D(2026, 11, 1)))
    for after in (D(2026, 11, 1), D(2026, 11, 10), D(2027, 1, 7)):
        found = due(rests, steps, D(2027, 1, 8), after=after, commitments=Commitments(obligations=(one,)))
        assert [(each.kind, each.on) for each in found] == [(K.OBLIGATION_SOON, D(2027, 1, 8))]


def test_commitments_of_another_agreement_are_refused() -> None:
    other = Obligation(id="o", agreement="b", what=Text.of("x"), by="distributor", on=D(2026, 1, 1))
    with pytest.raises(InvalidInput, match="found commitments of 'b'; accepted: of 'a-1'"):
        due(COURSE, SIGNED, D(2026, 2, 1), after=D(2026, 1, 1), commitments=Commitments(obligations=(other,)))


def test_every_kind_of_moment_is_a_kind_of_what_is_due() -> None:
    assert {one.value for one in MomentKind} <= {one.value for one in DueKind}


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", "a-1: Sales report is overdue, due on March 31, 2026"),
        ("ja", "a-1: 販売報告が期限超過（期日2026年3月31日）"),
        ("zh", "a-1：销售报告已逾期（应于2026年3月31日履行）"),
    ],
)
def test_it_is_said_in_three_languages(locale: str, words: str) -> None:
    (one,) = due(COURSE, SIGNED, D(2026, 4, 11), after=D(2026, 4, 10), commitments=KEPT)
    assert put_into_words(said_of_due(one), locale).text == words


def test_a_calendar_shows_obligations_too() -> None:
    icalendar = pytest.importorskip("icalendar")
    found = due(COURSE, SIGNED, D(2026, 4, 11), after=D(2026, 4, 10), commitments=KEPT)
    stamp = datetime.datetime(2026, 4, 1, tzinfo=datetime.UTC)
    (event,) = icalendar.Calendar.from_ical(to_icalendar(found, zone="UTC", stamp=stamp)).walk("VEVENT")
    assert str(event["UID"]) == "a-1|obligation-overdue|sales-report|2026-03-31|2026-04-11@prmcore"
    assert str(event["SUMMARY"]) == "a-1: Sales report is overdue, due on March 31, 2026"


# laws


def committed(items: tuple[Due, ...]) -> list[Due]:
    return [one for one in items if one.subject is not None]


@settings(max_examples=40)
@given(lives(), commitments(), st.integers(1, 300), st.integers(1, 300))
def test_two_runs_tell_all_that_one_would_have(
    case: Life, kept: Commitments, first: int, second: int
) -> None:
    paper, steps, day = case
    middle, last = day + DAY * first, day + DAY * (first + second)
    both = due(paper, steps, middle, after=day, commitments=kept) + due(
        paper, steps, last, after=middle, commitments=kept
    )
    assert set(due(paper, steps, last, after=day, commitments=kept)) <= set(both)
    assert len({one.id for one in both}) == len(both)
    assert due(paper, steps, last, after=last, commitments=kept) == ()


@settings(max_examples=40)
@given(lives(), commitments())
def test_the_next_day_is_the_first_on_which_something_is_due(case: Life, kept: Commitments) -> None:
    paper, steps, day = case
    found = next_action_on(paper, steps, after=day, commitments=kept)
    if found is None:
        assert due(paper, steps, day + DAY * 3000, after=day, commitments=kept) == ()
    else:
        assert due(paper, steps, found - DAY, after=day, commitments=kept) == ()
        assert {one.on for one in due(paper, steps, found, after=found - DAY, commitments=kept)} == {found}


@settings(max_examples=40)
@given(lives(), commitments())
def test_what_is_told_is_how_it_stands(case: Life, kept: Commitments) -> None:
    # trap 9: no state that no query gives
    paper, steps, day = case
    about = {one.id: one for one in kept.obligations}
    asked = {
        K.OBLIGATION_SOON: {ObligationState.UPCOMING},
        K.OBLIGATION_DUE: {ObligationState.DUE},
        K.OBLIGATION_OVERDUE: {ObligationState.OVERDUE, ObligationState.ESCALATED},
        K.OBLIGATION_ESCALATED: {ObligationState.ESCALATED},
    }
    for run in range(15):
        today = day + DAY * (run + 1)
        for one in committed(due(paper, steps, today, after=today - DAY, commitments=kept)):
            assert one.on == today
            assert one.day is not None
            assert one.subject is not None
            if one.kind in asked:
                state = occurrence_of(about[one.subject], one.day, kept.done, today).state
                assert state in asked[one.kind]
            else:
                now = standing(paper, steps, today)
                ends = None if now.state is AgreementState.SUSPENDED else now.ends
                judged = kept.judged("minimum", paper.timetable, today, ends=ends)
                (outcome,) = {each.outcome for each in judged if each.period.period.last_day == one.day}
                assert outcome in (MinimumOutcome.UNKNOWN, MinimumOutcome.CURABLE, MinimumOutcome.SHORT)


@settings(max_examples=40)
@given(lives(), commitments())
def test_commitments_change_nothing_of_what_is_due_of_the_agreement_itself(
    case: Life, kept: Commitments
) -> None:
    paper, steps, day = case
    last = day + DAY * 400
    found = due(paper, steps, last, after=day, commitments=kept)
    assert tuple(one for one in found if one.subject is None) == due(paper, steps, last, after=day)
    assert [one.on for one in found] == sorted(one.on for one in found)


@settings(max_examples=40)
@given(commitments(), st.dates(D(2024, 1, 1), D(2027, 1, 1)))
def test_a_moment_comes_whenever_a_state_changes(kept: Commitments, first: D) -> None:
    kinds = {
        ObligationState.DUE: MomentKind.OBLIGATION_DUE,
        ObligationState.OVERDUE: MomentKind.OBLIGATION_OVERDUE,
        ObligationState.ESCALATED: MomentKind.OBLIGATION_ESCALATED,
    }
    stop = first + DAY * 40
    expected = set()
    for one in kept.obligations:
        for day in takewhile(lambda day: day < stop, one.days_since(first - DAY * 80)):
            states = [
                occurrence_of(one, day, kept.done, first + DAY * number).state for number in range(-1, 40)
            ]
            for number, (before, after) in enumerate(pairwise(states)):
                if before is not after and after in kinds:
                    expected.add((kinds[after], first + DAY * number, one.id, day))
    stretch = Stretch(timetable=COURSE.timetable, first=first, stop=stop, ends=None)
    found = {
        (one.kind, one.on, one.subject, one.day)
        for one in moments(kept, stretch)
        if one.subject != "minimum" and one.kind is not MomentKind.OBLIGATION_SOON
    }
    at_once = {  # told to two, of one state
        (MomentKind.OBLIGATION_OVERDUE, *rest)
        for kind, *rest in found
        if kind is MomentKind.OBLIGATION_ESCALATED
    }
    assert expected <= found
    assert found - expected <= at_once
