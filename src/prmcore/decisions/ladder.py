"""The ladder: the best rung whose rules all hold."""

from __future__ import annotations

import datetime
from functools import cached_property
from typing import Any, Generic, TypeVar

import attrs

from prmcore.decisions.compile import MOST_LEAVES, Judge, compiled
from prmcore.decisions.criteria import AllOf, Criterion, Leaf, Truth, check_criterion, comparisons
from prmcore.decisions.decision import Decision
from prmcore.decisions.explain import Said, said_of_reason
from prmcore.decisions.facts import FactSchema, schema_of
from prmcore.decisions.interpret import interpret
from prmcore.decisions.reasons import Outline, Reading, Reason, everything_met, leaves_in, outline
from prmcore.decisions.wire import facts_from, facts_to, value_to
from prmcore.errors import Faults, InvalidInput
from prmcore.values import Money, Text
from prmcore.values.date_ranges import checked_date

__all__ = ["Ladder", "Rung", "rung"]

FactsT = TypeVar("FactsT")
LevelT = TypeVar("LevelT")


@attrs.frozen
class Rung(Generic[LevelT]):
    """A level and the criteria that must all be met to stand on it."""

    level: LevelT
    criteria: tuple[Criterion, ...]
    text: Text | None = None  # what people call the level; None = the level itself

    @property
    def criterion(self) -> Criterion:
        return everything_met(self.criteria)


def rung(level: LevelT, *criteria: Criterion, text: Text | None = None) -> Rung[LevelT]:
    """A rung of a ladder: the level, then what it asks for."""
    return Rung(level, criteria, text)


