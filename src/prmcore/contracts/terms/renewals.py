"""Renewals: when another term becomes certain, and when it begins.

These are two events. A renewal is certain when nobody can stop it any more: at the end of the last day for a notice, where the
contract is at home. It takes effect when the term before is over. Each is recorded once, under a key made of what it is
about, so that a job may run twice, or late, and does nothing twice.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from enum import StrEnum
from functools import lru_cache

import attrs

from prmcore.contracts.terms.model import RenewalClause, RenewalKind
from prmcore.contracts.terms.timetable import Timetable
from prmcore.decisions import Criterion, Decision, Ladder, fact, labelled, rung
from prmcore.errors import Faults
from prmcore.values import (
    Text,
    checked_date,
    checked_id,
    checked_instant,
    checked_zone,
    day_in,
    first_instant,
    natural_key,
)

__all__ = [
    "CaughtUp", "Renewal", "RenewalFacts", "RenewalOutcome", "RenewalStage", "RenewalTaken", "RenewalWishes", "caught_up",
    "renewals_until", "renewing", "taken",
]  # fmt: skip

_DAY = datetime.timedelta(days=1)


class RenewalStage(StrEnum):
    """How far a renewal has come."""

    CERTAIN = "certain"  # nobody can stop it any more
    STARTED = "started"


class RenewalOutcome(StrEnum):
    """What came of recording a renewal."""

    RECORDED = "recorded"
    ALREADY = "already-recorded"  # nothing is done
    REFUSED = "refused"


@attrs.frozen(kw_only=True)
class Renewal:
    """That a term became certain, or began; equal to itself whenever it is computed."""

    agreement: str
    number: int  # of the term that follows: 1 = the first renewal
    previous_end: datetime.date  # the first day after the term before, and the first of this one
    stage: RenewalStage
    at: datetime.datetime  # in UTC; the first instant at which it is so

    def __attrs_post_init__(self) -> None:
        faults = Faults("the renewal cannot be used")
        with faults.within("agreement"):
            checked_id(self.agreement)
        if type(self.number) is not int or self.number < 1:
            faults.add(f"found {self.number!r:.40}; accepted: 1 or more", "number")
        with faults.within("previous_end"):
            checked_date(self.previous_end)
        with faults.within("at"):
            object.__setattr__(self, "at", checked_instant(self.at))
        faults.raise_if_any()

    @property
    def key(self) -> str:
        """The same for the same event, whatever made it."""
        return natural_key(self.agreement, str(self.number), self.previous_end.isoformat(), self.stage)


@attrs.frozen(kw_only=True)
class RenewalWishes:
    """What the parties did about a renewal; None = nobody knows."""

    is_stopped: bool | None = False  # a notice that is effective was given
    is_agreed: bool | None = None  # by whom an opt-in renewal needs
    condition_met: bool | None = None  # of a conditional one


@attrs.frozen(kw_only=True)
class RenewalFacts:
    """What an event of a renewal is held against."""

    is_recorded: bool = attrs.field(metadata=labelled("already recorded", "記録済み", "已记录"))
    has_term: bool = attrs.field(
        metadata=labelled("the contract has this term", "契約にこの期間がある", "合同有该期限")
    )
    agrees: bool = attrs.field(
        metadata=labelled("no other date of it is recorded", "別の日付での記録なし", "未以其他日期记录")
    )
    is_next: bool = attrs.field(
        metadata=labelled("the renewal before is recorded", "直前の更新は記録済み", "上一次续约已记录")
    )
    is_due: bool = attrs.field(metadata=labelled("its time has come", "時期が到来", "时间已到"))
    is_certain: bool = attrs.field(metadata=labelled("the renewal is certain", "更新が確定", "续约已确定"))
    is_stopped: bool | None = attrs.field(
        metadata=labelled("an effective notice was given", "有効な通知あり", "已有有效通知")
    )
    is_agreed: bool | None = attrs.field(
        metadata=labelled("the renewal was agreed", "更新の合意", "已同意续约")
    )
    condition_met: bool | None = attrs.field(
        metadata=labelled("its condition is met", "更新条件の充足", "续约条件已满足")
    )


@attrs.frozen
class RenewalTaken:
    """What came of one event: the decision, and the record of the contract's renewals after it."""

    decision: Decision[str]  # a RenewalOutcome
    log: tuple[Renewal, ...]  # as it was, unless the event was recorded

    @property
    def outcome(self) -> RenewalOutcome:
        return RenewalOutcome(self.decision.outcome)


@attrs.frozen
class CaughtUp:
    """All that was due, event by event; the last one is refused where the contract goes no further."""

    log: tuple[Renewal, ...]
    taken: tuple[RenewalTaken, ...]


_OUTCOMES = {
    RenewalOutcome.RECORDED: Text.of("recorded", ja="記録", zh="已记录"),
    RenewalOutcome.ALREADY: Text.of(
        "already recorded, nothing to do", ja="記録済み（処理なし）", zh="已记录，无须处理"
    ),
    RenewalOutcome.REFUSED: Text.of("refused", ja="不可", zh="拒绝"),
}


def renewing(clause: RenewalClause, stage: RenewalStage) -> Ladder[RenewalFacts, str]:
    """The policy for one event: a renewal that has been recorded is no second time, one that is not due not at all."""
    return _renewing(clause.kind, clause.condition is not None, stage)


