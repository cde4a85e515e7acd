"""The index of a model: every rule a bit, in the order in which rules win; every piece of every axis the rules that hold there.

Which rules hold for an account is one `and` of bit vectors, and the highest bit left is the rule that wins, or one of those
that nothing tells apart: Python knows where that is without looking for it. From the highest place down stand primaries,
house rules, exclusions and overlays; among each, whoever can beat another stands above it.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cached_property, reduce
from itertools import accumulate, groupby
from operator import and_, or_, xor
from typing import Any

import attrs

from prmcore.territory.coverage.axes import Asked, Axis, Runs, day_axis, shared, without
from prmcore.territory.coverage.cells import Postcodes, Under
from prmcore.territory.coverage.model import (
    ACCOUNT,
    CoverageModel,
    CoverageRule,
    PostcodeDimension,
    Ranking,
    Role,
)  # fmt: skip

__all__ = ["CoverageIndex", "Result", "Winner", "places_in"]

_ROLES = (Role.PRIMARY, Role.HOUSE, Role.EXCLUSION, Role.OVERLAY)
BLOCK = 8  # neighbours that are combined once and for all
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
    if len(places) == 1:
        return 1 << places[0]
    if not places:
        return 0
    found = bytearray((max(places) >> 3) + 1)
    for place in places:
        found[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(found, "little")


def places_in(mask: int) -> Iterator[int]:
    """The places of a set, in the order in which their rules win: the highest first."""
    while mask:
        place = mask.bit_length() - 1
        yield place
        mask ^= 1 << place


class Column:
    """One axis with the rules that hold in each of its pieces."""

    def __init__(self, axis: Axis, cells: Sequence[Runs]) -> None:
        self.axis, self.cells = axis, cells
        whole = axis.whole
        asking = [place for place, runs in enumerate(cells) if runs is not whole]  # equal runs are one object
        by_cell: dict[int, list[int]] = {}
        for place in asking:
            by_cell.setdefault(id(cells[place]), []).append(place)
        self.of_cell = {cells[places[0]]: bits(places) for places in by_cell.values()}
        self.any = (1 << len(cells)) - 1 ^ bits(asking)  # rules that leave the dimension open
        self.vectors = _swept(len(axis.pieces), self.of_cell, self.any)
        self.of_cell[whole] = self.any
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
            self._meeting[runs] = reduce(or_, map(self._ors.__getitem__, runs), 0)
        return self._meeting[runs]

    def holding(self, runs: Runs, every: int) -> int:
        """The rules whose cell has all pieces of this one."""
        if runs == self.axis.whole:
            return self.any
        if runs not in self._holding:
            self._holding[runs] = reduce(and_, map(self._ands.__getitem__, runs), every)
        return self._holding[runs]

    @cached_property
    def _ors(self) -> _Combined:
        return _Combined(self.vectors, or_)

    @cached_property
    def _ands(self) -> _Combined:
        return _Combined(self.vectors, and_)


class _Combined(dict[tuple[int, int], int]):
    """By run of pieces what comes of combining their vectors, made when it is asked for: the same runs come again and again."""

    def __init__(self, vectors: list[int], combine: Callable[[int, int], int]) -> None:
        super().__init__()
        self.combine = combine
        self.levels = [vectors]  # each has what comes of BLOCK neighbours in the one before
        while len(self.levels[-1]) >= BLOCK:
            below = self.levels[-1]
            self.levels.append(
                [reduce(combine, below[place : place + BLOCK]) for place in range(0, len(below), BLOCK)]
            )

    def __missing__(self, run: tuple[int, int]) -> int:
        start, end = run
        parts: list[int] = []
        for level in self.levels:
            low, high = -(-start // BLOCK), end // BLOCK  # the blocks that lie in the run
            if low >= high:
                parts += level[start:end]
                break
            parts += level[start : low * BLOCK]
            parts += level[high * BLOCK : end]
            start, end = low, high
        found = self[run] = reduce(self.combine, parts)
        return found


def _swept(pieces: int, of_cell: Mapping[Runs, int], everywhere: int) -> list[int]:
    """The rules that hold in each piece: each cell begins and ends where its runs do."""
    turns = [everywhere] + [0] * pieces
    for runs, mask in of_cell.items():
        for start, end in runs:
            turns[start] ^= mask
            turns[end] ^= mask
    return list(accumulate(turns[:pieces], xor))


class CoverageIndex:
    """A model, ready to be asked. Made once for each version, and kept with its policy."""

    def __init__(self, model: CoverageModel) -> None:
        self.model = model
        asked = _asked(model)
        axes = model.axes({name: one.cells for name, one in asked.items()})
        self.names = tuple(axes)  # the dimensions, in the order of the facts
        for name, axis in axes.items():
            asked[name].lay(axis)
        for dimension in model.dimensions:
            if isinstance(dimension, PostcodeDimension):
                inside = _inside_countries(asked[dimension.name], axes[dimension.of])
                asked[dimension.of].bind(asked[dimension.name], inside)
        ranks = _ranks(model)
        order = _winning_order(model, ranks, asked)
        self.rules = tuple([model.rules[place] for place in order])
        self.columns = {name: Column(axis, asked[name].in_order(order)) for name, axis in axes.items()}
        self.days = _day_column(self.rules)
        self.size = len(self.rules)
        self.every = (1 << self.size) - 1
        self._index_ranks([ranks[place] for place in order])
        self._rivals: list[int | None] = [None] * self.size
        self._beaten: list[int | None] = [None] * self.size
        self._beaters: list[int | None] = [None] * self.size
        self.is_total = Ranking.ID in model.ranking
        self._by_order = Ranking.DIMENSIONS in model.ranking
        self._by_region = Ranking.SPECIFICITY in model.ranking
        self._compared = [self.columns[name] for name in model.compared]
        self._winners: dict[int, Winner] = {}
        self._remembered: dict[int, Winner] = {}

    def _index_ranks(self, ranks: Sequence[int]) -> None:
        """Rules of one rank stand together, and so do those of one role."""
        self.of_role = dict.fromkeys(Role, 0)
        self.peers: list[int] = []  # rules that only their regions tell apart
        for _, some in groupby(ranks):
            start, count = len(self.peers), len(list(some))
            mask = (1 << count) - 1 << start
            self.peers += [mask] * count
            self.of_role[self.rules[start].role] |= mask
        territories: dict[str | None, list[int]] = {}
        for place, rule in enumerate(self.rules):
            territories.setdefault(rule.territory, []).append(place)
        self.of_territory = {name: bits(places) for name, places in territories.items()}
        self.exclusions = self.of_role[Role.EXCLUSION]
        self.competing = self.of_role[Role.PRIMARY] | self.of_role[Role.HOUSE]
        self.lowest = self.size - self.competing.bit_count()  # no rule below this place can win

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
        first = holding.bit_length() - 1
        if first < self.lowest:
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
        if self._by_order:  # whoever lies strictly inside another is narrower there, too
            return self.beaten_by_order(place)
        return self.beaten_inside(place) if self._by_region else 0

    def beaten_inside(self, place: int) -> int:
        """The rules whose region strictly holds that of this one, on the dimensions that are compared."""
        alike, wider = self.every, self.every
        for column in self._compared:
            runs = column.cells[place]
            if runs is column.axis.whole:
                alike &= column.any
                wider &= column.any
                continue
            alike &= column.of_cell[runs]
            wider &= column.holding(runs, self.every)
            if wider == 1 << place:
                return 0
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
            above = self.peers[place].bit_length()  # whoever stands there goes before all peers
            does_compete = self.competing >> place & 1
            found = self.competing >> above << above | self._beating_by_region(place) if does_compete else 0
            self._beaters[place] = found
        return found

    def _beating_by_region(self, place: int) -> int:
        """Those of its peers."""
        if self._by_order:
            return self._beating_by_order(place)
        return self._beating_inside(place) if self._by_region else 0

    def _beating_inside(self, place: int) -> int:
        alike = narrower = self.peers[place]
        for column in self._compared:
            runs = column.cells[place]
            if runs is column.axis.whole:
                alike &= column.any
                continue
            alike &= column.of_cell[runs]
            narrower &= column.inside(runs, self.every)
            if narrower == 1 << place:
                return 0
        return narrower & ~alike

    def _beating_by_order(self, place: int) -> int:
        alike, found = self.peers[place], 0
        for column in self._compared:
            runs = column.cells[place]
            same = column.of_cell[runs]
            found |= alike & column.inside(runs, self.every) & ~same
            alike &= same
        return found

    def going_after(self, place: int) -> int:
        """The rules that this one goes before wherever both hold: by role, rank or region."""
        peers = self.peers[place]
        return self.competing & (peers & -peers) - 1 | self.beaten(place)

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
        if self.is_total:
            rule = self.model.rule(tied[0])
            return Winner(first.result, rule.territory, rule.id, tied, is_arbitrary=True)
        return Winner(Result.AMBIGUOUS, None, None, tied)

    def unbeaten(self, peers: int) -> list[int]:
        """Of rules that only their regions tell apart, those that none of the others beats."""
        left: list[int] = []
        while peers:  # whoever beats another stands above it
            place = peers.bit_length() - 1
            left.append(place)
            peers &= ~(self.beaten(place) | 1 << place)
        return left


def _asked(model: CoverageModel) -> dict[str, _Asked]:
    """What the rules ask of each dimension, in the order of the facts."""
    found = {name: _Asked(len(model.rules)) for name in (ACCOUNT, *(one.name for one in model.dimensions))}
    accounts = found[ACCOUNT]
    for place, rule in enumerate(model.rules):
        if rule.accounts is not None:
            accounts.note(place, rule.accounts)
        for name, cell in rule.cells.items():
            found[name].note(place, cell)
    return found


class _Asked:
    """What the rules ask of a dimension: cells are compared here, once; from here on they are numbers, 0 = nothing is asked."""

    def __init__(self, rules: int) -> None:
        self.of_rule = [0] * rules
        self.numbers: dict[Asked, int] = {}
        self.runs: list[Runs] = []  # by number; equal runs are one object

    def note(self, rule: int, cell: Asked) -> None:
        self.of_rule[rule] = self.numbers.setdefault(cell, len(self.numbers) + 1)

    @cached_property
    def cells(self) -> list[Asked]:
        """In the order of their numbers."""
        return list(self.numbers)

    def lay(self, axis: Axis) -> None:
        """Finds the runs of every cell."""
        once = {axis.whole: axis.whole}
        self.runs = [axis.whole, *(once.setdefault(runs, runs) for runs in map(axis.runs, self.cells))]

    def in_order(self, order: Sequence[int]) -> list[Runs]:
        """The runs of every rule, the rules in this order."""
        numbers, runs = self.of_rule, self.runs
        return [runs[numbers[place]] for place in order]

    def bind(self, other: _Asked, inside: Sequence[Runs | None]) -> None:
        """Keeps every rule inside the runs that belong to what it asks of the other dimension; None = anywhere."""
        once = {runs: number for number, runs in enumerate(self.runs)}
        for place, (mine, yours) in enumerate(zip(self.of_rule, other.of_rule, strict=True)):
            within = inside[yours]
            if within is not None:
                runs = shared(self.runs[mine], within)
                if runs not in once:
                    once[runs] = len(self.runs)
                    self.runs.append(runs)
                self.of_rule[place] = once[runs]


def _ranks(model: CoverageModel) -> list[int]:
    """Of every rule its role and what does not compare regions, as one number: the smaller wins."""
    found = [_ROLES.index(rule.role) for rule in model.rules]
    for step in model.ranking:
        if step is Ranking.PRIORITY:
            found = _refined(found, [-rule.priority for rule in model.rules])
        elif step is Ranking.NAMED:
            found = _refined(found, [int(rule.accounts is None) for rule in model.rules])
    return found


def _refined(ranks: Sequence[int], further: Sequence[int]) -> list[int]:
    """Numbers in the order of pairs: one number is quicker to compare than several."""
    least = min(further, default=0)
    base = max(further, default=0) - least + 1
    return [rank * base + one - least for rank, one in zip(ranks, further, strict=True)]


def _winning_order(model: CoverageModel, ranks: Sequence[int], asked: Mapping[str, _Asked]) -> list[int]:
    """The rules, the last to win first: of two regions the narrower has the smaller sizes, and can beat the other."""
    keys = ranks
    for one in (asked[name] for name in model.compared):
        sizes = [sum([end - start for start, end in runs]) for runs in one.runs]
        keys = _refined(keys, [sizes[cell] for cell in one.of_rule])
    ids = [rule.id for rule in model.rules]
    by_id = sorted(range(len(ids)), key=ids.__getitem__, reverse=True)
    return sorted(by_id, key=keys.__getitem__, reverse=True)


def _inside_countries(asked: _Asked, axis: Axis) -> list[Runs | None]:
    """By number of a cell of postcodes, the runs of their countries: a rule that asks for a postcode asks for its country."""
    found: list[Runs | None] = [None]
    for cell in asked.cells:
        assert isinstance(cell, Postcodes)
        countries = frozenset(one.country for one in cell.ranges)
        found.append(axis.runs(Under(codes=countries)) if countries and not cell.unknown else None)
    return found


def _day_column(rules: Sequence[CoverageRule]) -> Column:
    """The days of every rule."""
    effective = [(rule.effective.start, rule.effective.end) for rule in rules]
    distinct = set(effective)
    days = sorted({day for ends in distinct for day in ends if day is not None})
    axis = day_axis(days)
    runs_of: dict[tuple[datetime.date | None, datetime.date | None], Runs] = {(None, None): axis.whole}
    for start, end in distinct - runs_of.keys():
        first = 0 if start is None else axis.place(start)
        runs_of[start, end] = ((first, len(axis.pieces) if end is None else axis.place(end)),)
    return Column(axis, [runs_of[ends] for ends in effective])
