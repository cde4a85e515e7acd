"""The index of a model: every rule a bit, in the order in which rules win; every piece of every axis the rules that hold there.

Which rules hold for an account is one `and` of bit vectors, and the lowest bit left is the rule that wins, or one of those
that nothing tells apart. Rules stand so: primaries, house rules, exclusions, overlays; among each, whoever can beat another
stands before it.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cached_property, reduce
from itertools import accumulate, chain
from operator import and_, or_, xor
from typing import Any

import attrs

from prmcore.territory.coverage.axes import Axis, Runs, day_axis, shared, without
from prmcore.territory.coverage.cells import Among, Postcodes, Under
from prmcore.territory.coverage.model import (
    ACCOUNT,
    CoverageModel,
    CoverageRule,
    PostcodeDimension,
    Ranking,
    Role,
    TreeDimension,
)  # fmt: skip

__all__ = ["CoverageIndex", "Result", "Winner", "places_in"]

_ROLES = (Role.PRIMARY, Role.HOUSE, Role.EXCLUSION, Role.OVERLAY)
BLOCK = 64  # pieces that are combined once and for all
REMEMBERED = 100_000  # sets of rules that hold together, and what came of them


class Result(StrEnum):
    """What became of an account."""

    ASSIGNED = "assigned"
    HOUSE = "house"  # no primary rule holds, a house rule does
    AMBIGUOUS = (
        "ambiguous"  # rules of several territories hold and nothing tells them apart: a person decides
    )
    UNASSIGNED = "unassigned"


@attrs.frozen
class Winner:
    """Which territory covers an account, and by which rule."""

    result: Result
    territory: str | None = None
    rule: str | None = None
    tied: tuple[str, ...] = ()  # ids of rules that nothing tells apart, when they are of several territories
    is_arbitrary: bool = False  # told apart by their ids alone


NOBODY = Winner(Result.UNASSIGNED)


def bits(places: Sequence[int]) -> int:
    """A set of places as one number."""
    if len(places) < 3:
        return sum(1 << place for place in places)
    found = bytearray((max(places) >> 3) + 1)
    for place in places:
        found[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(found, "little")


def places_in(mask: int) -> Iterator[int]:
    """The places of a set, from the first on."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


class Column:
    """One axis with the rules that hold in each of its pieces."""

    def __init__(self, axis: Axis, cells: Sequence[Runs]) -> None:
        self.axis, self.cells = axis, cells
        by_cell: dict[int, list[int]] = {}
        for place, runs in enumerate(cells):  # equal runs are one object
            by_cell.setdefault(id(runs), []).append(place)
        self.of_cell = {cells[places[0]]: bits(places) for places in by_cell.values()}
        self.any = self.of_cell.get(axis.whole, 0)
        self.vectors = _swept(len(axis.pieces), self.of_cell)
        self._meeting: dict[Runs, int] = {}
        self._holding: dict[Runs, int] = {}
        self._inside: dict[Runs, int] = {}

    def vector(self, value: Any) -> int:
        return self.vectors[self.axis.place(value)]

    def inside(self, runs: Runs, every: int) -> int:
        """The rules whose cell lies in this one."""
        if runs not in self._inside:
            self._inside[runs] = every & ~self.meeting(without(self.axis.whole, runs))
        return self._inside[runs]

    def meeting(self, runs: Runs) -> int:
        """The rules whose cell shares a piece with this one."""
        if runs not in self._meeting:
            self._meeting[runs] = reduce(or_, (self._ors.over(start, end) for start, end in runs), 0)
        return self._meeting[runs]

    def holding(self, runs: Runs, every: int) -> int:
        """The rules whose cell has all pieces of this one."""
        if runs == self.axis.whole:
            return self.any
        if runs not in self._holding:
            self._holding[runs] = reduce(and_, (self._ands.over(start, end) for start, end in runs), every)
        return self._holding[runs]

    @cached_property
    def _ors(self) -> _Combined:
        return _Combined(self.vectors, or_)

    @cached_property
    def _ands(self) -> _Combined:
        return _Combined(self.vectors, and_)


