"""What is done to a kept agreement: a step is taken, or a notice given, and the record after it.

A notice is judged by the paper of the day on which it counts. What came of it is kept with the step: a notice that came too
late is there, and ends nothing.
"""

from __future__ import annotations

import datetime
from typing import Any

import attrs

from prmcore.contracts.agreements import Document, resolved
from prmcore.contracts.lifecycle.course import course_on
from prmcore.contracts.lifecycle.model import (
    AGREEMENT_MOVES,
    AgreementAction,
    AgreementState,
    AgreementStep,
    Purpose,
)
from prmcore.contracts.lifecycle.record import AgreementRecord, ContractPolicy, standing_of, zone_of
from prmcore.contracts.lifecycle.standing import Course, Standing, permitted
from prmcore.contracts.notice import (
    ConvenienceClause,
    GivenNotice,
    JudgedNotice,
    NoticeClause,
    NoticeDeadline,
    NoticeEnding,
    ending,
    judged,
    notice_deadline,
)
from prmcore.contracts.periods import PERIOD_RULES
from prmcore.contracts.terms import Term
from prmcore.decisions import Decision
from prmcore.errors import InvalidInput
from prmcore.values import checked_date, day_in

__all__ = ["AgreementTaken", "deadlines_of", "given", "taken"]


@attrs.frozen(kw_only=True)
class AgreementTaken:
    """What came of a step or a notice."""

    decision: Decision[Any] | None  # whether the state allowed it; None = it was recorded before
    record: AgreementRecord  # as it was, when it was not allowed
    judged: JudgedNotice | None = None  # of a notice that is to stop a renewal
    ending: NoticeEnding | None = None  # of one without a reason


def deadlines_of(
    record: AgreementRecord, policy: ContractPolicy, on: datetime.date, known: datetime.datetime
) -> tuple[NoticeDeadline, ...]:
    """Until when the renewal after the term of a day can be stopped, by each notice clause that holds; () where nothing can."""
    checked_date(on, "on")
    course = course_on(record.agreement, on, known, policy.calendars)
    now = standing_of(record, policy, on, known)
    if course is None or now.term is None or now.term.end is None or now.stoppable_until is None:
        return ()
    zone = zone_of(record.agreement, policy, on, known)
    return tuple(
        notice_deadline(one, now.term.end, zone=zone, calendar=course.calendar) for one in course.notices
    )


def taken(record: AgreementRecord, policy: ContractPolicy, step: AgreementStep) -> AgreementTaken:
    """Takes a step if the state of its day allows it; the same step again changes nothing. To sign also dates the first document."""
    if step in record.steps:
        return AgreementTaken(decision=None, record=record)
    before = standing_of(record, policy, step.on, step.at)
    decision = permitted(before.state, step)
    if not decision.outcome:
        return AgreementTaken(decision=decision, record=record)
    agreement = record.agreement
    if step.action is AgreementAction.SIGN and agreement.signed_on is None:
        first: Document = attrs.evolve(agreement.documents[0], signed_on=step.on)
        agreement = attrs.evolve(agreement, documents=(first, *agreement.documents[1:]))
    made = attrs.evolve(record, agreement=agreement, steps=(*record.steps, step))
    return AgreementTaken(decision=decision, record=made)


def given(
    record: AgreementRecord,
    policy: ContractPolicy,
    notice: GivenNotice,
    *,
    at: datetime.datetime,
    by: str,
    purpose: Purpose = Purpose.STOP_RENEWAL,
    is_agreed: bool = False,
) -> AgreementTaken:
    """Judges a notice, and keeps it; the same notice again changes nothing.

    `is_agreed` says that a person has settled what the readings of the paper leave open. What the state does not allow is
    not judged. Refused, as nothing that can be judged: a notice of a kind that the paper does not know.
    """
    if any(one.notice is not None and one.notice.id == notice.id for one in record.steps):
        return AgreementTaken(decision=None, record=record)
    found = _Desk(record, policy, notice, at)
    step = AgreementStep(
        action=AgreementAction.GIVE_NOTICE,
        on=found.day,
        at=at,
        by=by,
        party=notice.by,
        purpose=purpose,
        notice=notice,
    )
    plain = taken(record, policy, step)
    if purpose is Purpose.CAUSE or not found.may_be_judged:
        return plain
    if purpose is Purpose.CONVENIENCE:
        over, effect = found.ending()
        return attrs.evolve(taken(record, policy, attrs.evolve(step, **effect)), ending=over)
    judgement, effect = found.stopping(is_agreed)
    return attrs.evolve(taken(record, policy, attrs.evolve(step, **effect)), judged=judgement)


