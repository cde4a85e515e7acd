"""Opportunities on their way: opened, moved from stage to stage, revised; what they are worth together; which stand still."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

import attrs

from prmcore.deals._moving import check_ids
from prmcore.deals.opportunities.model import Opportunity, OpportunityState, OpportunityStep, SalesProcess
from prmcore.decisions import Criterion, Decision, Ladder, any_of, fact, labelled
from prmcore.decisions.permission import permission
from prmcore.errors import Faults
from prmcore.values import Money, Rate, checked_date, checked_instant, natural_key

__all__ = [
    "Forecast", "ForecastLine", "OpportunityFacts", "OpportunityMoved", "OpportunityNotice", "OpportunityNoticeKind",
    "forecast", "moved", "opened", "revised", "stalled",
]  # fmt: skip


@attrs.frozen
class OpportunityFacts:
    """What moving an opportunity depends on."""

    state: OpportunityState = attrs.field(metadata=labelled("state", "状態", "状态"))
    stage: str = attrs.field(metadata=labelled("stage", "段階", "阶段"))
    may_follow: bool | None = attrs.field(  # None = it stays in its stage
        default=None, metadata=labelled("the stage may follow", "次の段階として可", "可进入该阶段")
    )
    is_loss: bool = attrs.field(default=False, metadata=labelled("it is lost", "失注", "丢单"))
    has_reason: bool = attrs.field(
        default=False, metadata=labelled("a reason that is declared", "登録済みの理由", "理由已定义")
    )


@attrs.frozen
class OpportunityMoved:
    """What came of an action: the decision, and the opportunity after it."""

    decision: Decision[bool]
    record: Opportunity  # as it was, when it was not allowed


def opened(
    process: SalesProcess,
    *,
    id: str,
    program: str,
    account: str,
    amount: Money,
    expected_close: datetime.date,
    by: str,
    at: datetime.datetime,
    partners: tuple[str, ...] = (),
    products: frozenset[str] = frozenset(),
    lead: str | None = None,
    registration: str | None = None,
) -> Opportunity:
    """A new opportunity, in the first stage."""
    step = OpportunityStep(
        stage=process.stages[0].code, after=OpportunityState.OPEN, amount=amount,
        expected_close=checked_date(expected_close, "expected_close"), at=checked_instant(at), by=by,
    )  # fmt: skip
    return Opportunity(
        id=id, program=program, account=account, partners=partners, products=products, lead=lead,
        registration=registration, steps=(step,),
    )  # fmt: skip


def moved(
    opportunity: Opportunity,
    stage: str,
    process: SalesProcess,
    *,
    by: str,
    at: datetime.datetime,
    reason: str | None = None,
) -> OpportunityMoved:
    """The opportunity in another stage: only one that may follow, and lost only for a reason that is declared."""
    now, target = _checked(opportunity, by, at), process.stage(stage)
    facts = OpportunityFacts(
        state=opportunity.state, stage=opportunity.stage, may_follow=stage in process.moves_from(opportunity.stage),
        is_loss=target.state is OpportunityState.LOST, has_reason=process.has_reason(reason),
    )  # fmt: skip
    decision = _moving(process).decide(facts, now.date())
    if not decision.outcome:
        return OpportunityMoved(decision, opportunity)
    step = attrs.evolve(opportunity.last, stage=stage, after=target.state, at=now, by=by, reason=reason)
    return OpportunityMoved(decision, attrs.evolve(opportunity, steps=(*opportunity.steps, step)))


def revised(
    opportunity: Opportunity,
    process: SalesProcess,
    *,
    by: str,
    at: datetime.datetime,
    amount: Money | None = None,
    expected_close: datetime.date | None = None,
    reason: str | None = None,
) -> OpportunityMoved:
    """The opportunity with another amount or day, as long as it is open; None leaves what is there."""
    now = _checked(opportunity, by, at)
    decision = _revising(process).decide(OpportunityFacts(opportunity.state, opportunity.stage), now.date())
    if not decision.outcome:
        return OpportunityMoved(decision, opportunity)
    step = attrs.evolve(
        opportunity.last, amount=opportunity.amount if amount is None else amount, at=now, by=by, reason=reason,
        expected_close=opportunity.expected_close if expected_close is None else expected_close,
    )  # fmt: skip
    return OpportunityMoved(decision, attrs.evolve(opportunity, steps=(*opportunity.steps, step)))


@lru_cache(maxsize=64)
def _moving(process: SalesProcess) -> Ladder[OpportunityFacts, bool]:
    reason: Criterion = any_of(fact("is_loss").is_false(), fact("has_reason").is_true())
    asked = (fact("state").one_of(OpportunityState.OPEN), fact("may_follow").is_true(), reason)
    return permission(f"{process.name}/move", OpportunityFacts, *asked)


@lru_cache(maxsize=64)
def _revising(process: SalesProcess) -> Ladder[OpportunityFacts, bool]:
    return permission(f"{process.name}/revise", OpportunityFacts, fact("state").one_of(OpportunityState.OPEN))


def _checked(opportunity: Opportunity, by: str, at: datetime.datetime) -> datetime.datetime:
    faults = Faults(f"the opportunity {opportunity.id!r:.60} cannot be moved")
    check_ids(faults, by=by)
    now = opportunity.last.at
    with faults.within(""):
        now = checked_instant(at)
        if now < opportunity.last.at:
            faults.add(
                f"found {now}; accepted: {opportunity.last.at}, when its last step was, or later", "at"
            )
    faults.raise_if_any()
    return now


# what they are worth together


@attrs.frozen(kw_only=True)
class ForecastLine:
    """One open opportunity: its amount times the probability of its stage, exactly."""

    opportunity: str
    stage: str
    amount: Money
    probability: Rate
    weighted: Fraction  # in minor units of the amount's currency

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the forecast of {self.opportunity!r:.60} cannot be used")
        if self.weighted != self.amount.minor * self.probability.fraction:
            faults.add(f"found {self.weighted}; accepted: {self.amount} times {self.probability}", "weighted")
        faults.raise_if_any()


@attrs.frozen
class Forecast:
    """What may come, by opportunity; a total is the sum of its lines."""

    lines: tuple[ForecastLine, ...]

    def totals(self) -> dict[str, Fraction]:
        """In minor units, by currency: amounts of two are not added."""
        found: dict[str, Fraction] = {}
        for one in self.lines:
            found[one.amount.currency] = found.get(one.amount.currency, Fraction(0)) + one.weighted
        return dict(sorted(found.items()))


def forecast(
    opportunities: Iterable[Opportunity], process: SalesProcess, closing_until: datetime.date | None = None
) -> Forecast:
    """What the open opportunities are worth, by id; `closing_until` takes those expected to close by that day."""
    lines = []
    for one in sorted(opportunities, key=lambda one: one.id):
        late = closing_until is not None and one.expected_close > closing_until
        if one.state is not OpportunityState.OPEN or late:
            continue
        probability = process.stage(one.stage).probability
        weighted = one.amount.minor * probability.fraction
        lines.append(
            ForecastLine(
                opportunity=one.id, stage=one.stage, amount=one.amount, probability=probability, weighted=weighted
            )
        )  # fmt: skip
    return Forecast(tuple(lines))


# which stand still


class OpportunityNoticeKind(StrEnum):
    """What becomes due of an opportunity."""

    STALLED = "stalled"  # for too long in its stage
    OVERDUE = "overdue"  # open after the day on which it was to close


@attrs.frozen(kw_only=True)
class OpportunityNotice:
    """Something that is due; its id is what it is about, so that it is told once."""

    id: str
    kind: OpportunityNoticeKind
    opportunity: str
    stage: str
    days: int  # in the stage, or after the day


def stalled(
    opportunities: Iterable[Opportunity], process: SalesProcess, now: datetime.datetime
) -> tuple[OpportunityNotice, ...]:
    """The open opportunities that stand still, or are late, at that instant, by id."""
    instant = checked_instant(now, "now")
    found = []
    for one in opportunities:
        if one.state is not OpportunityState.OPEN:
            continue
        limit, since = process.stage(one.stage).stalled_after_days, one.in_stage_since
        days, late = (instant - since).days, (instant.date() - one.expected_close).days
        if limit is not None and instant - since > datetime.timedelta(days=limit):
            found.append(_notice(one, OpportunityNoticeKind.STALLED, since.isoformat(), days))
        if late > 0:
            found.append(_notice(one, OpportunityNoticeKind.OVERDUE, one.expected_close.isoformat(), late))
    return tuple(sorted(found, key=lambda one: one.id))


def _notice(one: Opportunity, kind: OpportunityNoticeKind, key: str, days: int) -> OpportunityNotice:
    return OpportunityNotice(
        id=natural_key(one.id, kind, one.stage, key), kind=kind, opportunity=one.id, stage=one.stage, days=days
    )  # fmt: skip
