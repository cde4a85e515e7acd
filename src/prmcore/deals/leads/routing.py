"""Which partner a lead is offered to: the candidates are narrowed step by step, and each step says who fell out.

Nothing is drawn by lot and no order of a list decides: where no step tells two candidates apart, a person does.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeAlias

import attrs

from prmcore.deals._moving import check_days, check_ids
from prmcore.deals.leads.turns import Turn, Turns
from prmcore.decisions import Criterion, Decision, FactSchema, Kind, Ladder, Reason, Truth, all_of, labelled
from prmcore.decisions.criteria import check_criterion
from prmcore.decisions.domains import ordinal
from prmcore.decisions.explain import Said, said_of_reason
from prmcore.decisions.permission import permission
from prmcore.decisions.wire import facts_from, value_to
from prmcore.errors import Faults, InvalidInput, repeated
from prmcore.values import Rate, Text, checked_date

__all__ = [
    "ByOrder", "ByScore", "ByTurn", "ByValue", "CandidateFacts", "Prefer", "RouteStep", "Routing", "RoutingFacts",
    "RoutingPolicy", "ScoreLine", "Stage", "TurnBy",
]  # fmt: skip

MOST_CANDIDATES = 100_000


@attrs.frozen(kw_only=True)
class CandidateFacts:
    """What is known of a partner with a view to one lead; None is not known."""

    partner: str
    in_territory: bool | None = attrs.field(
        default=None, metadata=labelled("in its territory", "担当テリトリー内", "在其区域内")
    )
    covers_industry: bool | None = attrs.field(
        default=None, metadata=labelled("covers the industry", "業種に対応", "覆盖该行业")
    )
    certified: bool | None = attrs.field(  # for the products of the lead
        default=None, metadata=labelled("certified for the products", "製品の認定あり", "已获产品认证")
    )
    tier: str | None = attrs.field(default=None, metadata=labelled("tier", "ティア", "级别"))
    open_leads: int | None = attrs.field(
        default=None, metadata=labelled("open leads", "対応中のリード", "未结线索")
    )
    capacity: int | None = attrs.field(  # of open leads
        default=None, metadata=labelled("capacity", "受入可能なリード数", "线索容量")
    )
    has_room: bool | None = attrs.field(  # unless it is said, by the two above
        default=attrs.Factory(lambda self: _has_room(self), takes_self=True),
        metadata=labelled("has room for a lead", "受入余力あり", "尚有余量"),
    )
    acceptance_rate: Rate | None = attrs.field(
        default=None, metadata=labelled("leads accepted", "リード受諾率", "线索接受率")
    )
    win_rate: Rate | None = attrs.field(default=None, metadata=labelled("deals won", "成約率", "赢单率"))
    distance_km: Decimal | Fraction | None = attrs.field(
        default=None, metadata=labelled("distance in km", "距離（km）", "距离（公里）")
    )
    has_relationship: bool | None = attrs.field(  # with the account
        default=None, metadata=labelled("knows the account", "取引先と既存の関係あり", "与客户已有关系")
    )
    declined_before: bool | None = attrs.field(
        default=None, metadata=labelled("declined it before", "以前に辞退", "曾拒绝该线索")
    )
    languages: frozenset[str] | None = attrs.field(
        default=None, metadata=labelled("languages", "対応言語", "语言")
    )

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the candidate {self.partner!r:.60} cannot be used")
        check_ids(faults, partner=self.partner)
        with faults.within(""):
            CANDIDATES.check(self)
        faults.raise_if_any()


def _has_room(one: CandidateFacts) -> bool | None:
    if type(one.open_leads) is int and type(one.capacity) is int:
        return one.open_leads < one.capacity
    return None


CANDIDATES = FactSchema.of(CandidateFacts)


# steps


@attrs.frozen(kw_only=True)
class Prefer:
    """Those that meet the criteria come first; when none does, all stay."""

    name: str
    criteria: tuple[Criterion, ...]
    text: Text | None = None


@attrs.frozen(kw_only=True)
class ByOrder:
    """Those whose code stands first in the list, such as a list of tiers; what is not in it comes last."""

    name: str
    fact: str
    order: tuple[str, ...]
    text: Text | None = None


@attrs.frozen(kw_only=True)
class ByValue:
    """Those with the highest value of a fact, or the lowest; when it is known of none, all stay."""

    name: str
    fact: str
    highest: bool = True
    text: Text | None = None


@attrs.frozen(kw_only=True)
class ScoreLine:
    """Points for criteria that are met; what an unknown fact is worth is said, and not zero by itself."""

    points: Fraction = attrs.field(converter=Fraction)
    when: tuple[Criterion, ...] = ()  # none = always
    times: str | None = None  # the points are multiplied by this fact: a rate, a count or a number
    unknown: Fraction = attrs.field(
        default=Fraction(0), converter=Fraction
    )  # points when a fact is not known
    text: Text | None = None

    def score(self, facts: CandidateFacts) -> Fraction:
        values = CANDIDATES.values_of(facts)
        truth = _truth(self.when, values) if self.when else Truth.MET
        factor = Fraction(1) if self.times is None else _number(values[self.times])
        if truth is Truth.UNMET:
            return Fraction(0)
        return self.unknown if truth is Truth.UNKNOWN or factor is None else self.points * factor


@attrs.frozen(kw_only=True)
class ByScore:
    """Those with the highest sum of their lines."""

    name: str
    lines: tuple[ScoreLine, ...]
    text: Text | None = None

    def score(self, facts: CandidateFacts) -> Fraction:
        return sum((line.score(facts) for line in self.lines), Fraction(0))


class TurnBy(StrEnum):
    """Whose turn it is."""

    FAIR_SHARE = "fair-share"  # weighted round robin
    LONGEST_WAITING = "longest-waiting"


@attrs.frozen(kw_only=True)
class ByTurn:
    """Those whose turn it is among the members of the pool; when none is a member, all stay."""

    name: str
    by: TurnBy = TurnBy.FAIR_SHARE
    text: Text | None = None


RouteStep: TypeAlias = Prefer | ByOrder | ByValue | ByScore | ByTurn


# outcome


@attrs.frozen(kw_only=True)
class Stage:
    """The candidates left after a step, and those that it sent away."""

    step: str
    left: tuple[str, ...]
    fell: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Routing:
    """To whom a lead is offered, and how that came: the candidates left after each step.

    Neither partners nor tied candidates: nobody was eligible.
    """

    partners: tuple[str, ...] = ()  # to offer it to
    tied: tuple[
        str, ...
    ] = ()  # more than a lead is offered to, and no step tells them apart: a person decides
    is_arbitrary: bool = False  # the order of ids decided, because the policy says so
    stages: tuple[Stage, ...] = ()


def _by_partner(given: Iterable[CandidateFacts]) -> tuple[CandidateFacts, ...]:
    return tuple(sorted(given, key=lambda one: one.partner))


@attrs.frozen(kw_only=True)
class RoutingFacts:
    """What routing a lead depends on: its candidates, in the order of their ids, and the turns of the pool."""

    subject: str  # the id of the lead
    candidates: tuple[CandidateFacts, ...] = attrs.field(converter=_by_partner)
    turns: Turns | None = None

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the lead {self.subject!r:.60} cannot be routed")
        check_ids(faults, subject=self.subject)
        if len(self.candidates) > MOST_CANDIDATES:
            faults.add(f"found {len(self.candidates)}; accepted: at most {MOST_CANDIDATES}", "candidates")
        for partner in repeated(one.partner for one in self.candidates):
            faults.add(f"{partner!r} stands here twice", "candidates")
        faults.raise_if_any()


# policy


@attrs.frozen(kw_only=True, slots=False)
class RoutingPolicy:
    """Answers whom a lead is offered to.

    Whoever does not meet what is asked for falls out first, also when that is not known. Then each step keeps the best by
    what it looks at, and none of them sends away the last. As soon as few enough are left, they are it.
    """

    name: str = "routing/standard"
    eligible: tuple[Criterion, ...] = ()
    steps: tuple[RouteStep, ...] = ()
    winners: int = 1  # offered to at once, at most
    ties_by_id: bool = False  # at the very end the order of ids decides: arbitrary, and said to be

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the policy {self.name!r:.60} cannot be used")
        check_ids(faults, name=self.name)
        check_days(faults, [("winners", self.winners)], lowest=1)
        _check_criteria(faults, "eligible", self.eligible)
        for name in repeated(one.name for one in self.steps):
            faults.add(f"the step {name!r} stands here twice", "steps")
        for place, one in enumerate(self.steps):
            _check_step(faults, f"steps[{place}]", one)
        faults.raise_if_any()

    def decide(self, facts: RoutingFacts, as_of: datetime.date) -> Decision[Routing]:
        """To whom the lead is offered on that day."""
        day = checked_date(as_of, "as_of")
        left: Sequence[CandidateFacts] = facts.candidates
        stages: list[Stage] = []
        for name, kept in self._narrowed(facts, day):
            stages.append(_stage(name, left, kept))
            left = kept
        names = tuple(one.partner for one in left)
        is_tie = len(names) > self.winners
        by_id = is_tie and self.ties_by_id
        chosen = names[: self.winners] if by_id else () if is_tie else names
        routing = Routing(
            partners=chosen, tied=names if is_tie and not by_id else (), is_arbitrary=by_id, stages=tuple(stages)
        )  # fmt: skip
        return Decision(routing, self, day, facts, 0)

    def _narrowed(
        self, facts: RoutingFacts, day: datetime.date
    ) -> Iterable[tuple[str, Sequence[CandidateFacts]]]:
        left: Sequence[CandidateFacts] = facts.candidates
        if self.eligible:
            left = [one for one in left if self._eligibility.decide(one, day).outcome]
            yield ELIGIBLE, left
        for step in self.steps:
            if len(left) <= self.winners:
                return
            left = _kept(step, left, facts.turns, self.winners)
            yield step.name, left

    def reasons(self, decision: Decision[Any]) -> tuple[Reason, ...]:
        """What each candidate was asked for before the steps, by the order of their ids."""
        if not self.eligible:
            return ()
        decided = ((one, self._eligibility.decide(one, decision.as_of)) for one in decision.facts.candidates)
        return tuple(reason._replace(level=one.partner) for one, found in decided for reason in found.reasons)

    def said(self, decision: Decision[Routing]) -> Said:
        """The decision, and what each step did, ready to be put into words."""
        values = {"policy": self.name, "day": decision.as_of, "outcome": _said_outcome(decision)}
        parts = tuple(self._said_stage(decision, one) for one in decision.outcome.stages)
        return Said("{policy} on {day}: {outcome}", values, None, parts)

    def _said_stage(self, decision: Decision[Routing], stage: Stage) -> Said:
        by_id = {one.partner: one for one in decision.facts.candidates}
        step = next((one for one in self.steps if one.name == stage.step), None)
        name = Said("eligible") if step is None else step.text or step.name
        said = tuple(
            Said("{partner}", {"partner": partner}, truth, self._seen(step, by_id[partner], decision))
            for truth, partners in ((Truth.MET, stage.left), (Truth.UNMET, stage.fell))
            for partner in partners
        )
        return Said("{step}: {count} left", {"step": name, "count": len(stage.left)}, None, said)

    def _seen(
        self, step: RouteStep | None, facts: CandidateFacts, decision: Decision[Routing]
    ) -> tuple[Said, ...]:
        """What the step saw of a candidate."""
        if step is None or isinstance(step, Prefer):
            asked = self.eligible if step is None else step.criteria
            ladder = (
                self._eligibility
                if step is None
                else permission(f"{self.name}/{step.name}", CandidateFacts, *asked)
            )
            reason = ladder.decide(facts, decision.as_of).reasons[0]
            parts = reason.parts if len(asked) > 1 else (reason,)
            return tuple(said_of_reason(part, CANDIDATES) for part in parts)
        if isinstance(step, ByTurn):
            turns: Turns | None = decision.facts.turns
            turn = _turn(turns, facts.partner)
            if turn is None:
                return (Said("no member of the pool"),)
            if step.by is TurnBy.FAIR_SHARE:
                return (
                    Said(
                        "{passed} of the round passed, weight {weight}",
                        {"passed": turn.passed, "weight": turn.weight},
                    ),
                )
            return (Said("waiting since lead {number}", {"number": turn.last}),)
        if isinstance(step, ByScore):
            return (Said("score: {number}", {"number": step.score(facts)}),)
        value = getattr(facts, step.fact)
        return (Said("{fact}: {value}", {"fact": CANDIDATES.label(step.fact), "value": value}),)  # fmt: skip

    def written(self, decision: Decision[Routing]) -> dict[str, Any]:
        """The decision's facts and outcome as plain JSON values."""
        from prmcore.values.wire import to_plain

        facts: RoutingFacts = decision.facts
        candidates = [
            {"partner": one.partner, **{name: value_to(value) for name, value in CANDIDATES.values_of(one).items()}}
            for one in facts.candidates
        ]  # fmt: skip
        written = {"subject": facts.subject, "candidates": candidates, "turns": to_plain(facts.turns)}
        return {"facts": written, "outcome": to_plain(decision.outcome), "mask": decision.mask}

    def facts_from(self, written: Mapping[str, Any]) -> RoutingFacts:
        """The facts again, as they were written."""
        from prmcore.values.wire import from_plain

        turns = written["turns"]
        return RoutingFacts(
            subject=written["subject"], turns=None if turns is None else from_plain(turns, Turns),
            candidates=[facts_from(CANDIDATES, one) for one in written["candidates"]],
        )  # fmt: skip

    @cached_property
    def _eligibility(self) -> Ladder[CandidateFacts, bool]:
        return permission(f"{self.name}/eligible", CandidateFacts, *self.eligible)