class _Desk:
    """One notice, held against the paper of the day on which it was there, or sent."""

    def __init__(
        self, record: AgreementRecord, policy: ContractPolicy, notice: GivenNotice, at: datetime.datetime
    ) -> None:
        self.record, self.policy, self.notice, self.at = record, policy, notice, at
        told = notice.received_at or notice.sent_at
        self.zone = zone_of(record.agreement, policy, day_in(policy.zone, told), at)
        self.day = day_in(self.zone, told)

    @property
    def may_be_judged(self) -> bool:
        """Whether it is signed, and not over."""
        return (self.now().state, AgreementAction.GIVE_NOTICE) in AGREEMENT_MOVES

    def stopping(self, is_agreed: bool) -> tuple[JudgedNotice, dict[str, Any]]:
        """What a notice makes of the term that runs, or of the next one when it is too late and its clause says so."""
        course, now = self.course(), self.now()
        term = now.term or (course.timetable.term(0) if now.state is AgreementState.SIGNED else None)
        if term is None or term.end is None:
            raise self.refusal("no term with an end runs", "a notice for convenience, or for cause")
        clause = self.clause(course)
        found = self.judged(clause, term, course)
        number = self.stopped(found, term, is_agreed)
        following = self.following(course, term) if found.is_for_next_term else None
        if following is not None:
            number = self.stopped(self.judged(clause, following, course), following, is_agreed)
        return found, {"on": found.day or self.day, "last_term": number}

    def judged(self, clause: NoticeClause, term: Term, course: Course) -> JudgedNotice:
        assert term.end is not None
        deadline = notice_deadline(clause, term.end, zone=self.zone, calendar=course.calendar)
        return judged(self.notice, deadline, calendar=course.calendar)

    def stopped(self, found: JudgedNotice, term: Term, is_agreed: bool) -> int | None:
        stops = found.stops_renewal
        return term.number if stops or (stops is None and is_agreed) else None

    def following(self, course: Course, term: Term) -> Term | None:
        """The next term as the paper has it, with an end; None = there is none that could be stopped."""
        number = term.number - course.numbered_from + 1
        last = course.timetable.last_number
        if last is not None and number > last:
            return None
        found = course.timetable.term(number)
        return attrs.evolve(found, number=term.number + 1) if found.end is not None else None

    def ending(self) -> tuple[NoticeEnding, dict[str, Any]]:
        """When the agreement ends by a notice without a reason, which counts from its receipt."""
        terms = resolved(self.record.agreement, self.day, self.at)
        clauses = terms.clauses(ConvenienceClause).values()
        clause = next((one for one in clauses if not one.by or self.notice.by in one.by), None)
        if clause is None:
            raise self.refusal(
                f"no clause lets {self.notice.by!r} end it without a reason", "another purpose"
            )
        if self.notice.received_at is None:
            raise self.refusal(
                "nobody knows whether it is there, and it counts from then", "when it was received"
            )
        course = self.course()
        named = {"rule": PERIOD_RULES[course.counting]} if course.counting else {}
        started = course.since or course.timetable.clause.start  # from which its years count
        found = ending(clause, self.day, started=started, calendar=course.calendar, **named)
        return found, {"on": self.day, "ends": found.ends}

    def course(self) -> Course:
        found = course_on(self.record.agreement, self.day, self.at, self.policy.calendars)
        if found is None:
            raise self.refusal("its paper is not signed, or says nothing of a term", "a signed agreement")
        return found

    def now(self) -> Standing:
        return standing_of(self.record, self.policy, self.day, self.at)

    def clause(self, course: Course) -> NoticeClause:
        """That of the party, or any, by which the party is found not to be entitled."""
        if not course.notices:
            raise self.refusal("no clause lets anybody stop its renewal", "another purpose")
        entitled = (one for one in course.notices if not one.by or self.notice.by in one.by)
        return next(entitled, course.notices[0])

    def refusal(self, found: str, accepted: str) -> InvalidInput:
        return InvalidInput(
            f"the notice {self.notice.id!r} to {self.record.agreement.id!r}: {found} on {self.day}; accepted: {accepted}"
        )
