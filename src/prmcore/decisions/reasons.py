"""Reasons: every criterion of a policy with what was observed, as a tree, derived from a decision's mask."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

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
    leaves,
)

__all__ = ["Reason"]


class Reason(NamedTuple):
    """One criterion, how it came out, and what was observed.

    `parts` are the reasons below a group. `observed` is the fact's value (None = unknown), or what a function rule
    says that it saw; groups observe nothing. `level` names the rung that the criterion decides, on the outermost
    reason only.
    """

    criterion: Criterion
    truth: Truth
    observed: Any = None
    parts: tuple[Reason, ...] = ()
    level: Any = None
    note: Any = None  # Text | None: a function rule's own words


@attrs.frozen
class Outline:
    """A criterion whose leaves know their place in the mask; made once per policy."""

    criterion: Criterion
    place: int  # of a leaf in the mask; -1 for a group
    parts: tuple[Outline, ...]


def leaves_in(criteria: Sequence[Criterion]) -> tuple[Leaf, ...]:
    """The distinct leaves of several trees in reading order: their places in the mask."""
    return tuple(dict.fromkeys(leaf for criterion in criteria for leaf in leaves(criterion)))


def outline(criterion: Criterion, places: Mapping[Leaf, int]) -> Outline:
    if isinstance(criterion, (Comparison, Rule)):
        return Outline(criterion, places[criterion], ())
    return Outline(criterion, -1, tuple(outline(part, places) for part in criterion.parts))


def combined(criterion: Criterion, truths: Sequence[Truth]) -> Truth:
    """The truth of a group from the truths of its parts, by Kleene's strong three-valued logic."""
    if isinstance(criterion, Not):
        return _NEGATED[truths[0]]
    met = truths.count(_MET)
    unmet = truths.count(_UNMET)
    needed = _needed(criterion, len(truths))
    if met >= needed:
        return _MET
    return _UNMET if len(truths) - unmet < needed else _UNKNOWN


_MET, _UNMET, _UNKNOWN = Truth.MET, Truth.UNMET, Truth.UNKNOWN  # quicker to read than an enum's members
_NEGATED = {_MET: _UNMET, _UNMET: _MET, _UNKNOWN: _UNKNOWN}


def _needed(criterion: Criterion, size: int) -> int:
    """How many of a group's parts must be met: every group is "at least k of"."""
    if isinstance(criterion, AtLeastOf):
        return criterion.count
    return 1 if isinstance(criterion, AnyOf) else size


def truth_of(criterion: Criterion, of_leaf: Callable[[Leaf], Truth]) -> Truth:
    """The truth of a tree, from the truth of its leaves."""
    if isinstance(criterion, (Comparison, Rule)):
        return of_leaf(criterion)
    return combined(criterion, [truth_of(part, of_leaf) for part in criterion.parts])


def truth_on(criterion: Criterion, values: Mapping[str, Any], facts: Any, as_of: datetime.date) -> Truth:
    """The truth of a tree on facts, by name and as they were given, and a day."""
    return truth_of(criterion, lambda leaf: leaf_truth(leaf, values, facts, as_of))


def leaf_truth(leaf: Leaf, values: Mapping[str, Any], facts: Any, as_of: datetime.date) -> Truth:
    """The truth of a comparison, or of a function rule."""
    if isinstance(leaf, Rule):
        return leaf.function(facts, as_of).truth
    return Truth.of(leaf.holds(values[leaf.fact]))


@attrs.frozen
class Reading:
    """A mask read against the facts it came from: gives the reasons."""

    mask: int  # bit i: leaf i is met; bit i + leaves: leaf i is unknown
    leaves: int  # how many
    values: Mapping[str, Any]  # the facts by name
    facts: Any  # as they were given, for function rules
    as_of: datetime.date

    def truth(self, place: int) -> Truth:
        if self.mask >> place & 1:
            return _MET
        return _UNKNOWN if self.mask >> place + self.leaves & 1 else _UNMET

    def reason(self, node: Outline, level: Any = None) -> Reason:
        criterion = node.criterion
        if isinstance(criterion, Comparison):
            return Reason(criterion, self.truth(node.place), self.values[criterion.fact], (), level)
        if isinstance(criterion, Rule):
            seen = criterion.function(self.facts, self.as_of)
            return Reason(criterion, self.truth(node.place), seen.observed, (), level, seen.note)
        parts = tuple([self.reason(part) for part in node.parts])
        return Reason(criterion, combined(criterion, [part.truth for part in parts]), None, parts, level)


def everything_met(parts: Sequence[Criterion]) -> Criterion:
    """Several criteria as the one that asks for all of them."""
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))
