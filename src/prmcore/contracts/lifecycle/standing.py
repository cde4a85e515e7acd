"""Which state an agreement is in on a day: one function of the paper, of what happened, and of the day.

Nothing is stored and repaired at night. Whoever asks the same question gets the same answer, and `changes_on` says until
when it stays so: an index of what comes next is made of the same function.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any

import attrs

from prmcore.contracts.agreements import MinimumClause
from prmcore.contracts.lifecycle.model import (
    AGREEMENT_MOVES,
    IN_FORCE,
    AgreementAction,
    AgreementState,
    AgreementStep,
    Purpose,
)
from prmcore.contracts.notice import NoticeClause, open_until, receive_by
from prmcore.contracts.terms import Extends, RenewalKind, Suspension, Term, Timetable
from prmcore.decisions import Decision, labelled
from prmcore.decisions.permission import permission, starts_of
from prmcore.values import BusinessCalendar, DateRange, checked_date

__all__ = ["AgreementMoved", "Course", "MoveFacts", "Standing", "moved", "permitted", "standing", "unsigned"]

_S, _A = AgreementState, AgreementAction
_DAY = datetime.timedelta(days=1)


@attrs.frozen(kw_only=True)
class Course:
    """What of the paper the state depends on: the terms, and how the next one is stopped."""

    agreement: str  # its id
    timetable: Timetable
    notices: tuple[
        NoticeClause, ...
    ] = ()  # one for all, or one for each party; () = nobody can stop a renewal
    calendar: BusinessCalendar | None = None  # for a notice of business days
    counting: str | None = (
        None  # the id of the period rule that the paper names; its notices are counted by it
    )
    extends: Extends = Extends.NOTHING  # what the days of a suspension add
    minimums: Mapping[str, MinimumClause] = attrs.field(factory=dict)  # by their keys in the paper
    signed_on: datetime.date | None = None  # by everybody, as the paper has it; None = the steps say
    since: datetime.date | None = None  # the first day of all terms; None = that of the timetable
    numbered_from: int = (
        0  # the number of the timetable's first term, where an amendment began the terms anew
    )
    came_by_itself: int = 0  # the last renewal that came by a clause which an amendment has replaced

    def last_day_to_stop(self, term: Term) -> datetime.date | None:
        """The last day on which a notice may still stop what follows a term; None = nobody can, or the term has no end."""
        if term.end is None:
            return None
        return max((open_until(one, term.end, self.calendar) for one in self.notices), default=None)

    def safe_day_to_stop(self, term: Term) -> datetime.date | None:
        """The last day on which a notice of any party stops what follows a term by every reading; None = as above."""
        if term.end is None:
            return None
        return min((receive_by(one, term.end, self.calendar) for one in self.notices), default=None)


@attrs.frozen(kw_only=True)
class Standing:
    """How an agreement stands on a day, as far as it is known."""

    agreement: str
    on: datetime.date
    state: AgreementState
    term: Term | None = None  # that runs; None = none does
    safe_until: datetime.date | None = (
        None  # the last day on which every reading still lets the next term be stopped
    )
    stoppable_until: datetime.date | None = None  # the last day on which some reading does
    ends: datetime.date | None = (
        None  # the first day on which it is over, as things stand; None = no day is known
    )
    changes_on: datetime.date | None = (
        None  # when state or term change next if nobody does anything; None = never
    )

    @property
    def is_in_force(self) -> bool:
        """Whether both sides may rely on it: what a gate asks for."""
        return self.state in IN_FORCE


def standing(course: Course, steps: Iterable[AgreementStep], as_of: datetime.date) -> Standing:
    """How the agreement stands on a day: of the steps those count that have had effect by then."""
    checked_date(as_of, "as_of")
    known = sorted(
        (one for one in steps if one.on <= as_of), key=attrgetter("on")
    )  # of one day as they were recorded
    if course.signed_on is not None and course.signed_on <= as_of:
        return _Signed(course, known, as_of).standing()
    found = unsigned(course.agreement, known, as_of)
    if found.state is _S.SIGNED:
        return _Signed(course, known, as_of).standing()
    return attrs.evolve(found, changes_on=course.signed_on)


def unsigned(agreement: str, steps: Iterable[AgreementStep], as_of: datetime.date) -> Standing:
    """How paper stands on a day as long as it has no course: by its steps alone, and never further than signed."""
    state = _S.DRAFT
    for step in sorted((one for one in steps if one.on <= as_of), key=attrgetter("on")):
        if state is _S.SIGNED:
            break
        state = AGREEMENT_MOVES.get((state, step.action), state)
    return Standing(agreement=agreement, on=as_of, state=state)


class _Signed:
    """A signed agreement on a day."""

    def __init__(self, course: Course, steps: Sequence[AgreementStep], as_of: datetime.date) -> None:
        self.course, self.steps, self.as_of = course, steps, as_of
        self.is_suspended = False
        self.notices: list[AgreementStep] = []
        for step in steps:
            self._take(step)
        self.timetable = self._timetable()

    def _take(self, step: AgreementStep) -> None:
        if step.action in (_A.SUSPEND, _A.RESUME):
            self.is_suspended = step.action is _A.SUSPEND
        elif step.action is _A.GIVE_NOTICE:
            self.notices.append(step)
        elif step.action is _A.WITHDRAW_NOTICE:
            self.notices = [
                one for one in self.notices if one.purpose is Purpose.CAUSE or one.party != step.party
            ]
        elif step.action is _A.CURE:
            self.notices = [one for one in self.notices if one.purpose is not Purpose.CAUSE]

    def standing(self) -> Standing:
        first, last = self.timetable.term(0), self._last_number()
        over = None if last is None else self.timetable.term(last).end
        cut = min((one.on for one in self.steps if one.action is _A.TERMINATE), default=None)
        cut = _earliest(cut, *(one.ends for one in self.notices))
        ends = _earliest(over, cut)
        if cut is not None and cut <= self.as_of and (over is None or cut < over):
            return self._stands(_S.TERMINATED, ends=ends)
        if over is not None and over <= self.as_of:
            return self._stands(_S.EXPIRED, ends=ends)
        if self.as_of < first.start:
            return self._stands(_S.SIGNED, ends=ends, changes_on=_earliest(first.start, cut))
        term = self.timetable.term_on(self.as_of)
        assert term is not None  # it has begun, and is not over
        goes_on = last is None or term.number < last
        until = self.course.last_day_to_stop(term) if goes_on else None
        safe = self.course.safe_day_to_stop(term) if goes_on else None
        state = self._running(goes_on, until)
        closes = until + _DAY if state is _S.ACTIVE and until is not None else None
        is_moving = (
            self.is_suspended and self.course.extends is not Extends.NOTHING
        )  # the end, from day to day
        changes_on = cut if is_moving else _earliest(closes, term.end, ends)
        numbered = attrs.evolve(term, number=term.number + self.course.numbered_from)
        return self._stands(
            state, term=numbered, safe_until=safe, stoppable_until=until, ends=ends, changes_on=changes_on
        )

    def _running(self, goes_on: bool, until: datetime.date | None) -> AgreementState:
        if self.is_suspended:
            return _S.SUSPENDED
        if any(one.purpose is Purpose.CAUSE or one.last_term is not None or one.ends for one in self.notices):
            return _S.NOTICE_GIVEN
        return _S.RENEWED if goes_on and (until is None or until < self.as_of) else _S.ACTIVE

    def _stands(self, state: AgreementState, **more: Any) -> Standing:
        return Standing(agreement=self.course.agreement, on=self.as_of, state=state, **more)

    def _last_number(self) -> int | None:
        """The last term that there will be as things stand; None = one follows on the other."""
        stopped = [
            one.last_term - self.course.numbered_from for one in self.notices if one.last_term is not None
        ]
        numbers = [self.timetable.last_number, self._reached(), *(one for one in stopped if one >= 0)]
        return min((one for one in numbers if one is not None), default=None)

    def _reached(self) -> int | None:
        """The last term that nothing is missing for; None where terms follow by themselves."""
        renewal = self.timetable.renewal
        needed = [_A.AGREE_RENEWAL] if renewal.kind is RenewalKind.OPT_IN else []
        if renewal.condition is not None:
            needed.append(_A.MEET_CONDITION)
        if not needed:
            return None
        there = {(one.action, one.term): one.on for one in reversed(self.steps) if one.term is not None}
        number, last = self.course.came_by_itself, self.timetable.last_number
        while last is None or number < last:
            following = self.timetable.term(number + 1).start
            days = [there.get((action, self.course.numbered_from + number + 1)) for action in needed]
            if any(
                day is None or day >= following for day in days
            ):  # what comes after the end revives nothing
                break
            number += 1
        return number

    def _timetable(self) -> Timetable:
        """With the days that suspensions added by now."""
        found, since = [], None
        for step in self.steps:
            if step.action is _A.SUSPEND and since is None:
                since = step.on
            elif step.action is _A.RESUME and since is not None:
                found.append((since, step.on))
                since = None
        if since is not None:
            found.append((since, self.as_of + _DAY))
        if not found or self.course.extends is Extends.NOTHING:
            return self.course.timetable
        first = self.course.timetable.clause.start  # what rested before has extended terms that are over
        suspensions = [
            Suspension(period=DateRange(max(start, first), end), extends=self.course.extends)
            for start, end in found
            if max(start, first) < end
        ]
        return attrs.evolve(self.course.timetable, suspensions=suspensions)


def _earliest(*days: datetime.date | None) -> datetime.date | None:
    return min((day for day in days if day is not None), default=None)


# moves


@attrs.frozen(kw_only=True)
class MoveFacts:
    """What a step is held against."""

    state: AgreementState = attrs.field(metadata=labelled("state", "状態", "状态"))


@attrs.frozen
class AgreementMoved:
    """What came of a step."""

    decision: Decision[Any]  # whether it was allowed, and why
    steps: tuple[AgreementStep, ...]  # as they were, when it was not allowed


_MOVING = {
    action: permission(f"agreement/{action}", MoveFacts, starts_of(AGREEMENT_MOVES, action))
    for action in AgreementAction
}


def moved(course: Course, steps: tuple[AgreementStep, ...], step: AgreementStep) -> AgreementMoved:
    """Takes a step, if the state of its day allows it; what was recorded before is never changed."""
    decision = permitted(standing(course, steps, step.on).state, step)
    return AgreementMoved(decision, (*steps, step) if decision.outcome else steps)


def permitted(state: AgreementState, step: AgreementStep) -> Decision[Any]:
    """Whether a step may be taken in a state, and why."""
    return _MOVING[step.action].decide(MoveFacts(state=state), step.on)
