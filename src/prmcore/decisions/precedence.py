"""Precedence: claims are narrowed step by step, and each step says who fell out; where none decides, a person does.

A step is any object with a name that leaves some of the claims: `Prefer`, `ByOrder`, `ByValue` and `ByScore` look at facts,
and a capability adds its own. How the steps are walked is in `narrowing.py`.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any, Generic, Protocol, TypeVar

import attrs

from prmcore.decisions.criteria import Criterion, Truth, all_of, check_criteria
from prmcore.decisions.decision import Decision
from prmcore.decisions.domains import ordinal
from prmcore.decisions.explain import Said, said_of_reason
from prmcore.decisions.facts import FactSchema, FactSheet, Kind, schema_for, schema_of, values_in
from prmcore.decisions.ladder import Ladder
from prmcore.decisions.lines import ScoreLine, check_fact, check_lines
from prmcore.decisions.narrowing import Narrowed, best, kept, narrowings
from prmcore.decisions.permission import permission
from prmcore.decisions.reasons import Reason, truth_on
from prmcore.decisions.wire import facts_from, facts_to
from prmcore.errors import Faults, repeated
from prmcore.values import Text, checked_date, checked_id
from prmcore.values.wire import from_plain, to_plain

__all__ = [
    "ByOrder", "ByScore", "ByValue", "Chosen", "Contest", "Precedence", "Prefer", "Stage", "Step",
]  # fmt: skip

FactsT = TypeVar("FactsT")
_ORDERED = tuple(kind for kind in Kind if kind.is_ordered)


# steps over facts


class Step(Protocol):
    """What leaves some of the claims of a contest, by their facts."""

    @property
    def name(self) -> str: ...

    @property
    def text(self) -> Text | None: ...

    def narrowed(self, left: Sequence[Any], contest: Any, as_of: datetime.date) -> Narrowed[Any]: ...

    def said(self, claim: Any, contest: Any, as_of: datetime.date) -> tuple[Said, ...]:
        """What it saw of a claim."""
        ...

    def check(self, schema: FactSchema, faults: Faults, path: str) -> None:
        """Adds what cannot be used of the step."""
        ...


@attrs.frozen(kw_only=True)
class Prefer:
    """Those that meet the criteria come first; when none does, all stay. What is not known is not met."""

    name: str
    criteria: tuple[Criterion, ...]
    text: Text | None = None

    def narrowed(self, left: Sequence[Any], contest: Any, as_of: datetime.date) -> Narrowed[Any]:
        def holds(one: Any) -> bool:
            return truth_on(all_of(*self.criteria), values_in(one), one, as_of) is Truth.MET

        return kept(self, left, holds)

    def said(self, claim: Any, contest: Any, as_of: datetime.date) -> tuple[Said, ...]:
        return said_of_criteria(f"prefer/{self.name}", self.criteria, claim, as_of)

    def check(self, schema: FactSchema, faults: Faults, path: str) -> None:
        if not self.criteria:
            faults.add("found none; accepted: one criterion or more", f"{path}.criteria")
        check_criteria(self.criteria, schema, faults, f"{path}.criteria")


@attrs.frozen(kw_only=True)
class ByOrder:
    """Those whose code stands first in the list, such as a list of tiers; what is not in it comes last."""

    name: str
    fact: str
    order: tuple[str, ...]
    text: Text | None = None

    def narrowed(self, left: Sequence[Any], contest: Any, as_of: datetime.date) -> Narrowed[Any]:
        ranks = {code: -place for place, code in enumerate(self.order)}
        return best(self, left, lambda one: ranks.get(value_of(one, self.fact)))

    def said(self, claim: Any, contest: Any, as_of: datetime.date) -> tuple[Said, ...]:
        return _said_of_fact(claim, self.fact)

    def check(self, schema: FactSchema, faults: Faults, path: str) -> None:
        check_fact(self.fact, schema, (Kind.CODE,), faults, f"{path}.fact")
        if not self.order or repeated(self.order):
            faults.add(
                f"found {self.order!r:.80}; accepted: codes, the best first, each once", f"{path}.order"
            )


@attrs.frozen(kw_only=True)
class ByValue:
    """Those with the highest value of a fact, or the lowest; when it is known of none, all stay."""

    name: str
    fact: str
    highest: bool = True
    text: Text | None = None

    def narrowed(self, left: Sequence[Any], contest: Any, as_of: datetime.date) -> Narrowed[Any]:
        def rank(one: Any) -> Fraction | None:
            value = value_of(one, self.fact)
            number = None if value is None else ordinal(value)
            return number if number is None or self.highest else -number

        return best(self, left, rank)

    def said(self, claim: Any, contest: Any, as_of: datetime.date) -> tuple[Said, ...]:
        return _said_of_fact(claim, self.fact)

    def check(self, schema: FactSchema, faults: Faults, path: str) -> None:
        check_fact(self.fact, schema, _ORDERED, faults, f"{path}.fact")


@attrs.frozen(kw_only=True)
class ByScore:
    """Those with the highest sum of their lines."""

    name: str
    lines: tuple[ScoreLine, ...]
    text: Text | None = None

    def narrowed(self, left: Sequence[Any], contest: Any, as_of: datetime.date) -> Narrowed[Any]:
        return best(self, left, lambda one: self.score(one, as_of))

    def score(self, claim: Any, as_of: datetime.date) -> Fraction:
        """The sum of its lines."""
        values = values_in(claim)
        return sum((line.score(values, claim, as_of) for line in self.lines), Fraction(0))

    def said(self, claim: Any, contest: Any, as_of: datetime.date) -> tuple[Said, ...]:
        return (Said("score: {number}", {"number": self.score(claim, as_of)}),)

    def check(self, schema: FactSchema, faults: Faults, path: str) -> None:
        check_lines(self.lines, schema, faults, f"{path}.lines")


def value_of(claim: Any, fact: str) -> Any:
    """One fact of a claim."""
    return claim[fact] if isinstance(claim, FactSheet) else getattr(claim, fact)


def said_of_criteria(
    name: str, criteria: tuple[Criterion, ...], claim: Any, as_of: datetime.date
) -> tuple[Said, ...]:
    """What a claim was asked for, each criterion with what was observed."""
    schema = schema_for(claim)
    reason = permission(name, schema, *criteria).decide(claim, as_of).reasons[0]
    parts = reason.parts if len(criteria) > 1 else (reason,)
    return tuple(said_of_reason(part, schema) for part in parts)


def _said_of_fact(claim: Any, fact: str) -> tuple[Said, ...]:
    return (Said("{fact}: {value}", {"fact": schema_for(claim).label(fact), "value": value_of(claim, fact)}),)


def check_steps(steps: Sequence[Step], schema: FactSchema, faults: Faults) -> None:
    """Adds what cannot be used of a list of steps; two of one name could not be told apart in what they did."""
    for name in repeated(one.name for one in steps):
        faults.add(f"the step {name!r} stands here twice", "steps")
    for place, one in enumerate(steps):
        path = f"steps[{place}]"
        with faults.within(f"{path}.name"):
            checked_id(one.name)
        if one.name == ELIGIBLE:
            faults.add(f"{ELIGIBLE!r} is what comes before the steps; accepted: another name", f"{path}.name")
        one.check(schema, faults, path)


# what came of it


ELIGIBLE = "eligible"


@attrs.frozen(kw_only=True)
class Stage:
    """The claims left after a step, and those that it sent away, by what they are called."""

    step: str
    left: tuple[str, ...]
    fell: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Chosen:
    """The claims that go before the others, and how that came: neither these nor tied ones = nobody was eligible."""

    claims: tuple[str, ...] = ()
    tied: tuple[str, ...] = ()  # more than can win, and no step tells them apart: a person decides
    is_arbitrary: bool = False  # the order of names decided, because the policy says so
    stages: tuple[Stage, ...] = ()


def chosen(
    claims: Sequence[Any],
    called: Callable[[Any], str],
    contest: Any,
    as_of: datetime.date,
    *,
    permits: Ladder[Any, bool] | None,
    steps: Sequence[Step],
    winners: int,
    ties_by_name: bool,
) -> Chosen:
    """Which claims go first, by what they are called: those that are permitted (None = all), narrowed until few enough are left."""
    left, stages = tuple(claims), []
    if permits is not None:
        permitted = tuple(one for one in left if permits.decide(one, as_of).outcome)
        stages.append(_stage(ELIGIBLE, map(called, left), map(called, permitted)))
        left = permitted
    for found in narrowings(
        left,
        steps if len(left) > winners else (),
        lambda step, before: step.narrowed(before, contest, as_of),
        lambda after: len(after) <= winners,
    ):
        stages.append(_stage(found.step.name, map(called, left), map(called, found.left)))
        left = found.left
    names = tuple(map(called, left))
    is_tie = len(names) > winners
    return Chosen(
        claims=names[:winners] if ties_by_name or not is_tie else (),
        tied=names if is_tie and not ties_by_name else (),
        is_arbitrary=is_tie and ties_by_name,
        stages=tuple(stages),
    )


def _stage(step: str, before: Iterable[str], after: Iterable[str]) -> Stage:
    left = tuple(after)
    held = frozenset(left)
    return Stage(step=step, left=left, fell=tuple(one for one in before if one not in held))


def reasons_of(
    claims: Mapping[str, Any], permits: Ladder[Any, bool] | None, as_of: datetime.date
) -> tuple[Reason, ...]:
    """What each claim was asked for before the steps; `level` is its name."""
    if permits is None:
        return ()
    found = ((name, permits.decide(one, as_of)) for name, one in claims.items())
    return tuple(reason._replace(level=name) for name, each in found for reason in each.reasons)


def permits_for(
    name: str, facts: type | FactSchema, eligible: Sequence[Criterion]
) -> Ladder[Any, bool] | None:
    """What a policy asks for before its steps; None = nothing."""
    return permission(f"{name}/{ELIGIBLE}", facts, *eligible) if eligible else None


@attrs.frozen(kw_only=True)
class Contest(Generic[FactsT]):
    """What a precedence decides on: claims to one thing, each with its facts."""

    subject: str  # what is claimed
    claims: tuple[FactsT, ...]


@attrs.frozen
class _WrittenContest:
    """The facts of a recorded decision."""

    subject: str
    claims: tuple[Any, ...]  # each by the names of its facts


@attrs.frozen(kw_only=True, slots=False)
class Precedence(Generic[FactsT]):
    """Answers whose claim goes first.

    Whoever does not meet what is asked for falls out first, also when that is not known. Then each step keeps the best by
    what it looks at, and none of them sends away the last. As soon as few enough are left, they are it. The order of the
    claims decides nothing.

    >>> from prmcore.decisions import FactField, FactSchema, FactSheet, Kind, fact
    >>> sources = FactSchema("values of a field", (
    ...     FactField("source", Kind.CODE), FactField("checked", Kind.BOOL), FactField("changed", Kind.DATE)))
    >>> phone = Precedence(name="crm/phone", facts=sources, named_by="source", steps=(
    ...     Prefer(name="checked", criteria=(fact("checked").is_true(),)), ByValue(name="latest", fact="changed")))
    >>> crm = FactSheet.of(sources, {"source": "crm", "checked": True, "changed": datetime.date(2026, 1, 9)})
    >>> erp = FactSheet.of(sources, {"source": "erp", "checked": True, "changed": datetime.date(2026, 2, 1)})
    >>> phone.decide(Contest(subject="A-1", claims=(crm, erp)), datetime.date(2026, 3, 31)).outcome.claims
    ('erp',)
    """

    name: str  # like a document's, with its version
    facts: FactSchema = attrs.field(converter=schema_of)
    named_by: str  # the fact, a code, by which a claim is called; no two claims of a contest share one
    eligible: tuple[Criterion, ...] = ()
    steps: tuple[Step, ...] = ()
    winners: int = 1
    ties_by_name: bool = False  # at the very end the order of names decides: arbitrary, and said to be

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the policy {self.name!r:.100} cannot be used")
        with faults.within("name"):
            checked_id(self.name)
        check_fact(self.named_by, self.facts, (Kind.CODE,), faults, "named_by")
        if type(self.winners) is not int or self.winners < 1:
            faults.add(f"found {self.winners!r:.40}; accepted: 1 or more", "winners")
        check_criteria(self.eligible, self.facts, faults, "eligible")
        check_steps(self.steps, self.facts, faults)
        faults.raise_if_any()

    def decide(self, facts: Contest[FactsT], as_of: datetime.date) -> Decision[Chosen]:
        """Whose claim goes first on that day."""
        checked_date(as_of, "as_of")
        outcome = chosen(
            tuple(self._claims(facts).values()), lambda one: str(value_of(one, self.named_by)), facts, as_of,
            permits=self._permits, steps=self.steps, winners=self.winners, ties_by_name=self.ties_by_name,
        )  # fmt: skip
        return Decision(outcome, self, as_of, facts, 0)

    def _claims(self, contest: Contest[FactsT]) -> dict[str, FactsT]:
        """The claims by their names, in the order of these."""
        faults = Faults(f"the contest of {contest.subject!r:.60} cannot be decided")
        named: list[tuple[str, FactsT]] = []
        for place, one in enumerate(contest.claims):
            with faults.within(f"claims[{place}]"):
                self.facts.check(one)
                name = value_of(one, self.named_by)
                if name is None:
                    faults.add("is missing", f"claims[{place}].{self.named_by}")
                else:
                    named.append((name, one))
        for name in repeated(name for name, _ in named):
            faults.add(f"{name!r} stands here twice", "claims")
        faults.raise_if_any()
        return dict(sorted(named, key=lambda pair: pair[0]))

    @cached_property
    def _permits(self) -> Ladder[Any, bool] | None:
        return permits_for(self.name, self.facts, self.eligible)

    def reasons(self, decision: Decision[Any]) -> tuple[Reason, ...]:
        """What each claim was asked for before the steps, by the order of their names."""
        return reasons_of(self._claims(decision.facts), self._permits, decision.as_of)

    def said(self, decision: Decision[Chosen]) -> Said:
        """The decision, and what each step did, ready to be put into words."""
        values = {"policy": self.name, "day": decision.as_of, "outcome": said_of_chosen(decision.outcome)}
        claims = self._claims(decision.facts)
        parts = said_of_stages(
            decision.outcome.stages, self.steps, self.eligible, claims, decision.facts, decision.as_of
        )
        return Said("{policy} on {day}: {outcome}", values, None, parts)

    def written(self, decision: Decision[Any]) -> dict[str, Any]:
        """The facts and the outcome as plain JSON values."""
        claims = [facts_to(self.facts, one) for one in decision.facts.claims]
        facts = {"subject": decision.facts.subject, "claims": claims}
        return {"facts": facts, "outcome": to_plain(decision.outcome), "mask": decision.mask}

    def facts_from(self, written: Any) -> Contest[Any]:
        read = from_plain(written, _WrittenContest, f"the facts are not those of {self.name}")
        return Contest(subject=read.subject, claims=tuple(facts_from(self.facts, one) for one in read.claims))


def said_of_chosen(outcome: Chosen) -> Said:
    """Who goes first, in no language yet."""
    if outcome.is_arbitrary:
        return Said(
            "{claims} before the others, an arbitrary choice: nothing but their names tells them apart",
            {"claims": outcome.claims},
        )
    if outcome.claims:
        return Said("{claims} before the others", {"claims": outcome.claims})
    if outcome.tied:
        return Said("ambiguous: nothing tells {partners} apart; a person decides", {"partners": outcome.tied})
    return Said("nobody is left")


def said_of_stages(
    stages: Iterable[Stage],
    steps: Sequence[Step],
    eligible: tuple[Criterion, ...],
    claims: Mapping[str, Any],
    contest: Any,
    as_of: datetime.date,
) -> tuple[Said, ...]:
    """What each step did: the claims that it kept and those that it sent away, each with what it saw of them."""
    by_name = {one.name: one for one in steps}

    def seen(stage: Stage, claim: Any) -> tuple[Said, ...]:
        step = by_name.get(stage.step)
        if step is None:
            return said_of_criteria(ELIGIBLE, eligible, claim, as_of)
        return step.said(claim, contest, as_of)

    def said(stage: Stage) -> Said:
        step = by_name.get(stage.step)
        name = Said(ELIGIBLE) if step is None else step.text or step.name
        parts = tuple(
            Said("{partner}", {"partner": claim}, truth, seen(stage, claims[claim]))
            for truth, names in ((Truth.MET, stage.left), (Truth.UNMET, stage.fell))
            for claim in names
        )
        return Said("{step}: {count} left", {"step": name, "count": len(stage.left)}, None, parts)

    return tuple(map(said, stages))
