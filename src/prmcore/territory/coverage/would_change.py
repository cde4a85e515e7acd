"""What would change an assignment: one attribute of the account, or the passing of time, with everything else as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice, zip_longest
from typing import Any

import attrs

from prmcore.decisions import Decision, Kind
from prmcore.territory.coverage.assignment import Assignment, assignment
from prmcore.territory.coverage.axes import Likeness
from prmcore.territory.coverage.index import Column, CoverageIndex, Result
from prmcore.territory.coverage.model import ACCOUNT, Dimension, PostcodeDimension, SpanDimension

__all__ = ["Alternative", "would_change"]

MOST = 8  # alternatives, of one decision


@attrs.frozen
class Alternative:
    """One attribute, another value of it, and who would cover the account then."""

    dimension: str | None  # None = another day
    value: Any
    outcome: Assignment
    below: Any = (
        None  # of whole numbers, money and days: every value below this one, and the value is one of them
    )


def would_change(
    index: CoverageIndex, decision: Decision[Assignment], most: int = MOST
) -> tuple[Alternative, ...]:
    """The nearest other outcomes: on ordered dimensions up and down, on others the nearest value for each outcome, then later days.

    Where there are more than `most`, the dimensions take turns.
    """
    names = [name for name in index.names if name != ACCOUNT]
    ways = [*(_along(index, decision, name) for name in names), _later(index, decision)]
    by_turns = (one for turn in zip_longest(*ways) for one in turn if one is not None)
    order = {name: place for place, name in enumerate([*names, None])}
    return tuple(sorted(islice(by_turns, most), key=lambda one: order[one.dimension]))


def _along(index: CoverageIndex, decision: Decision[Assignment], name: str) -> Iterator[Alternative]:
    """Other outcomes along one dimension."""
    column = index.columns[name]
    values = index.placed(decision.facts.values)
    here = column.axis.place(values[index.names.index(name)])
    rest = index.holding_but(name, decision.facts.values, decision.as_of)
    seen = {_known(decision.outcome)}
    dimension = index.model.dimension(name)
    size = len(column.axis.pieces)
    ways: list[Iterable[int]] = [range(here + 1, size), range(here - 1, -1, -1)]
    if not isinstance(dimension, (SpanDimension, PostcodeDimension)):  # in a tree, what is near stands near
        ways = [sorted(range(size), key=lambda place: abs(place - here))]
    country = column.axis.pieces[here].country
    for way in ways:
        for place in way:
            piece = column.axis.pieces[place]
            if piece.likeness > Likeness.COARSE or piece.example is None:
                continue
            if isinstance(dimension, PostcodeDimension) and piece.country != country:
                continue
            outcome = assignment(index, rest & column.vectors[place])
            if _known(outcome) in seen:
                continue
            yield Alternative(
                name, piece.example, outcome, _bound(dimension, column, place) if place < here else None
            )
            if isinstance(dimension, (SpanDimension, PostcodeDimension)):
                break
            seen.add(_known(outcome))


def _bound(dimension: Dimension, column: Column, place: int) -> Any:
    """Where a piece of an ordered dimension ends; None = it cannot be said by one value."""
    if not isinstance(dimension, SpanDimension) or dimension.kind not in (Kind.COUNT, Kind.MONEY, Kind.DATE):
        return None
    return column.axis.pieces[place + 1].example


def _later(index: CoverageIndex, decision: Decision[Assignment]) -> Iterator[Alternative]:
    """The next day on which somebody else covers the account."""
    days: Column = index.days
    rest = index.holding_but(None, decision.facts.values, decision.as_of)
    for place in range(days.axis.place(decision.as_of) + 1, len(days.axis.pieces)):
        outcome = assignment(index, rest & days.vectors[place])
        if _known(outcome) != _known(decision.outcome):
            yield Alternative(None, days.axis.pieces[place].example, outcome)
            return


def _known(outcome: Assignment) -> tuple[Any, ...]:
    """What counts as another outcome."""
    return (outcome.result, outcome.territory, outcome.result is Result.AMBIGUOUS and outcome.tied)