ELIGIBLE = "eligible"


def _said_outcome(decision: Decision[Routing]) -> Said:
    found = decision.outcome
    if found.is_arbitrary:
        return Said(
            "offered to {partners}, an arbitrary choice: nothing but their ids tells them apart",
            {"partners": found.partners},
        )
    if found.partners:
        return Said("offered to {partners}", {"partners": found.partners})
    if found.tied:
        return Said("ambiguous: nothing tells {partners} apart; a person decides", {"partners": found.tied})
    return Said("nobody is left")  # fmt: skip


def _stage(name: str, before: Sequence[CandidateFacts], after: Sequence[CandidateFacts]) -> Stage:
    left = tuple(one.partner for one in after)
    kept = set(left)
    fell = tuple(one.partner for one in before if one.partner not in kept)
    return Stage(step=name, left=left, fell=fell)


def _kept(
    step: RouteStep, left: Sequence[CandidateFacts], turns: Turns | None, winners: int
) -> Sequence[CandidateFacts]:
    """Those that the step keeps: never none."""
    if isinstance(step, Prefer):
        return [one for one in left if _truth(step.criteria, CANDIDATES.values_of(one)) is Truth.MET] or left
    if isinstance(step, ByTurn):
        among = frozenset(one.partner for one in left)
        by = step.by is TurnBy.FAIR_SHARE
        ranked = [] if turns is None else turns.by_fairness(among) if by else turns.by_waiting(among)
        first = frozenset(ranked[:winners])
        return [one for one in left if one.partner in first] or left
    ranks = {one.partner: _rank(step, one) for one in left}
    best = max((rank for rank in ranks.values() if rank is not None), default=None)
    return [one for one in left if ranks[one.partner] == best]


