"""Who covers what, as rows and columns: two dimensions of a coverage model, cut where its rules cut them.

The pieces and the vectors are those by which accounts are decided, so the picture cannot say anything else than the policy.
Rows that are answered alike are one row, and so are columns.
"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from functools import cache, reduce
from operator import or_
from typing import Any

import attrs

from prmcore.decisions import Decision
from prmcore.territory.coverage import (
    ACCOUNT,
    Assignment,
    CoveragePolicy,
    PostcodeDimension,
    Result,
    Role,
    TreeDimension,
    Under,
)
from prmcore.territory.coverage.axes import Axis, Likeness, Piece
from prmcore.territory.coverage.index import places_in
from prmcore.values import Tree

__all__ = ["Answer", "Block", "Extent", "Grid", "Part"]

BUDGET = 500_000  # steps, a second or two; beyond it the other dimensions are left at one value


class Extent(StrEnum):
    """How much of a value a piece of a dimension is."""

    ALL = "all"  # with what lies below it
    REST = "rest"  # without what the rules name below it
    NODE = "node"  # only the value itself: the account is not known more closely
    EXAMPLE = "example"  # it stands for others that are like it
    ELSE = "else"  # everything that no rule names


@attrs.frozen
class Answer:
    """Who covers accounts that are told apart by nothing in the picture."""

    result: Result
    territory: str | None = None
    between: tuple[str, ...] = ()  # territories, of what is ambiguous
    before: tuple[str, ...] = ()  # territories of primary rules that hold as well, and fall out

    @property
    def rank(self) -> tuple[Any, ...]:
        """The order in which answers are shown: what is clear first."""
        return _RANKS[self.result], str(self.territory), self.between, self.before


_RANKS = {result: place for place, result in enumerate(Result)}


@attrs.frozen
class Part:
    """One piece of a dimension: a value, None = unknown, and how much of it."""

    value: Any
    extent: Extent = Extent.ALL


@attrs.frozen
class Block:
    """Pieces that are answered alike."""

    places: tuple[int, ...]
    pieces: tuple[Part, ...]


@attrs.frozen
class Grid:
    """The picture of a model on a day."""

    policy: CoveragePolicy
    down: str
    across: str | None  # None = no second dimension is asked for
    others: tuple[str, ...]  # dimensions that competing rules ask for, and that are not shown
    rows: tuple[Block, ...]
    columns: tuple[Block, ...]
    answers: tuple[tuple[tuple[Answer, ...], ...], ...]  # by row and column, when all else is known
    is_complete: bool  # False: of the other dimensions, only their most ordinary values

    @classmethod
    def of(cls, policy: CoveragePolicy, day: datetime.date) -> Grid:
        """The two dimensions that say most: where accounts are, and the one that most other rules ask for."""
        return _Drawing(policy, day).grid()

    def counted(self, decisions: Iterable[Decision[Assignment]]) -> dict[tuple[int, int], Counter[Answer]]:
        """How many accounts of each field have which answer, by row and column; those that a rule names are left out."""
        index = self.policy.index
        rows, columns = (
            {place: number for number, block in enumerate(blocks) for place in block.places}
            for blocks in (self.rows, self.columns)
        )
        named = index.columns[ACCOUNT].axis
        found: dict[tuple[int, int], Counter[Answer]] = defaultdict(Counter)
        for one in decisions:
            values = dict(zip(index.names, index.placed(one.facts.values), strict=True))
            if named.place(values[ACCOUNT]) != named.other:
                continue
            row = rows[index.columns[self.down].axis.place(values[self.down])]
            column = 0 if self.across is None else index.columns[self.across].axis.place(values[self.across])
            found[row, columns[column]][_answer(self.policy, one.mask)] += 1
        return found


class _Drawing:
    def __init__(self, policy: CoveragePolicy, day: datetime.date) -> None:
        self.policy, self.index, self.model = policy, policy.index, policy.model
        competing = [rule for rule in self.model.rules if rule.role is not Role.OVERLAY]
        asked = Counter(name for rule in competing for name in rule.cells)
        used = [one.name for one in self.model.dimensions if asked[one.name]]
        postcodes = [one.name for one in self.model.dimensions if isinstance(one, PostcodeDimension)]
        shown = [name for name in used if name not in postcodes] or [self.model.dimensions[0].name]
        self.down = min(shown, key=self._foremost)
        left = [name for name in shown if name != self.down]
        self.across = max(left, key=lambda name: asked[name]) if left else None
        self.others = tuple(name for name in used if name not in (self.down, self.across))
        self.postcodes = {
            one.of: one.name
            for one in self.model.dimensions
            if isinstance(one, PostcodeDimension) and one.name in self.others
        }
        axis = self.index.columns[ACCOUNT].axis
        assert axis.other is not None  # any account may come
        days = self.index.days
        self.start = days.vectors[days.axis.place(day)] & self.index.columns[ACCOUNT].vectors[axis.other]

    def _foremost(self, name: str) -> tuple[bool, bool, int]:
        """Places first, then other trees, then what is told apart most."""
        dimension = self.model.dimension(name)
        is_tree = isinstance(dimension, TreeDimension)
        is_place = isinstance(dimension, TreeDimension) and dimension.tree.name == "geography"
        return not is_place, not is_tree, -len(self.index.columns[name].axis.pieces)

    def grid(self) -> Grid:
        answers = self.answered(every=True)
        is_complete = answers is not None
        if answers is None:
            answers = self.answered(every=False)
        assert answers is not None
        down = self.parts(self.down)
        across = {0: Part(None)} if self.across is None else self.parts(self.across)
        rows = _blocks(down, {place: tuple(answers[place, other] for other in across) for place in down})
        columns = _blocks(across, {other: tuple(answers[place, other] for place in down) for other in across})
        table = tuple(tuple(answers[row.places[0], column.places[0]] for column in columns) for row in rows)
        return Grid(self.policy, self.down, self.across, self.others, rows, columns, table, is_complete)

    def answered(self, every: bool) -> dict[tuple[int, int], tuple[Answer, ...]] | None:
        """The answers by piece and piece; None = there would be too many to look at."""
        found: dict[tuple[int, int], tuple[Answer, ...]] = {}
        left = BUDGET
        for place in self.pieces(self.down):
            for other in [0] if self.across is None else self.pieces(self.across):
                masks, steps = self.masks(place, other, every)
                found[place, other] = tuple(
                    sorted({_answer(self.policy, one) for one in masks}, key=lambda one: one.rank)
                )
                left -= steps
                if every and left < 0:
                    return None
        return found

    def pieces(self, name: str) -> list[int]:
        pieces = self.index.columns[name].axis.pieces
        return [place for place, piece in enumerate(pieces) if piece.likeness is not Likeness.NONE]

    def masks(self, place: int, other: int, every: bool) -> tuple[set[int], int]:
        """The sets of rules that hold together somewhere in a field, and in how many steps they were found."""
        found = {self.start & self.index.columns[self.down].vectors[place]}
        chosen = {self.down: place}
        if self.across is not None:
            found = {one & self.index.columns[self.across].vectors[other] for one in found}
            chosen[self.across] = other
        steps = 0
        for name in (*chosen, *self.others):
            vectors = self.vectors(name, chosen, reduce(or_, found), every)
            steps += len(found) * len(vectors)
            if every and steps > BUDGET:
                break
            found = {one & vector for one in found for vector in vectors}
        return found, steps

    def vectors(self, name: str, chosen: Mapping[str, int], alive: int, every: bool) -> Collection[int]:
        """What the pieces of a dimension, or the one that was chosen, leave of the rules that are alive.

        A postcode lies in the country of its place, and is looked at together with it.
        """
        if name in self.postcodes.values():
            return [alive]
        column = self.index.columns[name]
        postcode = self.postcodes.get(name)
        if name in chosen:
            places: Iterable[int] = [chosen[name]]
        else:
            places = self.places(name, alive if postcode is None else self.index.every, every)
        found = {column.vectors[place] for place in places} if postcode is None else set()
        for place in places if postcode is not None else ():
            inside = self.vectors_in(str(postcode), column.axis.pieces[place].country, every)
            found |= {column.vectors[place] & one for one in inside}
        return found

    def places(self, name: str, alive: int, every: bool) -> list[int]:
        """The pieces that rules which are alive tell apart: where one of their cells begins or ends."""
        column = self.index.columns[name]
        pieces = column.axis.pieces
        known = range(
            sum(piece.likeness < Likeness.UNKNOWN for piece in pieces)
        )  # what is unknown stands last
        if not every:
            return sorted(known, key=lambda place: pieces[place].likeness)[:1]
        cells = {column.cells[place] for place in places_in(alive & ~column.any)}
        ends = {end for runs in cells for run in runs for end in run}
        return sorted({0, *ends} & set(known))

    @cache  # noqa: B019  # as long as the drawing
    def vectors_in(self, name: str, country: str | None, every: bool) -> frozenset[int]:
        """What the postcodes of a country leave; where they have no example, what an unknown one does."""
        column = self.index.columns[name]
        known = [
            column.vectors[place]
            for place, piece in enumerate(column.axis.pieces)
            if piece.country == country and piece.likeness is Likeness.PLAIN
        ]
        return frozenset((known if every else known[:1]) or column.vectors[-1:])

    # what the pieces are called

    def parts(self, name: str) -> dict[int, Part]:
        axis, dimension = self.index.columns[name].axis, self.model.dimension(name)
        if not isinstance(dimension, TreeDimension):
            return {place: _part(axis, place) for place in self.pieces(name)}
        tree, inside = dimension.tree, _values_by_place(axis)
        named = self.named(name, tree)
        return {
            place: _part_of_tree(axis.pieces[place], frozenset(inside[place]), tree, named)
            for place in self.pieces(name)
        }

    def named(self, name: str, tree: Tree) -> set[str]:
        """The codes of a tree that some rule names."""
        cells = [rule.cells[name] for rule in self.model.rules if name in rule.cells]
        codes = {code for cell in cells if isinstance(cell, Under) for code in cell.codes | cell.outside}
        return {one for code in codes for one in tree.groups.get(code, (code,))}


def _answer(policy: CoveragePolicy, holding: int) -> Answer:
    """What comes of rules that hold together."""
    index = policy.index
    left = index.without_excluded(holding)
    winner = index.winner(left)
    if winner.result is Result.AMBIGUOUS:
        names = {str(policy.model.rule(one).territory) for one in winner.tied}
        return Answer(winner.result, None, tuple(sorted(names)))
    others = left & index.of_role[Role.PRIMARY]
    if winner.territory is not None:
        others &= ~index.of_territory[winner.territory]
    before = {str(index.rules[place].territory) for place in places_in(others)}
    return Answer(winner.result, winner.territory, (), tuple(sorted(before)))


def _values_by_place(axis: Axis) -> dict[int, set[Any]]:
    found: dict[int, set[Any]] = defaultdict(set)
    for value, place in (axis.table or {}).items():
        found[place].add(value)
    return found


def _part(axis: Axis, place: int) -> Part:
    piece = axis.pieces[place]
    if piece.likeness is Likeness.UNKNOWN:
        return Part(None)
    if axis.table is None and axis.other is None:  # an ordered dimension
        return Part(piece.example, Extent.EXAMPLE)
    is_rest = place == axis.other or len(_values_by_place(axis)[place]) > 1
    return Part(piece.example, Extent.ELSE) if is_rest else Part(piece.example)


def _part_of_tree(piece: Piece, inside: frozenset[Any], tree: Tree, named: set[str]) -> Part:
    """A code that a rule names, with what lies below it and is not named; or all that lies outside of every such code."""
    if piece.likeness is Likeness.UNKNOWN:
        return Part(None)
    tops = [code for code in inside if tree.parents[code] not in inside]
    if len(tops) != 1 or (tree.parents[tops[0]] is None and tops[0] not in named):
        return Part(piece.example, Extent.ELSE)
    if piece.likeness is Likeness.COARSE:
        return Part(tops[0], Extent.NODE)
    is_whole = all(child in inside for code in inside for child in tree.children(code))
    return Part(tops[0]) if is_whole else Part(tops[0], Extent.REST)


def _blocks(parts: dict[int, Part], answers: dict[int, Any]) -> tuple[Block, ...]:
    """Pieces with the same answers together, in the order of the first of each; what is not known, or nowhere, last."""
    alike: dict[Any, list[int]] = {}
    for place in sorted(parts, key=lambda place: _lastness(parts[place])):
        alike.setdefault(answers[place], []).append(place)
    blocks = [Block(tuple(places), tuple(parts[place] for place in places)) for places in alike.values()]
    return tuple(blocks)


def _lastness(part: Part) -> tuple[bool, ...]:
    return part.value is None, part.extent is Extent.ELSE, part.extent in (Extent.REST, Extent.NODE)
