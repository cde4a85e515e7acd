"""Agreements that live: steps as they are allowed, and how they stand."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from prmcore.contracts.lifecycle import (
    CALENDAR,
    AgreementAction,
    AgreementMoved,
    AgreementStep,
    Course,
    Due,
    MoveFacts,
    Purpose,
    Reminders,
    Standing,
    due,
    moved,
    standing,
)
from prmcore.contracts.notice import NoticeClause, Reading
from prmcore.contracts.terms import Extends, RenewalClause, RenewalKind, TermClause, Timetable
from prmcore.values import Length

__all__ = ["STRATEGIES", "courses", "lives"]


Strategy = st.SearchStrategy

_A = AgreementAction
_DAY = datetime.timedelta(days=1)
_ACTIONS = tuple(one for one in _A if one not in CALENDAR)
_FIRST, _LAST = datetime.date(2024, 1, 1), datetime.date(2025, 12, 31)
Life = tuple[Course, tuple[AgreementStep, ...], datetime.date]  # with a day to ask for


@st.composite
def courses(draw: st.DrawFn, kinds: Sequence[RenewalKind] = tuple(RenewalKind)) -> Course:
    """Of these kinds of renewal, with and without a notice that stops it."""
    kind = draw(st.sampled_from(kinds))
    has_terms = kind in (RenewalKind.AUTOMATIC, RenewalKind.OPT_IN)
    notice = draw(st.sampled_from((None, "7 days", "30 days", "1 month")))
    return Course(
        agreement="a-1",
        timetable=Timetable(
            clause=TermClause(
                start=draw(st.dates(_FIRST, _LAST)),
                length=Length.of(draw(st.sampled_from(("1 month", "45 days", "6 months", "1 year")))),
            ),
            renewal=RenewalClause(
                kind=kind, at_most=draw(st.sampled_from((None, 1, 3))) if has_terms else None
            ),
        ),
        notices=()
        if notice is None
        else (NoticeClause(notice=Length.of(notice), reading=draw(st.none() | st.sampled_from(Reading))),),
        extends=draw(st.sampled_from((Extends.NOTHING, Extends.LATER_TERMS))),
    )


@st.composite
def lives(draw: st.DrawFn) -> Life:
    """An agreement that was signed, the steps that its state allowed, and a day."""
    course = draw(courses())
    start = course.timetable.clause.start
    steps: tuple[AgreementStep, ...] = (_step(_A.APPROVE, start - 2 * _DAY), _step(_A.SIGN, start - _DAY))
    day = start
    for _ in range(draw(st.integers(0, 5))):
        day += _DAY * draw(st.integers(0, 200))
        steps = moved(course, steps, draw(_steps(course, day))).steps
    return course, steps, start + _DAY * draw(st.integers(-10, 900))


@st.composite
def _steps(draw: st.DrawFn, course: Course, day: datetime.date) -> AgreementStep:
    action = draw(st.sampled_from(_ACTIONS))
    if action in (_A.AGREE_RENEWAL, _A.MEET_CONDITION):
        return _step(action, day, term=draw(st.integers(1, 3)))
    if action is not _A.GIVE_NOTICE:
        return _step(action, day)
    purpose = draw(st.sampled_from(Purpose))
    if purpose is Purpose.CONVENIENCE:
        return _step(action, day, purpose=purpose, ends=day + _DAY * draw(st.integers(0, 60)))
    term = course.timetable.term_on(day)
    if purpose is Purpose.STOP_RENEWAL and term is not None:
        return _step(action, day, purpose=purpose, last_term=term.number + draw(st.integers(0, 1)))
    return _step(action, day, purpose=purpose)


def _step(action: AgreementAction, on: datetime.date, **more: Any) -> AgreementStep:
    at = datetime.datetime.combine(on, datetime.time(12), datetime.UTC)
    return AgreementStep(action=action, on=on, at=at, by="clerk", **more)


def _standings() -> Strategy[Standing]:
    return lives().map(lambda life: standing(*life))


def _dues() -> Strategy[Due]:
    found = lives().map(
        lambda life: due(life[0], life[1], life[0].timetable.clause.start, after=_FIRST - _DAY)
    )
    return found.filter(bool).map(lambda items: items[0])


def _moved() -> Strategy[AgreementMoved]:
    return lives().map(lambda life: moved(*life[:2], life[1][-1]))


STRATEGIES: Mapping[type, Callable[[], Strategy[Any]]] = {
    AgreementMoved: _moved,
    AgreementStep: lambda: lives().map(lambda life: life[1][-1]),
    Course: courses,
    Due: _dues,
    MoveFacts: lambda: _standings().map(lambda one: MoveFacts(state=one.state)),
    Reminders: lambda: st.just(Reminders(before_end=(Length.of("30 days"),), owner="legal")),
    Standing: _standings,
}
