"""The search that every analysis is made of: a point of a region at which none of some rules holds.

Dimension by dimension, the region is cut where the rules that are still alive begin and end; a branch is left as soon as
one of them holds in all that remains of it. That finds a point, or shows the rules that together cover the region. The
number of steps is bounded: beyond it the answer is that nobody knows.
"""

from __future__ import annotations

import datetime
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Any

import attrs

from prmcore.territory.coverage.axes import Axis, Likeness, Runs, shared, united
from prmcore.territory.coverage.index import Column, CoverageIndex, places_in
from prmcore.territory.coverage.model import PostcodeDimension

__all__ = ["Covered", "Exhausted", "Point", "Region", "Space"]


FEW = 32  # rules; up to so many, their bounds are found more quickly than by going through the pieces
A_PIECE = 1 / 16  # of a step: what it takes to look at one piece
A_RUN = 1 / 32  # to look up what holds in one run of a region
A_QUESTION = 1  # to ask one that needs no search


class Exhausted(Exception):
    """All searches together have taken more steps than they were allowed."""


@attrs.frozen
class Point:
    """A run of pieces on each axis that no rule in question tells apart."""

    runs: tuple[tuple[int, int], ...]  # by axis, in the order of the space


@attrs.frozen
class Covered:
    """Rules that together hold in all of a region."""

    by: int  # a set of places


@attrs.frozen
class Region:
    """A cell on every axis of the space, not empty."""

    cells: tuple[Runs, ...]
    usual: Point  # the most ordinary in it
    holding: int  # the rules that hold there


