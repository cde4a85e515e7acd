"""What became of a minimum in a year: met, made up for in time, short, or not known; and what follows.

The policy is a function of what is known of one year. What is not measured is not known, and never met. Where what is missing is
carried over, a year asks for its own minimum and for that: so all minimums are what was counted towards them and what
is still missing, to the last minor unit.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from enum import StrEnum

import attrs

from prmcore.contracts.agreements import ExclusivityClause, MinimumClause, Shortfall
from prmcore.contracts.obligations.minimums import CommitmentPeriod
from prmcore.contracts.obligations.model import Measured, Waiver
from prmcore.decisions import Criterion, Decision, Ladder, fact, labelled, rung
from prmcore.errors import Faults, InvalidInput
from prmcore.values import Money, Text, checked_date

__all__ = [
    "JUDGING_MINIMUMS", "JudgedMinimum", "MinimumFacts", "MinimumOutcome", "conditions_met", "judged_minimum",
    "judged_minimums",
]  # fmt: skip

_DAY = datetime.timedelta(days=1)


class MinimumOutcome(StrEnum):
    """What became of the minimum of one year."""

    OPEN = "open"  # the year runs
    MET = "met"
    MET_IN_CURE = "met-in-cure"  # made up for in the time that the contract gives for it
    CURABLE = "curable"  # short, and that time runs
    SHORT = "short"
    WAIVED = "waived"  # the other side does not insist on it
    UNKNOWN = "unknown"  # the year is over, and not measured


@attrs.frozen(kw_only=True)
class MinimumFacts:
    """What the minimum of a year is judged by; None = not known."""

    is_waived: bool = attrs.field(metadata=labelled("waived", "免除済み", "已豁免"))
    is_over: bool = attrs.field(metadata=labelled("the year is over", "対象年度は終了", "该年度已结束"))
    is_reached: bool | None = attrs.field(
        metadata=labelled("reached within the year", "年度内に達成", "年度内已达到")
    )
    is_made_up: bool | None = attrs.field(
        metadata=labelled("made up for within the cure period", "治癒期間内に補填", "补救期内已补足")
    )
    is_cure_running: bool = attrs.field(
        metadata=labelled("the cure period runs", "治癒期間中", "补救期尚未届满")
    )


_TEXTS = {
    MinimumOutcome.OPEN: Text.of("open: the year runs", ja="年度進行中", zh="年度进行中"),
    MinimumOutcome.MET: Text.of("met", ja="達成", zh="已达到"),
    MinimumOutcome.MET_IN_CURE: Text.of("met in the cure period", ja="治癒期間内に達成", zh="补救期内达到"),
    MinimumOutcome.CURABLE: Text.of("short, and it can still be made up for", ja="未達（補填可能）", zh="未达到（仍可补足）"),
    MinimumOutcome.SHORT: Text.of("short", ja="未達", zh="未达到"),
    MinimumOutcome.WAIVED: Text.of("waived", ja="免除", zh="已豁免"),
    MinimumOutcome.UNKNOWN: Text.of("not known: the year is not measured", ja="不明（実績未集計）", zh="未知：该年度尚未计量"),
}  # fmt: skip


def _judging() -> Ladder[MinimumFacts, str]:
    outcome = MinimumOutcome
    over, reached, running = fact("is_over").is_true(), fact("is_reached"), fact("is_cure_running")
    asked: dict[MinimumOutcome, tuple[Criterion, ...]] = {
        outcome.WAIVED: (fact("is_waived").is_true(),),
        outcome.MET: (over, reached.is_true()),
        outcome.MET_IN_CURE: (over, fact("is_made_up").is_true()),
        outcome.CURABLE: (over, reached.is_false(), running.is_true()),
        outcome.SHORT: (over, reached.is_false(), running.is_false()),
        outcome.OPEN: (fact("is_over").is_false(),),
    }
    return Ladder(
        "contracts/minimum",
        facts=MinimumFacts,
        rungs=tuple(rung(one.value, *criteria, text=_TEXTS[one]) for one, criteria in asked.items()),
        otherwise=outcome.UNKNOWN.value,
        otherwise_text=_TEXTS[outcome.UNKNOWN],
    )


JUDGING_MINIMUMS = _judging()
"""The policy: a function of what is known about one year of a minimum."""

_SETTLED = frozenset({MinimumOutcome.MET, MinimumOutcome.MET_IN_CURE, MinimumOutcome.WAIVED})


@attrs.frozen(kw_only=True)
class JudgedMinimum:
    """A year of a minimum, what was counted towards it by a day, and what follows."""

    period: CommitmentPeriod
    clause: MinimumClause
    carried: Money | int | None  # what was missing before and is asked for in this year; None = not known
    measured: (
        Money | int | None
    )  # of a year that is over the whole, of one that runs what there is by the day; None = not measured
    decision: Decision[str]  # a MinimumOutcome

    @property
    def outcome(self) -> MinimumOutcome:
        return MinimumOutcome(self.decision.outcome)

    @property
    def required(self) -> Money | int | None:
        """All that the year asks for; None where it is not known what was missing before."""
        return None if self.carried is None else _sum(self.period.asked, self.carried)

    @property
    def missing(self) -> Money | int | None:
        """What is missing for good, or as long as it can be made up for; None = not known yet, or not measured."""
        if self.outcome in _SETTLED:
            return _nothing(self.period.asked)
        is_short = self.outcome in (MinimumOutcome.SHORT, MinimumOutcome.CURABLE)
        if not is_short or self.required is None or self.measured is None:
            return None
        return _difference(self.required, self.measured)

    @property
    def follows(self) -> Shortfall | None:
        """What the shortfall gives rise to; None = nothing, or not yet."""
        return self.clause.shortfall if self.outcome is MinimumOutcome.SHORT else None

    @property
    def since(self) -> datetime.date | None:
        """From which day on that follows: the day after the year, or after the cure."""
        return None if self.follows is None else self.period.cure_ends

    @property
    def to_pay(self) -> Money | None:
        """The difference, to the minor unit; None = nothing has to be paid, or not yet."""
        missing = self.missing
        return missing if self.follows is Shortfall.PAY_DIFFERENCE and isinstance(missing, Money) else None

    @property
    def carries(self) -> Money | int | None:
        """What the next year is asked for on top of its own; None = not known."""
        if self.clause.shortfall is not Shortfall.CARRY_OVER:
            return _nothing(self.period.asked)
        return self.missing


def judged_minimum(
    period: CommitmentPeriod,
    clause: MinimumClause,
    as_of: datetime.date,
    *,
    measured: Iterable[Measured] = (),
    waived: Iterable[Waiver] = (),
    carried: Money | int | None = 0,
) -> JudgedMinimum:
    """What became of a minimum in one year, as far as it was known on a day.

    Of what was measured through one day the later knowledge counts. What was measured through a day in the cure holds what was
    made up for; later days come too late. `carried` of 0 is nothing, in any unit; None = it is not known.
    """
    checked_date(as_of, "as_of")
    zero = _nothing(period.asked)
    carried = zero if carried == 0 and type(carried) is int else carried
    known = [one for one in measured if _is_of(one, period) and one.on <= as_of]
    _check_units(known, period)
    required = None if carried is None else _sum(period.asked, carried)
    in_year = _latest(one for one in known if one.through == period.end - _DAY)
    cured = _latest(one for one in known if period.end <= one.through < period.cure_ends)
    reached, made_up = _is_enough(in_year, required), _is_enough(cured, required)
    if reached is None and made_up is False:
        reached = False  # with all that came later it is not enough
    is_waived = any(
        one.minimum == period.minimum and one.year in period.period and one.on <= as_of for one in waived
    )
    facts = MinimumFacts(
        is_waived=is_waived, is_over=period.end <= as_of, is_reached=reached, is_made_up=made_up,
        is_cure_running=as_of < period.cure_ends,
    )  # fmt: skip
    last = cured or in_year
    if not facts.is_over:
        last = _latest(one for one in known if one.through < period.end)
    return JudgedMinimum(
        period=period, clause=clause, carried=carried, measured=None if last is None else last.value,
        decision=JUDGING_MINIMUMS.decide(facts, as_of),
    )  # fmt: skip


def judged_minimums(
    periods: Iterable[CommitmentPeriod],
    clause: MinimumClause,
    as_of: datetime.date,
    *,
    measured: Iterable[Measured] = (),
    waived: Iterable[Waiver] = (),
) -> tuple[JudgedMinimum, ...]:
    """What became of each year that has begun by a day, one after the other: what is carried over is asked for in the next."""
    results, waivers = tuple(measured), tuple(waived)
    found: list[JudgedMinimum] = []
    carried: Money | int | None = 0
    for period in periods:
        if period.period.start is None or period.period.start > as_of:
            break
        one = judged_minimum(period, clause, as_of, measured=results, waived=waivers, carried=carried)
        found.append(one)
        carried = one.carries
    return tuple(found)


def conditions_met(clause: ExclusivityClause, judged: Mapping[str, Iterable[JudgedMinimum]]) -> bool | None:
    """Whether all minimums that an exclusivity depends on were met so far: a fact, None where one is not known.

    A year that is short for good fails it, one that can still be made up for does not. A condition that is no
    minimum here is not known.
    """
    outcomes = {key: {one.outcome for one in judged[key]} for key in clause.conditions if key in judged}
    if any(MinimumOutcome.SHORT in one for one in outcomes.values()):
        return False
    is_known = len(outcomes) == len(clause.conditions) and not any(
        MinimumOutcome.UNKNOWN in one for one in outcomes.values()
    )
    return True if is_known else None


def _is_of(one: Measured, period: CommitmentPeriod) -> bool:
    return one.minimum == period.minimum and one.year in period.period


def _check_units(known: Iterable[Measured], period: CommitmentPeriod) -> None:
    faults = Faults(f"the minimum {period.minimum!r:.60} cannot be judged")
    for one in known:
        if unit_of(one.value) != unit_of(period.asked):
            faults.add(f"found {one.value}; accepted: {_unit_named(period.asked)}", str(one.through))
    faults.raise_if_any()


def unit_of(value: Money | int) -> str | None:
    """The currency of an amount; None = it is a count."""
    return value.currency if isinstance(value, Money) else None


def _unit_named(value: Money | int) -> str:
    return f"an amount in {value.currency}" if isinstance(value, Money) else "a count"


def _latest(found: Iterable[Measured]) -> Measured | None:
    """That through the last day, as it was known last; of two of one day the one given later."""
    return max(enumerate(found), key=lambda one: (one[1].through, one[1].on, one[0]), default=(0, None))[1]


def _is_enough(found: Measured | None, required: Money | int | None) -> bool | None:
    return None if found is None or required is None else not _difference(required, found.value)


def _nothing(like: Money | int) -> Money | int:
    return Money.zero(like.currency) if isinstance(like, Money) else 0


def _sum(one: Money | int, other: Money | int) -> Money | int:
    if isinstance(one, Money) and isinstance(other, Money):
        return one + other
    if isinstance(one, Money) or isinstance(other, Money):
        raise InvalidInput(f"carried: found {other}; accepted: {_unit_named(one)}")
    return one + other


def _difference(required: Money | int, measured: Money | int) -> Money | int:
    """What is missing, and never less than nothing."""
    if isinstance(required, Money) and isinstance(measured, Money):
        return max(required - measured, Money.zero(required.currency))
    assert isinstance(required, int)
    assert isinstance(measured, int)
    return max(required - measured, 0)
