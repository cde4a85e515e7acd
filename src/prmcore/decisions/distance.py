"""Distance: what is missing for a criterion to hold, and every smallest set of changes that would do it."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any, TypeAlias

import attrs

from prmcore.decisions.criteria import (
    AllOf,
    AnyOf,
    AtLeastOf,
    Comparison,
    Criterion,
    Leaf,
    Not,
    Rule,
    Truth,
    comparisons,
    leaves,
)  # fmt: skip
from prmcore.decisions.domains import difference, distinct_values, ordinal
from prmcore.decisions.explain import Said
from prmcore.decisions.facts import FactSchema
from prmcore.decisions.reasons import truth_of

__all__ = ["Change", "Distance", "Way", "distance_to", "said_of_change", "said_of_way"]

MOST_WAYS = (
    200  # sets of changes that are followed; a rule with more is answered in part, and the answer says so
)


@attrs.frozen
class Change:
    """One fact that has to become another, to meet these criteria."""

    fact: str
    observed: Any  # None = unknown
    target: Any  # the nearest value that does it
    missing: (
        Any  # target less observed: Money, percentage points, a number, days, codes; None = not an amount
    )
    criteria: tuple[tuple[Comparison, bool], ...]  # and whether each must hold, or must not


@attrs.frozen
class Way:
    """One smallest set of changes after which the criterion holds; leaving one out, it does not."""

    changes: tuple[Change, ...]
    rules: tuple[tuple[Rule, bool], ...] = ()  # function rules that must come out so; nobody can compute how


@attrs.frozen
class Distance:
    """All smallest ways to meet a criterion. No way at all: nothing that the facts could be would meet it."""

    ways: tuple[Way, ...]
    is_complete: bool  # False: there are more ways than are listed

    @property
    def is_met(self) -> bool:
        return any(not way.changes and not way.rules for way in self.ways)


def said_of_way(way: Way, schema: FactSchema) -> tuple[Said, ...]:
    """What has to happen, one thing after the other."""
    return (
        *(said_of_change(change, schema) for change in way.changes),
        *(
            Said(
                "{rule}: has to hold" if wanted else "{rule}: must not hold", {"rule": rule.text or rule.name}
            )
            for rule, wanted in way.rules
        ),
    )


def said_of_change(change: Change, schema: FactSchema) -> Said:
    name = change.fact
    observed, target = schema.called(name, change.observed), schema.called(name, change.target)
    values = {"fact": schema.label(name), "observed": observed, "target": target}
    return Said("{fact}: from {observed} to {target}", values)


Wish: TypeAlias = tuple[Leaf, bool]  # a leaf, and whether it must hold or must not
_Wishes: TypeAlias = frozenset[Wish]


def distance_to(
    criterion: Criterion, schema: FactSchema, values: Mapping[str, Any], facts: Any, as_of: datetime.date
) -> Distance:
    """What is missing from these facts for the criterion to hold.

    Each way is checked: the criterion does hold for the changed facts. Ways are listed fewest changes first.
    """
    truths = {leaf: _truth(leaf, values, facts, as_of) for leaf in leaves(criterion)}
    search = _Search(truths, frozenset(_asked_to_turn(criterion, True, truths)))
    wishes = search.wishes(criterion, True)
    found = [
        way for way in (_way(criterion, one, schema, values, truths) for one in wishes) if way is not None
    ]
    found.sort(key=lambda way: (len(way.changes) + len(way.rules), [change.fact for change in way.changes]))
    return Distance(_smallest(found), search.is_complete)


def _truth(leaf: Leaf, values: Mapping[str, Any], facts: Any, as_of: datetime.date) -> Truth:
    if isinstance(leaf, Rule):
        return leaf.function(facts, as_of).truth
    return Truth.of(leaf.holds(values[leaf.fact]))


def _asked_to_turn(criterion: Criterion, wanted: bool, truths: Mapping[Leaf, Truth]) -> Iterator[str]:
    """The facts that some way may change: those with a comparison that does not come out as wanted."""
    if isinstance(criterion, Comparison):
        if truths[criterion] is not Truth.of(wanted):
            yield criterion.fact
    elif not isinstance(criterion, Rule):
        for part in criterion.parts:
            yield from _asked_to_turn(part, wanted is not isinstance(criterion, Not), truths)


class _Search:
    """Finds the smallest sets of leaves that have to turn, or to stay although their fact changes."""

    def __init__(self, truths: Mapping[Leaf, Truth], turning: frozenset[str]) -> None:
        self.truths = truths
        self.turning = turning
        self.places = {leaf: place for place, leaf in enumerate(truths)}
        self.is_complete = True

    def wishes(self, criterion: Criterion, wanted: bool) -> list[_Wishes]:
        """Every smallest set of leaves on which it hangs that the criterion comes out as wanted."""
        if isinstance(criterion, (Comparison, Rule)):
            stays = isinstance(criterion, Rule) or criterion.fact not in self.turning
            granted = stays and self.truths[criterion] is Truth.of(wanted)
            return [frozenset(() if granted else {(criterion, wanted)})]
        if isinstance(criterion, Not):
            return self.wishes(criterion.part, not wanted)
        of_parts = [self.wishes(part, wanted) for part in criterion.parts]
        return self.joined(of_parts, _count_wanted(criterion, wanted))

    def joined(self, of_parts: list[list[_Wishes]], count: int) -> list[_Wishes]:
        """Sets that serve at least `count` of the parts."""
        by_count: list[list[_Wishes]] = [[frozenset()], *([] for _ in range(count))]
        for part in of_parts:
            for served in range(count, 0, -1):
                more = [one | other for one in by_count[served - 1] for other in part]
                by_count[served] = self.kept([*by_count[served], *more])
        return by_count[count]

    def kept(self, found: Iterable[_Wishes]) -> list[_Wishes]:
        """The smallest of these sets, none holding another."""
        smallest: list[_Wishes] = []
        for one in sorted(set(found), key=self.cost):
            if not any(other <= one for other in smallest):
                smallest.append(one)
        if len(smallest) > MOST_WAYS:
            self.is_complete = False
        return smallest[:MOST_WAYS]

    def cost(self, wishes: _Wishes) -> tuple[int, int, list[tuple[int, bool]]]:
        """The fewest that have to turn first; then in the order of reading."""
        turning = sum(self.truths[leaf] is not Truth.of(wanted) for leaf, wanted in wishes)
        return turning, len(wishes), sorted((self.places[leaf], wanted) for leaf, wanted in wishes)


def _count_wanted(criterion: AllOf | AnyOf | AtLeastOf, wanted: bool) -> int:
    """How many parts must come out as wanted: at least k of n fails when n - k + 1 fail."""
    size = len(criterion.parts)
    needed = (
        criterion.count if isinstance(criterion, AtLeastOf) else 1 if isinstance(criterion, AnyOf) else size
    )
    return needed if wanted else size - needed + 1


def _way(
    criterion: Criterion,
    wishes: _Wishes,
    schema: FactSchema,
    values: Mapping[str, Any],
    truths: Mapping[Leaf, Truth],
) -> Way | None:
    """The changes that grant these wishes and leave the criterion met; None when no values can."""
    rules = tuple(
        sorted(
            ((leaf, wanted) for leaf, wanted in wishes if isinstance(leaf, Rule)),
            key=lambda rule: (rule[0].name, rule[1]),
        )
    )
    by_fact: dict[str, list[tuple[Comparison, bool]]] = {}
    for leaf, wanted in sorted(wishes, key=repr):
        if isinstance(leaf, Comparison):
            by_fact.setdefault(leaf.fact, []).append((leaf, wanted))
    by_fact = {
        fact: asked
        for fact, asked in by_fact.items()
        if any(truths[leaf] is not Truth.of(wanted) for leaf, wanted in asked)
    }
    options = [_targets(fact, asked, criterion, schema, values[fact]) for fact, asked in by_fact.items()]
    granted: dict[Leaf, Truth] = {rule: Truth.of(wanted) for rule, wanted in rules}
    for targets in itertools.islice(itertools.product(*options), 512):
        changed = dict(zip(by_fact, targets, strict=True))
        if _holds(criterion, {**values, **changed}, {**truths, **granted}):
            if _is_smallest(criterion, values, changed, truths, granted):
                changes = [
                    Change(fact, values[fact], target, difference(target, values[fact]), tuple(by_fact[fact]))
                    for fact, target in changed.items()
                ]
                return Way(tuple(changes), rules)
            return None  # what does it with less is found on its own
    return None


def _is_smallest(
    criterion: Criterion,
    values: Mapping[str, Any],
    changed: Mapping[str, Any],
    truths: Mapping[Leaf, Truth],
    granted: Mapping[Leaf, Truth],
) -> bool:
    """Whether leaving out any one change, or any one rule, leaves the criterion without being met."""
    without_fact = ({**values, **changed, fact: values[fact]} for fact in changed)
    without_rule = ({**truths, **granted, rule: truths[rule]} for rule in granted)
    return not any(
        itertools.chain(
            (_holds(criterion, fewer, {**truths, **granted}) for fewer in without_fact),
            (_holds(criterion, {**values, **changed}, fewer) for fewer in without_rule),
        )
    )


def _targets(
    fact: str, asked: list[tuple[Comparison, bool]], criterion: Criterion, schema: FactSchema, observed: Any
) -> list[Any]:
    """The values that grant what is asked of one fact, the nearest first."""
    field = schema.field(fact)
    found = [one for one in comparisons(criterion) if one.fact == fact]
    values = [value for value in distinct_values(field, found, (observed,)) if value is not None]
    granting = [value for value in values if all(one.holds(value) is wanted for one, wanted in asked)]
    return sorted(granting, key=lambda value: _far(value, observed))[:16]


def _far(value: Any, observed: Any) -> Fraction | int:
    if isinstance(value, frozenset):
        return len(value ^ (observed or frozenset()))
    if isinstance(value, (str, bool)):
        return 0
    return abs(ordinal(value) - (ordinal(observed) if observed is not None else 0))


def _holds(criterion: Criterion, values: Mapping[str, Any], truths: Mapping[Leaf, Truth]) -> bool:
    def of_leaf(leaf: Leaf) -> Truth:
        return truths[leaf] if isinstance(leaf, Rule) else Truth.of(leaf.holds(values[leaf.fact]))

    return truth_of(criterion, of_leaf) is Truth.MET


def _smallest(ways: list[Way]) -> tuple[Way, ...]:
    """Without the ways whose changes include all facts that a smaller one changes to the same values."""
    kept: list[Way] = []
    for way in ways:
        steps = {(change.fact, str(change.target)) for change in way.changes} | {
            (rule.name, "") for rule, _ in way.rules
        }
        smaller = [
            {(change.fact, str(change.target)) for change in other.changes}
            | {(rule.name, "") for rule, _ in other.rules}
            for other in kept
        ]
        if not any(other <= steps for other in smaller):
            kept.append(way)
    return tuple(kept)
