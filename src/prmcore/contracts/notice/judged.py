"""A notice that was given, held against its deadline: it stops the renewal, or comes too late, or a person has to say."""

from __future__ import annotations

import datetime
from enum import StrEnum

import attrs

from prmcore.contracts.notice.deadline import NoticeDeadline
from prmcore.contracts.notice.model import ActualReceipt, EffectiveOn, GivenNotice, LateNotice, NoticeClause
from prmcore.contracts.notice.receipt import deemed_received
from prmcore.decisions import Criterion, Decision, Ladder, any_of, fact, labelled, rung
from prmcore.values import BusinessCalendar, Text, day_in

__all__ = ["JUDGING", "JudgedNotice", "NoticeFacts", "NoticeOutcome", "counts_on", "judged"]


class NoticeOutcome(StrEnum):
    """What became of a notice, for one term."""

    EFFECTIVE = "effective"
    DISPUTED = "disputed"  # in time by one reading of the contract, not by another: a person decides
    TOO_EARLY = "too-early"  # before the time in which it may be given
    LATE = "late"  # recorded, and without effect on this term
    VOID = "void"  # by somebody who may not give it, or in a way that was not agreed
    OPEN = "open"  # something is not known, such as whether it is there


@attrs.frozen(kw_only=True)
class NoticeFacts:
    """What a notice is judged by; None = not known."""

    is_entitled: bool = attrs.field(
        metadata=labelled("its sender may give it", "発信者に通知権あり", "发出方有权通知")
    )
    is_agreed_way: bool | None = attrs.field(
        metadata=labelled("sent in an agreed way", "合意した方法による送付", "以约定方式送达")
    )
    is_in_time: bool | None = attrs.field(
        metadata=labelled("in time by every reading", "どの解釈でも期間内", "按各种解释均在期限内")
    )
    is_too_early: bool | None = attrs.field(
        metadata=labelled("too early by every reading", "どの解釈でも時期尚早", "按各种解释均为过早")
    )
    is_late: bool | None = attrs.field(
        metadata=labelled("too late by every reading", "どの解釈でも期限後", "按各种解释均已逾期")
    )


@attrs.frozen(kw_only=True)
class JudgedNotice:
    """A notice, the day on which it counts, and what that makes of it for the term before `end`."""

    notice: GivenNotice
    end: datetime.date  # the first day after the term
    day: datetime.date | None  # on which it counts as given; None = that is not known
    late: LateNotice  # what the clause makes of one that is late
    decision: Decision[str]  # a NoticeOutcome

    @property
    def outcome(self) -> NoticeOutcome:
        return NoticeOutcome(self.decision.outcome)

    @property
    def stops_renewal(self) -> bool | None:
        """As `terms.RenewalWishes` asks it; None = nobody can say yet."""
        if self.outcome in (NoticeOutcome.DISPUTED, NoticeOutcome.OPEN):
            return None
        return self.outcome is NoticeOutcome.EFFECTIVE

    @property
    def is_for_next_term(self) -> bool:
        """Whether it is to be judged against the deadline of the next term."""
        return self.outcome is NoticeOutcome.LATE and self.late is LateNotice.NEXT_TERM


_TEXTS = {
    NoticeOutcome.EFFECTIVE: Text.of("effective", ja="有効", zh="有效"),
    NoticeOutcome.DISPUTED: Text.of(
        "disputed: the readings of the contract differ", ja="要判断（契約の解釈により異なる）", zh="有争议：合同解释不一"
    ),
    NoticeOutcome.TOO_EARLY: Text.of("too early", ja="時期尚早", zh="过早"),
    NoticeOutcome.LATE: Text.of(
        "late: without effect on this term", ja="期限後（当期間には無効）", zh="逾期：对本期限不生效"
    ),
    NoticeOutcome.VOID: Text.of("without effect", ja="無効", zh="无效"),
    NoticeOutcome.OPEN: Text.of("open: something is not known", ja="未確定（不明な事項あり）", zh="待定：尚有未知事项"),
}  # fmt: skip


def _judging() -> Ladder[NoticeFacts, str]:
    outcome = NoticeOutcome
    valid = (fact("is_entitled").is_true(), fact("is_agreed_way").is_true())
    in_time, too_early, late = fact("is_in_time"), fact("is_too_early"), fact("is_late")
    asked: dict[NoticeOutcome, tuple[Criterion, ...]] = {
        outcome.EFFECTIVE: (*valid, in_time.is_true()),
        outcome.DISPUTED: (*valid, in_time.is_false(), too_early.is_false(), late.is_false()),
        outcome.TOO_EARLY: (*valid, too_early.is_true()),
        outcome.LATE: (*valid, late.is_true()),
        outcome.VOID: (any_of(fact("is_entitled").is_false(), fact("is_agreed_way").is_false()),),
    }
    return Ladder(
        "notice/non-renewal",
        facts=NoticeFacts,
        rungs=tuple(rung(one.value, *criteria, text=_TEXTS[one]) for one, criteria in asked.items()),
        otherwise=outcome.OPEN.value,
        otherwise_text=_TEXTS[outcome.OPEN],
    )


JUDGING = _judging()
"""The policy: a function of what is known about a notice."""


def counts_on(
    clause: NoticeClause, notice: GivenNotice, *, zone: str, calendar: BusinessCalendar | None = None
) -> datetime.date | None:
    """The day on which a notice counts as given under its clause, at a place; None when that is not known."""
    sent = day_in(zone, notice.sent_at)
    received = None if notice.received_at is None else day_in(zone, notice.received_at)
    if clause.effective_on is EffectiveOn.DISPATCH:
        return sent
    channel = clause.channel(notice.channel)
    rule = None if channel is None else channel.deemed
    if clause.effective_on is EffectiveOn.RECEIPT or rule is None:
        return received
    deemed = deemed_received(rule, notice.sent_at, zone=zone, calendar=calendar).day
    if received is None or rule.if_received is ActualReceipt.IGNORED:
        return deemed
    return received if rule.if_received is ActualReceipt.WINS else min(deemed, received)


def judged(
    notice: GivenNotice, deadline: NoticeDeadline, *, calendar: BusinessCalendar | None = None
) -> JudgedNotice:
    """What a notice does to the term of a deadline.

    The calendar is asked for where the way of sending has a rule in business days. A notice whose arrival is not known
    is open, and never effective.
    """
    clause = deadline.clause
    day = counts_on(clause, notice, zone=deadline.zone, calendar=calendar)
    facts = NoticeFacts(
        is_entitled=not clause.by or notice.by in clause.by,
        is_agreed_way=_is_agreed_way(clause, notice.channel),
        is_in_time=None if day is None else all(day in one for one in deadline.readings),
        is_too_early=None if day is None else all(_is_before(day, one.opens) for one in deadline.readings),
        is_late=None if day is None else day > deadline.open_until,
    )
    as_of = day_in(deadline.zone, notice.sent_at) if day is None else day
    decision = JUDGING.decide(facts, as_of)
    return JudgedNotice(notice=notice, end=deadline.end, day=day, late=clause.late, decision=decision)


def _is_agreed_way(clause: NoticeClause, channel: str | None) -> bool | None:
    if not clause.channels:
        return True
    return None if channel is None else clause.channel(channel) is not None


def _is_before(day: datetime.date, opens: datetime.date | None) -> bool:
    return opens is not None and day < opens