class _Combined:
    """What comes of combining the vectors of a run of pieces.

    What lies outside of a cell begins or ends with the axis, so the runs from its beginning and to its end are kept; inside
    of it, blocks.
    """

    def __init__(self, vectors: list[int], combine: Callable[[int, int], int]) -> None:
        self.vectors, self.combine = vectors, combine
        self.blocks = [
            reduce(combine, vectors[start : start + BLOCK]) for start in range(0, len(vectors), BLOCK)
        ]
        self.first = list(accumulate(vectors, combine))
        self.last = list(accumulate(reversed(vectors), combine))

    def over(self, start: int, end: int) -> int:
        """Of a run that is not empty."""
        if start == 0:
            return self.first[end - 1]
        if end == len(self.vectors):
            return self.last[end - start - 1]
        if end - start < 2 * BLOCK:
            return reduce(self.combine, self.vectors[start:end])
        low, high = -(-start // BLOCK), end // BLOCK  # the blocks that lie in the run
        parts = (self.vectors[start : low * BLOCK], self.blocks[low:high], self.vectors[high * BLOCK : end])
        return reduce(self.combine, chain(*parts))


def _swept(pieces: int, of_cell: Mapping[Runs, int]) -> list[int]:
    """The rules that hold in each piece: each cell begins and ends where its runs do."""
    turns = [0] * (pieces + 1)
    for runs, mask in of_cell.items():
        for start, end in runs:
            turns[start] ^= mask
            turns[end] ^= mask
    return list(accumulate(turns[:pieces], xor))


class CoverageIndex:
    """A model, ready to be asked. Made once for each version, and kept with its policy."""

    def __init__(self, model: CoverageModel) -> None:
        self.model = model
        axes = model.axes()
        self.names = tuple(axes)  # the dimensions, in the order of the facts
        cells = _cells(model, axes)
        ranks = [self._rank(rule) for rule in model.rules]
        order = _winning_order(model, ranks, cells)
        self.rules = tuple(model.rules[place] for place in order)
        self.columns = {
            name: Column(axis, [cells[name][place] for place in order]) for name, axis in axes.items()
        }
        self.days = _day_column(model, self.rules)
        self.size = len(self.rules)
        self.every = (1 << self.size) - 1
        self._index_roles([ranks[place] for place in order])
        self._rivals: list[int | None] = [None] * self.size
        self._beaten: list[int | None] = [None] * self.size
        self._beaters: list[int | None] = [None] * self.size
        self._compared = [self.columns[name] for name in model.compared]
        self._winners: dict[int, Winner] = {}
        self._remembered: dict[int, Winner] = {}

    def _rank(self, rule: CoverageRule) -> tuple[int, ...]:
        """By role, then by what does not compare regions."""
        found = [_ROLES.index(rule.role)]
        for step in self.model.ranking:
            if step is Ranking.PRIORITY:
                found.append(-rule.priority)
            elif step is Ranking.NAMED:
                found.append(int(rule.accounts is None))
        return tuple(found)

    def _index_roles(self, ranks: Sequence[tuple[int, ...]]) -> None:
        roles: dict[Role, list[int]] = {role: [] for role in Role}
        ranked: dict[tuple[int, ...], list[int]] = {}
        territories: dict[str | None, list[int]] = {}
        for place, rule in enumerate(self.rules):
            roles[rule.role].append(place)
            ranked.setdefault(ranks[place], []).append(place)
            territories.setdefault(rule.territory, []).append(place)
        self.of_role = {role: bits(places) for role, places in roles.items()}
        self.of_territory = {name: bits(places) for name, places in territories.items()}
        self.competing = self.of_role[Role.PRIMARY] | self.of_role[Role.HOUSE]
        self.candidates = len(roles[Role.PRIMARY]) + len(roles[Role.HOUSE])  # rules before this place can win
        self.exclusions = self.of_role[Role.EXCLUSION]
        masks = {rank: bits(places) for rank, places in ranked.items()}
        self.peers = [masks[rank] for rank in ranks]  # rules that only their regions tell apart

    def as_winner(self, place: int) -> Winner:
        """That a rule wins."""
        found = self._winners.get(place)
        if found is None:
            rule = self.rules[place]
            result = Result.HOUSE if rule.role is Role.HOUSE else Result.ASSIGNED
            found = self._winners[place] = Winner(result, rule.territory, rule.id)
        return found

    # which rules hold

    def holding(self, values: Sequence[Any], as_of: datetime.date) -> int:
        """The rules that hold for values in the order of the facts, on a day: exclusions and what they exclude among them."""
        found = self.days.vectors[self.days.axis.place(as_of)]
        for name, value in zip(self.names, self.placed(values), strict=True):
            found &= self.columns[name].vector(value)
        return found

    def holding_but(self, left_out: str | None, values: Sequence[Any], as_of: datetime.date) -> int:
        """The rules that would hold if one dimension did not matter; None = the day does not."""
        found = self.every if left_out is None else self.days.vectors[self.days.axis.place(as_of)]
        for name, value in zip(self.names, self.placed(values), strict=True):
            if name != left_out:
                found &= self.columns[name].vector(value)
        return found

    def placed(self, values: Sequence[Any]) -> list[Any]:
        """Values as their axes take them: postcodes with their country."""
        found = list(values)
        for place, name in enumerate(self.names[1:], start=1):
            dimension = self.model.dimension(name)
            if isinstance(dimension, PostcodeDimension):
                found[place] = (
                    self.country(values[self.names.index(dimension.of)], dimension.of),
                    found[place],
                )
        return found

    def country(self, code: Any, name: str) -> str | None:
        """In which country a place lies, of those in which some rule asks for postcodes."""
        axis = self.columns[name].axis
        return axis.pieces[axis.place(code)].country

    def without_excluded(self, holding: int) -> int:
        """What is left of them when exclusions have taken theirs away; house rules stay."""
        for place in places_in(holding & self.exclusions):
            holding &= ~self.excluded_by(place)
        return holding

    def excluded_by(self, place: int) -> int:
        """What an exclusion takes away: the primaries and overlays of its territory, or all of them."""
        territory = self.rules[place].territory
        channel = self.of_role[Role.PRIMARY] | self.of_role[Role.OVERLAY]
        return channel if territory is None else channel & self.of_territory[territory]

    # which one wins

    def winner(self, holding: int) -> Winner:
        """Of the rules that hold, the one that wins; or that it is ambiguous, or nobody's."""
        if holding & self.exclusions:
            holding = self.without_excluded(holding)
        first = (holding & -holding).bit_length() - 1
        if not 0 <= first < self.candidates:
            return NOBODY
        rivals = self._rivals[first]
        if rivals is None:
            rivals = self.rivals(first)
        if not holding & rivals:
            return self.as_winner(first)
        return self.told_apart(holding & self.peers[first])

    def rivals(self, place: int) -> int:
        """The rules of other territories that this one does not beat, though nothing but their regions could tell."""
        rule = self.rules[place]
        found = self.peers[place] & ~self.beaten(place) & ~self.of_territory[rule.territory]
        self._rivals[place] = found
        return found

    def beaten(self, place: int) -> int:
        """The peers of a rule that it beats by its region: those whose region holds this one strictly, or by dimension."""
        found = self._beaten[place]
        if found is None:
            found = self._beaten[place] = self._beaten_by_region(place) & self.peers[place]
        return found

    def _beaten_by_region(self, place: int) -> int:
        if (
            Ranking.DIMENSIONS in self.model.ranking
        ):  # whoever lies strictly inside another is narrower there, too
            return self.beaten_by_order(place)
        return self.beaten_inside(place) if Ranking.SPECIFICITY in self.model.ranking else 0

    def beaten_inside(self, place: int) -> int:
        """The rules whose region strictly holds that of this one, on the dimensions that are compared."""
        alike, wider = self.every, self.every
        for column in self._compared:
            alike &= column.of_cell[column.cells[place]]
            wider &= column.holding(column.cells[place], self.every)
        return wider & ~alike

    def beaten_by_order(self, place: int) -> int:
        """The rules whose cell, on the first dimension on which the two differ, strictly holds that of this one."""
        alike, found = self.every, 0
        for column in self._compared:
            same = column.of_cell[column.cells[place]]
            found |= alike & column.holding(column.cells[place], self.every) & ~same
            alike &= same
        return found

    def beaters(self, place: int) -> int:
        """The rules that go before this one wherever both hold: by role, rank or region."""
        found = self._beaters[place]
        if found is None:
            ranked = (self.peers[place] & -self.peers[place]) - 1  # all that stand before the first peer
            does_compete = self.competing >> place & 1
            found = (ranked & self.competing) | self._beating_by_region(place) if does_compete else 0
            self._beaters[place] = found
        return found

    def _beating_by_region(self, place: int) -> int:
        """Those of its peers."""
        ranking = self.model.ranking
        alike, narrower, found = self.peers[place], self.peers[place], 0
        if Ranking.DIMENSIONS not in ranking and Ranking.SPECIFICITY not in ranking:
            return 0
        for column in self._compared:
            runs = column.cells[place]
            same, inside = column.of_cell[runs], column.inside(runs, self.every)
            found |= alike & inside & ~same
            narrower &= inside
            alike &= same
        return found if Ranking.DIMENSIONS in ranking else narrower & ~alike

    def going_after(self, place: int) -> int:
        """The rules that this one goes before wherever both hold: by role, rank or region."""
        ranked = self.competing >> self.peers[place].bit_length() << self.peers[place].bit_length()
        return ranked | self.beaten(place)

    def excluding(self, place: int) -> int:
        """The exclusions that take this rule away where both hold."""
        if self.rules[place].role not in (Role.PRIMARY, Role.OVERLAY):
            return 0
        every = self.of_territory.get(None, 0)
        return self.exclusions & (every | self.of_territory[self.rules[place].territory])

    def told_apart(self, peers: int) -> Winner:
        """Of rules that hold and that only their regions could tell apart, the one that wins, or that none does."""
        known = self._remembered.get(peers)
        if known is None:
            if len(self._remembered) >= REMEMBERED:
                self._remembered.clear()
            known = self._remembered[peers] = self._tell_apart(peers)
        return known

    def _tell_apart(self, peers: int) -> Winner:
        left = self.unbeaten(peers)
        first = self.as_winner(left[0])
        if len({self.rules[place].territory for place in left}) == 1:
            return first
        tied = tuple(sorted(self.rules[place].id for place in left))
        if Ranking.ID in self.model.ranking:
            rule = self.model.rule(tied[0])
            return Winner(first.result, rule.territory, rule.id, tied, is_arbitrary=True)
        return Winner(Result.AMBIGUOUS, None, None, tied)

    def unbeaten(self, peers: int) -> list[int]:
        """Of rules that only their regions tell apart, those that none of the others beats."""
        left: list[int] = []
        while peers:  # whoever beats another stands before it
            place = (peers & -peers).bit_length() - 1
            left.append(place)
            peers &= ~(self.beaten(place) | 1 << place)
        return left


def _cells(model: CoverageModel, axes: Mapping[str, Axis]) -> dict[str, list[Runs]]:
    """The runs of every rule on every axis; equal runs are one object."""
    found: dict[str, list[Runs]] = {}
    for name, axis in axes.items():
        known: dict[Any, Runs] = {None: axis.whole}
        once: dict[Runs, Runs] = {axis.whole: known[None]}
        column = found[name] = []
        for rule in model.rules:
            cell = _named(rule) if name == ACCOUNT else rule.cells.get(name)
            if cell not in known:
                runs = axis.runs(cell)  # type: ignore[arg-type]  # None is known
                known[cell] = once.setdefault(runs, runs)
            column.append(known[cell])
    for dimension in model.dimensions:
        if isinstance(dimension, PostcodeDimension):
            _bind_to_countries(model, dimension, axes, found)
    return found


def _winning_order(
    model: CoverageModel, ranks: Sequence[tuple[int, ...]], cells: Mapping[str, Sequence[Runs]]
) -> list[int]:
    """Whoever can beat another rule stands before it: the narrower of two regions has the smaller sizes."""
    sizes = []
    for name in model.compared:
        size = {
            key: sum(end - start for start, end in runs)
            for key, runs in {id(one): one for one in cells[name]}.items()
        }
        sizes.append([size[id(runs)] for runs in cells[name]])
    keys = list(zip(ranks, *sizes, (rule.id for rule in model.rules), strict=True))
    return sorted(range(len(keys)), key=keys.__getitem__)


def _named(rule: CoverageRule) -> Among | None:
    return None if rule.accounts is None else Among(codes=rule.accounts)


def _bind_to_countries(
    model: CoverageModel, dimension: PostcodeDimension, axes: Mapping[str, Axis], found: dict[str, list[Runs]]
) -> None:
    """A rule that asks for a postcode asks for its country."""
    places = model.dimension(dimension.of)
    assert isinstance(places, TreeDimension)
    once = {runs: runs for runs in found[dimension.of]}
    for place, rule in enumerate(model.rules):
        cell = rule.cells.get(dimension.name)
        if isinstance(cell, Postcodes) and cell.ranges and not cell.unknown:
            countries = frozenset(one.country for one in cell.ranges)
            inside = axes[dimension.of].runs(Under(codes=countries))
            runs = shared(found[dimension.of][place], inside)
            found[dimension.of][place] = once.setdefault(runs, runs)


def _day_column(model: CoverageModel, rules: Sequence[CoverageRule]) -> Column:
    """The days of every rule."""
    places = {day: place for place, day in enumerate(sorted(model.days()), start=1)}
    last = len(places) + 1
    once: dict[tuple[int, int], Runs] = {}
    cells: list[Runs] = []
    for rule in rules:
        run = (places.get(rule.effective.start, 0), places.get(rule.effective.end, last))  # type: ignore[arg-type]
        cells.append(once.setdefault(run, (run,)))
    return Column(day_axis(places), cells)