@lru_cache(maxsize=64)
def _renewing(kind: RenewalKind, is_conditional: bool, stage: RenewalStage) -> Ladder[RenewalFacts, str]:
    asked: list[Criterion] = [fact(name).is_true() for name in ("has_term", "agrees", "is_next", "is_due")]
    if stage is RenewalStage.STARTED:
        asked.append(fact("is_certain").is_true())
    else:
        asked.append(fact("is_stopped").is_false())
        if kind is RenewalKind.OPT_IN:
            asked.append(fact("is_agreed").is_true())
        if is_conditional:
            asked.append(fact("condition_met").is_true())
    outcome = RenewalOutcome
    return Ladder(
        f"renewal/{kind}{'/conditional' if is_conditional else ''}/{stage}",
        facts=RenewalFacts,
        rungs=(
            rung(outcome.ALREADY.value, fact("is_recorded").is_true(), text=_OUTCOMES[outcome.ALREADY]),
            rung(outcome.RECORDED.value, *asked, text=_OUTCOMES[outcome.RECORDED]),
        ),
        otherwise=outcome.REFUSED.value,
        otherwise_text=_OUTCOMES[outcome.REFUSED],
    )


def renewals_until(
    agreement: str,
    timetable: Timetable,
    until: datetime.datetime,
    *,
    deadline: Callable[[datetime.date], datetime.date | None],
    zone: str,
    first: int = 1,
) -> tuple[Renewal, ...]:
    """The renewals that the calendar makes certain, and begins, by an instant: term by term, from a number on, in their order.

    `deadline` gives, for the first day after a term, the last day on which a notice may still be there; None when nobody
    can stop the renewal: it is certain from the term before on. `zone` is where the contract is at home.
    """
    latest, home = checked_instant(until, "until"), checked_zone(zone)
    found: list[Renewal] = []
    number = first
    while timetable.last_number is None or number <= timetable.last_number:
        end = timetable.term(number).start
        last = deadline(end)
        certain = timetable.term(number - 1).start if last is None else min(last + _DAY, end)
        certain_at, started_at = first_instant(home, certain), first_instant(home, end)
        if certain_at > latest:
            break
        for stage, at in ((RenewalStage.CERTAIN, certain_at), (RenewalStage.STARTED, started_at)):
            if at <= latest:
                found.append(
                    Renewal(agreement=agreement, number=number, previous_end=end, stage=stage, at=at)
                )
        number += 1
    return tuple(sorted(found, key=lambda one: (one.at, one.number, one.stage)))


def taken(
    log: tuple[Renewal, ...],
    renewal: Renewal,
    timetable: Timetable,
    *,
    wishes: RenewalWishes,
    now: datetime.datetime,
    zone: str,
) -> RenewalTaken:
    """Whether an event may be recorded now, and the record after it; the second time nothing is done.

    `log` is what this function gave before, in its order.
    """
    at = checked_instant(now, "now")
    today = day_in(zone, at)
    last = _last(log, renewal.stage)
    facts = RenewalFacts(
        is_recorded=renewal.number <= last and any(one.key == renewal.key for one in log),
        has_term=_has_term(timetable, renewal),
        agrees=renewal.number > last,
        is_next=renewal.number <= last + 1,
        is_due=renewal.at <= at and (renewal.stage is RenewalStage.CERTAIN or renewal.previous_end <= today),
        is_certain=renewal.number <= _last(log, RenewalStage.CERTAIN),
        is_stopped=wishes.is_stopped,
        is_agreed=wishes.is_agreed,
        condition_met=wishes.condition_met,
    )
    decision = renewing(timetable.renewal, renewal.stage).decide(facts, today)
    return RenewalTaken(decision, (*log, renewal) if decision.outcome == RenewalOutcome.RECORDED else log)


def caught_up(
    log: tuple[Renewal, ...],
    agreement: str,
    timetable: Timetable,
    until: datetime.datetime,
    *,
    deadline: Callable[[datetime.date], datetime.date | None],
    wishes: Callable[[Renewal], RenewalWishes],
    zone: str,
) -> CaughtUp:
    """All events by an instant that are not recorded yet, one after the other; run again it finds nothing left to do.

    It ends with the first that is refused: after a renewal that was stopped there is no further one.
    """
    done: list[RenewalTaken] = []
    for renewal in _missed(log, agreement, timetable, until, deadline, zone):
        done.append(taken(log, renewal, timetable, wishes=wishes(renewal), now=until, zone=zone))
        log = done[-1].log
        if done[-1].outcome is RenewalOutcome.REFUSED:
            break
    return CaughtUp(log, tuple(done))


def _missed(
    log: tuple[Renewal, ...],
    agreement: str,
    timetable: Timetable,
    until: datetime.datetime,
    deadline: Callable[[datetime.date], datetime.date | None],
    zone: str,
) -> Iterator[Renewal]:
    last = {stage: _last(log, stage) for stage in RenewalStage}
    first = max(1, last[RenewalStage.STARTED])
    for one in renewals_until(agreement, timetable, until, deadline=deadline, zone=zone, first=first):
        if one.number > last[one.stage]:  # what was recorded keeps its date, whatever was agreed on since
            yield one


def _last(log: tuple[Renewal, ...], stage: RenewalStage) -> int:
    """The last renewal that is recorded, 0 before the first: none is left out, and they stand in their order."""
    return next((one.number for one in reversed(log) if one.stage is stage), 0)


def _has_term(timetable: Timetable, renewal: Renewal) -> bool:
    number, last = renewal.number, timetable.last_number
    return (last is None or number <= last) and timetable.term(number).start == renewal.previous_end