@attrs.frozen(slots=False, repr=False)
class Ladder(Generic[FactsT, LevelT]):
    """Answers which level the facts reach: the first rung, from the best down, whose criteria all hold.

    An unknown fact never grants a rung and never fails the whole: `could_be` says what the facts might still reach.
    A misspelt fact, a comparison that does not suit its kind and a level named twice are refused when the ladder is
    built, all at once.

    >>> from prmcore.decisions import FactField, FactSchema, FactSheet, Kind, fact
    >>> facts = FactSchema("facts", (FactField("users", Kind.COUNT),))
    >>> ladder = Ladder("tiers/2026", facts=facts, otherwise="registered",
    ...                 rungs=(rung("gold", fact("users").at_least(150)), rung("silver", fact("users").at_least(50))))
    >>> ladder.decide(FactSheet.of(facts, {"users": 80}), datetime.date(2026, 3, 31))
    Decision('silver', 'tiers/2026', as_of=2026-03-31)
    """

    name: str  # like a document's, with its version: "tiers/2026"
    facts: FactSchema = attrs.field(converter=schema_of, kw_only=True)
    rungs: tuple[Rung[LevelT], ...] = attrs.field(kw_only=True)  # best first
    otherwise: LevelT = attrs.field(kw_only=True)  # when no rung is reached
    otherwise_text: Text | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the policy {self.name!r} cannot be used")
        seen = {self.otherwise}
        currencies: dict[str, str] = {}
        for place, one in enumerate(self.rungs):
            if one.level in seen:
                faults.add(f"the level {one.level!r} stands here twice", f"rungs[{place}].level")
            seen.add(one.level)
            if not one.criteria:
                faults.add(
                    "asks for nothing; the level of everyone is `otherwise`", f"rungs[{place}].requires"
                )
            for number, criterion in enumerate(one.criteria):
                path = f"rungs[{place}].requires[{number}]"
                found = len(faults.found)
                check_criterion(criterion, self.facts, faults, path)
                if len(faults.found) == found:  # it is a tree, and not too deep to walk
                    _check_currencies(criterion, currencies, faults, path)
        faults.raise_if_any()

    def decide(self, facts: FactsT, as_of: datetime.date) -> Decision[LevelT]:
        """The best rung that the facts reach on that day."""
        if as_of.__class__ is not datetime.date:
            checked_date(as_of, "as_of")
        place, mask = self.judge(facts, as_of)
        return Decision(self.levels[place], self, as_of, facts, mask)

    def judge(self, facts: FactsT, as_of: datetime.date) -> tuple[int, int]:
        """The place of the level among `levels`, and the mask; what `decide` wraps."""
        try:
            return self._judge(facts, as_of)
        except (TypeError, AttributeError):  # a value of the wrong kind: say which
            return self.interpret(facts, as_of)  # or of a class below it; a rule's own error comes out again

    def check(self, facts: FactsT) -> None:
        """Refuses facts of the wrong kinds or currencies, listing all that the policy asks for."""
        self.facts.check(facts, self.asked)
        faults = Faults(f"the facts do not suit {self.name!r}")
        values = self.facts.values_of(facts)
        for leaf in self.leaves:
            for one in comparisons(leaf):
                value, bound = values[one.fact], one.bounds[0]
                if isinstance(value, Money) and value.currency != bound.currency:
                    faults.add(f"found {value}; the policy asks for {bound.currency}", one.fact)
        faults.raise_if_any()

    def interpret(self, facts: FactsT, as_of: datetime.date) -> tuple[int, int]:
        """What `judge` answers, read plainly: the reference."""
        self.check(facts)
        return interpret(self._places, self._rules, self.facts.values_of(facts), facts, as_of)

    def reasons(self, decision: Decision[Any]) -> tuple[Reason, ...]:
        """One reason per rung, best first, with everything it asks for below it."""
        reading = self.reading(decision)
        return tuple(
            [reading.reason(node, one.level) for one, node in zip(self.rungs, self._outlines, strict=True)]
        )

    def reading(self, decision: Decision[Any]) -> Reading:
        values = self.facts.values_of(decision.facts)
        return Reading(decision.mask, len(self.leaves), values, decision.facts, decision.as_of)

    def said(self, decision: Decision[Any]) -> Said:
        """The decision and its reasons, ready to be put into words."""
        values = {"policy": self.name, "day": decision.as_of, "level": self.called(decision.outcome)}
        return Said("{policy} on {day}: {level}", values, None, self.said_rungs(decision))

    def said_rungs(self, decision: Decision[Any]) -> tuple[Said, ...]:
        """Each rung, best first, with what it asks for."""
        return tuple(self._said_rung(reason) for reason in self.reasons(decision))

    def _said_rung(self, reason: Reason) -> Said:
        parts = reason.parts if isinstance(reason.criterion, AllOf) else (reason,)
        said = tuple(said_of_reason(part, self.facts) for part in parts)
        return Said("{level}", {"level": self.called(reason.level)}, reason.truth, said)

    def called(self, level: Any) -> Any:
        """What people call a level."""
        return self._texts.get(level) or level

    def could_be(self, decision: Decision[Any]) -> LevelT:
        """The best level that is not ruled out: what the facts reach if all that is unknown turns out well."""
        for reason in self.reasons(decision):
            if reason.truth is not Truth.UNMET:
                level: LevelT = reason.level
                return level
        return self.otherwise

    def rank(self, level: LevelT) -> int:
        """How high a level stands: 0 is the lowest, `otherwise`."""
        if level not in self.ranks:
            raise InvalidInput(
                f"{self.name!r} has no level {level!r}; its levels: {', '.join(map(str, self.levels))}"
            )
        return self.ranks[level]

    def written(self, decision: Decision[Any]) -> dict[str, Any]:
        """The decision's facts and outcome as plain JSON values."""
        facts = facts_to(self.facts, decision.facts)
        return {"facts": facts, "outcome": value_to(decision.outcome), "mask": decision.mask}

    def facts_from(self, written: Any) -> Any:
        """The facts again, as the record or sheet that the ladder is about."""
        return facts_from(self.facts, written)

    @cached_property
    def levels(self) -> tuple[LevelT, ...]:
        """Best first, `otherwise` last."""
        return (*(one.level for one in self.rungs), self.otherwise)

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        """The distinct comparisons and rules, in the order of the mask's bits."""
        return leaves_in(self._rules)

    @cached_property
    def asked(self) -> frozenset[str]:
        """The facts that some criterion asks for."""
        return frozenset(one.fact for leaf in self.leaves for one in comparisons(leaf))

    @cached_property
    def _rules(self) -> tuple[Criterion, ...]:
        return tuple(one.criterion for one in self.rungs)

    @cached_property
    def _places(self) -> dict[Leaf, int]:
        return {leaf: place for place, leaf in enumerate(self.leaves)}

    @cached_property
    def _outlines(self) -> tuple[Outline, ...]:
        return tuple(outline(rule, self._places) for rule in self._rules)

    @cached_property
    def ranks(self) -> dict[LevelT, int]:
        """How high each level stands."""
        return {level: rank for rank, level in enumerate(reversed(self.levels))}

    @cached_property
    def _texts(self) -> dict[LevelT, Text | None]:
        return {self.otherwise: self.otherwise_text, **{one.level: one.text for one in self.rungs}}

    @cached_property
    def _judge(self) -> Judge:
        return (
            self.interpret
            if len(self.leaves) > MOST_LEAVES
            else compiled(self._places, self._rules, self.facts)
        )

    def __getstate__(self) -> dict[str, Any]:
        """What is derived, the compiled function among it, is made anew where a pickle is opened."""
        return {field.name: getattr(self, field.name) for field in attrs.fields(type(self))}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    def __repr__(self) -> str:
        return f"Ladder({self.name!r}: {', '.join(map(str, self.levels))})"


def _check_currencies(criterion: Criterion, seen: dict[str, str], faults: Faults, path: str) -> None:
    """One fact is compared in one currency throughout a policy: money of two is never compared."""
    for one in comparisons(criterion):
        for bound in one.bounds:
            if isinstance(bound, Money) and seen.setdefault(one.fact, bound.currency) != bound.currency:
                faults.add(
                    f"{one.fact} is compared in {seen[one.fact]} elsewhere, here in {bound.currency}", path
                )
