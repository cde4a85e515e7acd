"""Lint: what is wrong with a ladder before it ever runs, each finding with facts that show it.

The search is exact for criteria that are data: each fact takes the few values that the policy can tell apart, and a
branch is left as soon as the criteria that are already decided rule it out. It stops after a number of steps, and then
says that it could not decide. A function rule cannot be searched; it is named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import attrs

from prmcore.decisions.criteria import (
    Comparison,
    Criterion,
    Leaf,
    Not,
    Rule,
    Truth,
    all_of,
    any_of,
    comparisons,
    leaves,
)
from prmcore.decisions.domains import distinct_values, tells_all_apart
from prmcore.decisions.explain import Said, put_into_words
from prmcore.decisions.facts import FactField, FactSchema
from prmcore.decisions.ladder import Ladder
from prmcore.decisions.reasons import truth_of

__all__ = ["Budget", "Finding", "Undecided", "facts_meeting", "lint_ladder"]

MOST_STEPS = 20_000  # of one search
MOST_READINGS = 3_000_000  # of comparisons, in all searches of one ladder: a few seconds

Values: TypeAlias = Mapping[str, Any]


class Undecided(Exception):
    """The search was given up after `MOST_STEPS`."""


class _Exhausted(Undecided):
    """All searches together have read `MOST_READINGS` comparisons."""


@attrs.define
class Budget:
    """What several searches may read together; whoever has spent it decides nothing more."""

    left: int = attrs.field(factory=lambda: MOST_READINGS)

    @property
    def is_spent(self) -> bool:
        return self.left < 0

    def spend(self, readings: int) -> None:
        self.left -= readings
        if self.is_spent:
            raise _Exhausted


@attrs.frozen
class Finding:
    """Something that is wrong, or looks wrong, and facts that show it."""

    code: str  # contradiction, unreachable-rung, easier-than-below, gap, always-met, function-rule, undecided, ...
    path: str  # where in the program, such as rungs[1]
    said: Said
    witness: Values | None = None  # facts that show it; None = there is nothing to show

    def in_words(self, locale: str = "en") -> str:
        shown = Said("{text}", {"text": put_into_words(self.said, locale).text})
        witness = put_into_words(said_of_facts(self.witness or {}), locale).text
        return put_into_words(shown, locale).text + (f" ({witness})" if self.witness else "")

    def __str__(self) -> str:
        return f"{self.code}: {self.in_words()} @ {self.path}"


def said_of_facts(values: Values) -> Said:
    """Facts as a list: name = value."""
    shown = [f"{name} = {_shown(value)}" for name, value in values.items()]
    return Said("for example {facts}", {"facts": ", ".join(shown)})


def _shown(value: Any) -> str:
    return ", ".join(sorted(value)) or "nothing" if isinstance(value, frozenset) else str(value)


def facts_meeting(
    wanted: Criterion,
    schema: FactSchema,
    limits: Mapping[str, tuple[Any, Any]] | None = None,
    budget: Budget | None = None,
) -> dict[str, Any] | None:
    """Facts for which the criterion is met; None when there are none.

    `limits` are the lowest and highest values that a fact can have. Raises `Undecided`; several searches that are given one
    `budget` together take no more than a few seconds.
    """
    found: dict[str, list[Comparison]] = {}
    for one in comparisons(wanted):
        found.setdefault(one.fact, []).append(one)
    domains = {
        fact: _domain(schema.field(fact), ones, (limits or {}).get(fact))
        for fact, ones in sorted(found.items(), key=lambda item: -len(item[1]))
    }
    answer = _Search(wanted, domains, budget or Budget()).from_fact(0, {})
    if answer is None and not all(tells_all_apart(schema.field(fact), found[fact]) for fact in found):
        raise Undecided
    return answer


def _domain(field: FactField, found: Sequence[Comparison], limit: tuple[Any, Any] | None) -> tuple[Any, ...]:
    values = distinct_values(field, found, limit or ())
    return values if limit is None else tuple(value for value in values if limit[0] <= value <= limit[1])


class _Search:
    """Gives the facts values one after the other, as long as the criterion can still be met."""

    def __init__(self, wanted: Criterion, domains: Mapping[str, tuple[Any, ...]], budget: Budget) -> None:
        self.wanted, self.domains, self.order, self.budget = wanted, domains, list(domains), budget
        self.steps = 0
        self.size = sum(1 for _ in leaves(wanted))

    def from_fact(self, place: int, values: dict[str, Any]) -> dict[str, Any] | None:
        self.steps += 1
        self.budget.spend(self.size)
        if self.steps > MOST_STEPS:
            raise Undecided
        truth = truth_in(self.wanted, values)
        if truth is not Truth.UNKNOWN or place == len(self.order):
            return self.filled(values) if truth is Truth.MET else None
        fact = self.order[place]
        for value in self.domains[fact]:
            answer = self.from_fact(place + 1, {**values, fact: value})
            if answer is not None:
                return answer
        return None

    def filled(self, values: dict[str, Any]) -> dict[str, Any]:
        """The facts that did not matter get some value, so that the answer is whole."""
        return {
            fact: values.get(fact, self.domains[fact][0] if self.domains[fact] else None)
            for fact in self.order
        }


def truth_in(criterion: Criterion, values: Values) -> Truth:
    """The truth of a criterion that is data, where facts without a value are unknown."""

    def of_leaf(leaf: Leaf) -> Truth:
        return Truth.UNKNOWN if isinstance(leaf, Rule) else Truth.of(leaf.holds(values.get(leaf.fact)))

    return truth_of(criterion, of_leaf)


def lint_ladder(
    ladder: Ladder[Any, Any], limits: Mapping[str, tuple[Any, Any]] | None = None
) -> tuple[Finding, ...]:
    """Everything that looks wrong with a ladder: contradictions, rungs nobody reaches, rungs that ask for less than
    the one below them, and holes between bands."""
    return _Linter(ladder, limits or {}).findings()


class _Linter:
    def __init__(self, ladder: Ladder[Any, Any], limits: Mapping[str, tuple[Any, Any]]) -> None:
        self.ladder, self.limits = ladder, limits
        self.rules = [one.criterion for one in ladder.rungs]
        self.found: list[Finding] = []
        self.standing: dict[int, dict[str, Any]] = {}  # facts that stand on each rung
        self.budget = Budget()
        self.sizes = [sum(1 for _ in leaves(rule)) for rule in self.rules]

    def findings(self) -> tuple[Finding, ...]:
        place = 0
        try:
            for place in range(len(self.rules)):
                self.lint_rung(place)
            self.holes()
        except _Exhausted:
            said = Said(
                "{level} and what follows: too many combinations to decide", {"level": self.called(place)}
            )
            self.found.append(Finding("undecided", self.path(place), said))
        return tuple(self.found)

    def lint_rung(self, place: int) -> None:
        functions = [leaf.name for leaf in leaves(self.rules[place]) if isinstance(leaf, Rule)]
        if functions:
            said = Said("the rule {rule} is a function; it cannot be checked", {"rule": ", ".join(functions)})
            self.found.append(Finding("function-rule", self.path(place), said))
        else:
            self.attempt(place)

    def attempt(self, place: int) -> None:
        try:
            self.check_rung(place)
        except _Exhausted:
            raise
        except Undecided:
            said = Said("{level}: too many combinations to decide", {"level": self.called(place)})
            self.found.append(Finding("undecided", self.path(place), said))

    def check_rung(self, place: int) -> None:
        level, rule = self.called(place), self.rules[place]
        meeting = self.search(rule)
        if meeting is None:
            self.found.append(Finding("contradiction", self.path(place), self.contradiction(place)))
            return
        better = [other for other in self.rules[:place] if self.is_data(other)]
        here = self.search(all_of(rule, *(Not(other) for other in better))) if better else meeting
        if here is None:
            said = Said(
                "nobody can stand on {level}: whoever meets it meets a better level", {"level": level}
            )
            shown = self.search(all_of(rule, any_of(*better)))  # with all that the better level asks for
            self.found.append(Finding("unreachable-rung", self.path(place), said, shown))
            return
        self.standing[place] = here
        if self.search(Not(rule)) is None:
            self.found.append(
                Finding(
                    "always-met", self.path(place), Said("everybody meets {level}", {"level": level}), meeting
                )
            )
        if place + 1 < len(self.rules) and self.is_data(self.rules[place + 1]):
            self.compare_with_below(place)

    def compare_with_below(self, place: int) -> None:
        """Whoever meets a rung should meet the one below it."""
        shown = self.search(all_of(self.rules[place], Not(self.rules[place + 1])))
        below = self.search(all_of(self.rules[place + 1], Not(self.rules[place])))
        if shown is None or not self.asks_less(place):
            return
        message = (
            "{level} is easier than {below}: whoever meets {below} meets {level}"
            if below is None
            else "{level} can be met without meeting {below}, the level below it"
        )
        values = {"level": self.called(place), "below": self.called(place + 1)}
        self.found.append(Finding("easier-than-below", self.path(place), Said(message, values), shown))

    def asks_less(self, place: int) -> bool:
        """Bands such as 100 to 499 below 500 to 999 exclude each other on purpose; that is not "easier"."""
        return self.search(all_of(self.rules[place], self.rules[place + 1])) is not None

    def contradiction(self, place: int) -> Said:
        """The smallest run of criteria that cannot hold together."""
        core = list(self.ladder.rungs[place].criteria)
        for criterion in list(core):
            fewer = [other for other in core if other is not criterion]
            if fewer and self.search(all_of(*fewer)) is None:
                core = fewer
        shown = sorted({one.fact for criterion in core for one in comparisons(criterion)})
        values = {"level": self.called(place), "facts": ", ".join(shown), "count": len(core)}
        return Said("nobody can meet {level}: its criteria on {facts} contradict each other", values)

    def holes(self) -> None:
        """A hole: of one fact, less and more both reach a better level than the value between them."""
        for fact in sorted({one.fact for rule in self.rules for one in comparisons(rule)}):
            field = self.ladder.facts.field(fact)
            if not field.kind.is_ordered:
                continue
            for place, values in self.standing.items():
                if self.holes_along(fact, values, place):
                    break

    def holes_along(self, fact: str, values: dict[str, Any], place: int) -> bool:
        """Notes every hole by its lowest value; whether there is one."""
        found = [one for rule in self.rules for one in comparisons(rule) if one.fact == fact]
        line = _domain(self.ladder.facts.field(fact), found, self.limits.get(fact))
        ranks = [self.rank({**values, fact: value}) for value in line]
        holes = [
            middle
            for middle in range(1, len(line) - 1)
            if ranks[middle] < min(max(ranks[:middle]), max(ranks[middle + 1 :]))
        ]
        for middle in holes:
            if middle - 1 not in holes:
                level = self.ladder.called(self.ladder.levels[-1 - ranks[middle]])
                said = Said(
                    "a hole in {fact}: at {value} the level is {level}, though less of it and more of it both reach a better one",
                    {"fact": self.ladder.facts.label(fact), "value": line[middle], "level": level},
                )
                self.found.append(Finding("gap", self.path(place), said, {**values, fact: line[middle]}))
        return bool(holes)

    def rank(self, values: Values) -> int:
        for place, rule in enumerate(self.rules):
            self.budget.spend(self.sizes[place])
            if truth_in(rule, values) is Truth.MET:
                return len(self.rules) - place
        return 0

    def search(self, wanted: Criterion) -> dict[str, Any] | None:
        return facts_meeting(wanted, self.ladder.facts, self.limits, self.budget)

    def is_data(self, rule: Criterion) -> bool:
        return not any(isinstance(leaf, Rule) for leaf in leaves(rule))

    def path(self, place: int) -> str:
        return f"rungs[{place}]"

    def called(self, place: int) -> Any:
        return self.ladder.called(self.ladder.levels[place])