def _rank(step: ByOrder | ByValue | ByScore, facts: CandidateFacts) -> Fraction | None:
    """The higher, the better; None = not known."""
    if isinstance(step, ByScore):
        return step.score(facts)
    value = getattr(facts, step.fact)
    if isinstance(step, ByOrder):
        return None if value not in step.order else -Fraction(step.order.index(value))
    number = None if value is None else ordinal(value)
    return number if number is None or step.highest else -number


def _turn(turns: Turns | None, partner: str) -> Turn | None:
    found = () if turns is None else turns.turns
    return next((one for one in found if one.partner == partner), None)


def _truth(criteria: Sequence[Criterion], values: Mapping[str, Any]) -> Truth:
    from prmcore.decisions.lint import truth_in

    return truth_in(all_of(*criteria), values)


def _number(value: Any) -> Fraction | None:
    return value.fraction if isinstance(value, Rate) else None if value is None else Fraction(value)


def _check_criteria(faults: Faults, path: str, criteria: Sequence[Criterion]) -> None:
    for place, one in enumerate(criteria):
        check_criterion(one, CANDIDATES, faults, f"{path}[{place}]")


def _check_step(faults: Faults, path: str, step: RouteStep) -> None:
    check_ids(faults, **{f"{path}.name": step.name})
    if step.name == ELIGIBLE:
        faults.add(f"{ELIGIBLE!r} is what comes before the steps; accepted: another name", f"{path}.name")
    if isinstance(step, Prefer):
        if not step.criteria:
            faults.add("found none; accepted: one criterion or more", f"{path}.criteria")
        _check_criteria(faults, f"{path}.criteria", step.criteria)
    elif isinstance(step, ByScore):
        if not step.lines:
            faults.add("found none; accepted: one line or more", f"{path}.lines")
        for place, line in enumerate(step.lines):
            _check_criteria(faults, f"{path}.lines[{place}].when", line.when)
            if line.times is not None:
                _check_fact(
                    faults, f"{path}.lines[{place}].times", line.times, (Kind.COUNT, Kind.NUMBER, Kind.RATE)
                )
    elif isinstance(step, ByOrder):
        _check_fact(faults, f"{path}.fact", step.fact, (Kind.CODE,))
        if not step.order or repeated(step.order):
            faults.add(
                f"found {step.order!r:.80}; accepted: codes, the best first, each once", f"{path}.order"
            )
    elif isinstance(step, ByValue):
        ordered = tuple(kind for kind in Kind if kind.is_ordered)
        _check_fact(faults, f"{path}.fact", step.fact, ordered)  # fmt: skip


def _check_fact(faults: Faults, path: str, name: str, kinds: tuple[Kind, ...]) -> None:
    with faults.within(path):
        if CANDIDATES.field(name).kind not in kinds:
            raise InvalidInput(f"found {name!r}; accepted: a {' or '.join(kind.value for kind in kinds)}")