class Space:
    """All axes of a model, the days last, in the order in which a search walks them."""

    def __init__(self, index: CoverageIndex, within: Sequence[int], budget: int, day: datetime.date) -> None:
        self.day = day  # to show, of a model whose rules know no days
        self.index = index
        constrained = {
            name: (index.every & ~column.any).bit_count() for name, column in index.columns.items()
        }
        postcodes = {one.name: one.of for one in index.model.dimensions if isinstance(one, PostcodeDimension)}
        names = sorted(constrained, key=lambda name: (name in postcodes, -constrained[name]))
        self.names: tuple[str | None, ...] = (*names, None)  # None = the days
        self.columns: tuple[Column, ...] = (*(index.columns[name] for name in names), index.days)
        self.axes = [column.axis for column in self.columns]
        self.postcodes = {names.index(name): names.index(of) for name, of in postcodes.items()}
        self.country_cuts = {of: _country_cuts(self.columns[of].axis) for of in self.postcodes.values()}
        self.before_postcodes = set(self.postcodes.values())  # which postcodes follow differs from run to run
        self.ordinary = [_ordinary(column.axis) for column in self.columns]
        self.free = [index.every & column.any for column in self.columns]
        self.steps_left: float = budget
        self._usual: list[dict[Runs, tuple[tuple[int, int], int] | None]] = [{} for _ in self.columns]
        self.whole = (*(column.axis.whole for column in self.columns[:-1]), ((within[0], within[1]),))

    # regions

    def region(self, place: int) -> Region | None:
        """Where a rule holds; None = nowhere."""
        return self.shared(tuple([column.cells[place] for column in self.columns]), self.whole)

    def shared(self, first: Sequence[Runs], second: Sequence[Runs]) -> Region | None:
        """What two cells on every axis share; None = nothing."""
        cells = []
        for axis, mine, yours in zip(self.axes, first, second, strict=True):
            if yours is axis.whole or mine is yours:
                cells.append(mine)
            elif mine is axis.whole:
                cells.append(yours)
            else:
                runs = shared(mine, yours)
                if not runs:
                    return None
                cells.append(runs)
        return self._filled(tuple(cells))

    def _filled(self, cells: tuple[Runs, ...]) -> Region | None:
        """The region of these cells; None when it has no value on some axis."""
        if self.postcodes:  # which of them there are hangs on the country
            point = self.finished(cells, ())
            return None if point is None else Region(cells, point, self.holding(point))
        chosen, holding = [], self.index.every
        self.spend(A_RUN * sum(map(len, cells)))
        for depth, (runs, known) in enumerate(zip(cells, self._usual, strict=True)):
            usual = known.get(runs) or self._usual_of(depth, runs)
            if usual is None:
                return None
            chosen.append(usual[0])
            holding &= usual[1]
        return Region(cells, Point(tuple(chosen)), holding)

    def meeting(self, region: Region) -> int:
        """The rules that hold somewhere in the region, looked at axis by axis."""
        found = self.index.every
        for column, runs in zip(self.columns, region.cells, strict=True):
            found &= column.meeting(runs)
        return found

    def holding_from(self, cells: Sequence[Runs]) -> list[int]:
        """For each axis, the rules that hold in all of the region on this axis and on all that follow."""
        masks = [
            column.holding(runs, self.index.every) for column, runs in zip(self.columns, cells, strict=True)
        ]
        return _suffixes(masks, self.index.every)

    # searching

    def point_outside(self, region: Region, rules: int) -> Point | Covered:
        """A point of the region at which none of the rules holds, an ordinary one if there is one; or who covers it.

        A rule that an exclusion takes away does not hold there.
        """
        self.spend(A_QUESTION)
        if not self.index.without_excluded(region.holding) & rules:
            return region.usual
        taking = 0
        for place in places_in(self.index.exclusions & ~rules):
            if self.index.excluded_by(place) & rules:
                taking |= 1 << place
        alive = (rules | taking) & self.meeting(region)
        covering = self.holding_from(region.cells)
        over = self.not_taken(alive & covering[0] & rules, alive & ~rules)
        if over:
            return Covered(1 << over.bit_length() - 1)
        for ordinary_first in (True, False):
            near = self._straight_down(region.cells, alive, rules, ordinary_first)
            if near is not None and not self.index.without_excluded(self.holding(near)) & rules:
                return near
        return self._outside(region.cells, alive, rules, covering, ())

    def _straight_down(
        self, cells: tuple[Runs, ...], alive: int, rules: int, ordinary_first: bool
    ) -> Point | None:
        """On every axis the run in which fewest of the rules hold: most often a point outside of them, without a search."""
        chosen: tuple[tuple[int, int], ...] = ()
        for depth, column in enumerate(self.columns):
            if not alive & ~self.free[depth] and depth not in self.postcodes:  # nothing to choose by
                usual = self._usual_of(depth, cells[depth])
                if usual is None:
                    return None
                chosen = (*chosen, usual[0])
                continue
            vectors = column.vectors
            fewest: tuple[Any, ...] | None = None
            least = (alive & rules & column.holding(cells[depth], self.index.every)).bit_count()
            for run in self.cut(cells, alive, chosen):
                left = alive & vectors[run[0]]
                count = (left & rules).bit_count()
                likeness = self.likeness(depth, run)
                key = (likeness, count) if ordinary_first else (count, likeness)
                if fewest is None or key < fewest[0]:
                    fewest = (key, run, left)
                if count == least or (ordinary_first and likeness > fewest[0][0]):
                    break
            if fewest is None:
                return None
            chosen, alive = (*chosen, fewest[1]), fewest[2]
            if not alive & rules:
                return self.finished(cells, chosen)
        return Point(chosen)

    def _outside(
        self,
        cells: tuple[Runs, ...],
        alive: int,
        rules: int,
        covering: Sequence[int],
        chosen: tuple[tuple[int, int], ...],
    ) -> Point | Covered:
        self.spend(1 + alive.bit_count() / 64)
        if not alive & rules:
            return self.finished(cells, chosen) or Covered(0)
        depth = len(chosen)
        over = self.not_taken(alive & covering[depth] & rules, alive & ~rules)
        if over:
            return Covered(1 << over.bit_length() - 1)
        if depth == len(self.columns):
            return Point(chosen)  # whatever holds there is taken away
        column = self.columns[depth]
        everywhere = column.holding(cells[depth], self.index.every)
        used = 0
        known: list[int] = []
        for run in self.cut(cells, alive, chosen):
            here = alive & column.vectors[run[0]]
            if any(not by & ~here for by in known):
                continue  # what covers one run covers every other in which the same rules hold
            answer = self._outside(cells, here, rules, covering, (*chosen, run))
            if isinstance(answer, Point):
                return answer
            used |= answer.by
            if (
                not alive & ~rules and depth not in self.before_postcodes
            ):  # nothing there could take them away
                if not answer.by & ~everywhere:
                    return answer
                known.append(answer.by)
        return Covered(used)

    def not_taken(self, rules: int, exclusions: int) -> int:
        """The rules that none of these exclusions takes away."""
        for place in places_in(exclusions if rules else 0):
            rules &= ~self.index.excluded_by(place)
        return rules

    def finished(self, cells: tuple[Runs, ...], chosen: tuple[tuple[int, int], ...]) -> Point | None:
        """A point of the region that begins so; None when it has no value on some axis."""
        if not self.postcodes:
            left = [self._usual_of(depth, cells[depth]) for depth in range(len(chosen), len(self.columns))]
            runs = [usual[0] for usual in left if usual is not None]
            return Point((*chosen, *runs)) if len(runs) == len(left) else None
        if len(chosen) == len(self.columns):
            return Point(chosen)
        for run in self.cut(
            cells, 0, chosen
        ):  # which postcodes there are hangs on the country that was chosen
            found = self.finished(cells, (*chosen, run))
            if found is not None:
                return found
        return None

    def _usual_of(self, depth: int, runs: Runs) -> tuple[tuple[int, int], int] | None:
        """The first of the runs with the most ordinary value, and the rules that hold there; None = there is no value."""
        known = self._usual[depth]
        if runs not in known:
            known[runs] = None
            ranked = [
                (likeness, run) for run in runs if (likeness := self.likeness(depth, run)) < Likeness.NONE
            ]
            if ranked:
                run = min(ranked)[1]
                best = self.best(depth, run)
                assert best is not None
                known[runs] = run, self.columns[depth].vectors[best]
        return known[runs]

    def holding(self, point: Point) -> int:
        """The rules that hold at a point."""
        found = self.index.every
        for place, run in enumerate(point.runs):
            best = self.best(place, run)
            assert best is not None
            found &= self.columns[place].vectors[best]
        return found

    def spend(self, steps: float = 1) -> None:
        self.steps_left -= steps
        if self.steps_left < 0:
            raise Exhausted

    def allowed(self, cells: tuple[Runs, ...], chosen: tuple[tuple[int, int], ...]) -> Runs:
        """The region's runs on the next axis: of postcodes only those of the country that was chosen."""
        place = len(chosen)
        runs = cells[place]
        if place not in self.postcodes:
            return runs
        places = self.postcodes[place]
        start = self.best(places, chosen[places])
        assert start is not None  # what has no value is never chosen
        country = self.columns[places].axis.pieces[start].country
        pieces = self.columns[place].axis.pieces
        elsewhere = len(pieces) - 2
        if country is None:
            return shared(runs, ((elsewhere, len(pieces)),))
        own = [(one, one + 1) for one, piece in enumerate(pieces) if piece.country == country]
        return shared(runs, united([*own, (elsewhere + 1, len(pieces))]))

    def cut(
        self, cells: tuple[Runs, ...], alive: int, chosen: tuple[tuple[int, int], ...]
    ) -> Iterator[tuple[int, int]]:
        """The region's runs on the next axis, cut where a rule that is alive begins or ends; ordinary ones first.

        Made one by one: a search ends at the first that serves, and among many rules most of them are never reached.
        """
        depth = len(chosen)
        later: list[tuple[Likeness, tuple[int, int]]] = []
        next_plain = self.ordinary[depth][Likeness.PLAIN]
        for run in self._cut(depth, self.allowed(cells, chosen), alive & ~self.free[depth]):
            if next_plain[run[0]] < run[1]:
                yield run
                continue
            likeness = self.likeness(depth, run)
            if likeness is not Likeness.NONE:
                later.append((likeness, run))
        for _, run in sorted(later):
            yield run

    def _cut(self, depth: int, runs: Runs, alive: int) -> Iterator[tuple[int, int]]:
        countries = self.country_cuts.get(depth, set())
        column = self.columns[depth]
        if alive.bit_count() > FEW:  # to go through the pieces is quicker than to go through the rules
            for start, end in runs:
                here = column.vectors[start] & alive
                for place in range(start + 1, end):
                    self.steps_left -= A_PIECE
                    there = column.vectors[place] & alive
                    if there != here or place in countries:
                        yield start, place
                        start, here = place, there
                yield start, end
            self.spend(0)
            return
        bounds = set(countries)
        for place in places_in(alive):
            for run in column.cells[place]:
                bounds.update(run)
        line = sorted(bounds)
        for run in runs:
            yield from _parts(run, line)

    def best(self, depth: int, run: tuple[int, int]) -> int | None:
        """The most ordinary piece in a run; None = there is no value in it."""
        for following in self.ordinary[depth]:
            place = following[run[0]]
            if place < run[1]:
                return place
        return None

    def likeness(self, depth: int, run: tuple[int, int]) -> Likeness:
        place = self.best(depth, run)
        return Likeness.NONE if place is None else self.columns[depth].axis.pieces[place].likeness

    # witnesses

    def witness(self, point: Point) -> tuple[dict[str, Any], datetime.date, Likeness]:
        """Values by dimension, a day, and how ordinary they are; such an account lies in the point."""
        values: dict[str, Any] = {}
        day = self.day
        odd = Likeness.PLAIN
        for place, (name, axis, run) in enumerate(zip(self.names, self.axes, point.runs, strict=True)):
            best = self.best(place, run)
            assert best is not None
            piece = axis.pieces[best]
            if piece.likeness > odd:
                odd = piece.likeness
            if name is None:
                day = max(piece.example or day, day) if run[1] - run[0] > 1 else piece.example or day
            else:
                values[name] = piece.example
        return {name: values[name] for name in self.index.names}, day, odd


def _suffixes(masks: Sequence[int], every: int) -> list[int]:
    found = [every]
    for mask in reversed(masks):
        found.append(found[-1] & mask)
    return found[::-1]


def _parts(run: tuple[int, int], line: Sequence[int]) -> Iterator[tuple[int, int]]:
    """A run, cut at the bounds inside it."""
    start, end = run
    for bound in line[bisect_left(line, start + 1) :]:
        if bound >= end:
            break
        yield start, bound
        start = bound
    yield start, end


def _ordinary(axis: Axis) -> tuple[list[int], ...]:
    """For each likeness, from each piece on, the next piece of this likeness."""
    found = []
    for likeness in (Likeness.PLAIN, Likeness.COARSE, Likeness.UNKNOWN):
        following = [len(axis.pieces)] * (len(axis.pieces) + 1)
        for place in range(len(axis.pieces) - 1, -1, -1):
            following[place] = place if axis.pieces[place].likeness is likeness else following[place + 1]
        found.append(following)
    return tuple(found)


def _country_cuts(axis: Axis) -> set[int]:
    """Where one country ends and another begins."""
    pieces = axis.pieces
    return {place for place in range(1, len(pieces)) if pieces[place].country != pieces[place - 1].country}
