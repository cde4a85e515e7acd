"""Axes: a dimension cut into the pieces that the rules of one model can tell apart.

Two values in one piece are one to the model, so one of them stands for all: deciding looks a value's piece up, and the
analysis walks the pieces. The pieces stand in an order in which a cell is a few runs of them; the last piece is "unknown".
"""

from __future__ import annotations

import datetime
import itertools
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from enum import IntEnum
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

import attrs

from prmcore.decisions import Kind
from prmcore.decisions.domains import ordinal
from prmcore.errors import InvalidInput, unknown_name
from prmcore.territory.coverage.cells import Among, Cell, NoneOf, Postcodes, Span, Under, Within
from prmcore.territory.coverage.postcodes import postcode_between, postcode_key
from prmcore.values import Money, Rate, Tree

__all__ = [
    "Asked",
    "Axis",
    "Likeness",
    "Piece",
    "Runs",
    "code_axis",
    "day_axis",
    "postcode_axis",
    "span_axis",
    "tree_axis",
]

Runs: TypeAlias = tuple[tuple[int, int], ...]  # half-open, in order, not touching
Asked: TypeAlias = Cell | frozenset[str]  # named accounts are their ids alone: they come by the thousand


class Likeness(IntEnum):
    """How ordinary a piece's values are: a hole among ordinary accounts comes before one among odd ones."""

    PLAIN = 0
    COARSE = 1  # only a node of a tree that has nodes below it: the account is not known more closely
    UNKNOWN = 2
    NONE = 3  # no value can be here


class Piece(NamedTuple):  # made by the thousand, more quickly than a record
    """Values that no rule of the model tells apart."""

    example: Any  # one of them; None = unknown
    likeness: Likeness = Likeness.PLAIN
    country: str | None = (
        None  # of a postcode, or of a place; None = of no country in which a rule asks for postcodes
    )
    is_single: bool = False  # of an ordered dimension: there is one value only


@attrs.frozen(slots=False)
class Axis:
    """One dimension's pieces, where a value belongs, and which runs a cell is."""

    name: str
    pieces: tuple[Piece, ...]
    place: Callable[[Any], int]  # of a value, None = unknown; refuses what the dimension does not know
    runs: Callable[[Asked], Runs]
    table: dict[Any, int] | None = None  # the place of every value, where they can be listed
    other: int | None = None  # of values that are not in the table; None = they are refused

    @cached_property
    def whole(self) -> Runs:
        return ((0, len(self.pieces)),)


def united(parts: Iterable[tuple[int, int]]) -> Runs:
    """Runs in order, joined where they touch."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(parts):
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)


def _single(places: list[int]) -> Runs:
    """The runs of single pieces, in order."""
    if places and places[-1] - places[0] < len(places):  # most often they stand side by side
        return ((places[0], places[-1] + 1),)
    return united([(place, place + 1) for place in places])


def without(runs: Runs, taken: Runs) -> Runs:
    """What is in the first and not in the second."""
    if not taken:
        return runs
    found: list[tuple[int, int]] = []
    for start, end in runs:
        for begin, stop in taken:
            if stop <= start or end <= begin:
                continue
            if start < begin:
                found.append((start, begin))
            start = max(start, stop)
        if start < end:
            found.append((start, end))
    return tuple(found)


def shared(first: Runs, second: Runs) -> Runs:
    """What is in both."""
    found: list[tuple[int, int]] = []
    place, last = 0, len(second)
    for start, end in first:
        while place < last and second[place][1] <= start:
            place += 1
        for begin, stop in second[place:]:
            if begin >= end:
                break
            found.append((start if start > begin else begin, end if end < stop else stop))
    return tuple(found)


def _with_values(axis: Axis) -> Axis:
    """The axis without pieces in which no value can be: two cells are one where they hold the same values."""
    none = Likeness.NONE
    moved = [0, *itertools.accumulate([piece.likeness is not none for piece in axis.pieces])]
    if moved[-1] == len(axis.pieces):
        return axis

    def runs(cell: Asked) -> Runs:
        return united((moved[start], moved[end]) for start, end in axis.runs(cell))

    return attrs.evolve(
        axis,
        pieces=tuple([piece for piece in axis.pieces if piece.likeness is not none]),
        place=lambda value: moved[axis.place(value)],
        runs=runs,
        table=None if axis.table is None else {value: moved[place] for value, place in axis.table.items()},
        other=None if axis.other is None else moved[axis.other],
    )


def _with_unknown(runs: Runs, unknown: bool, last: int) -> Runs:
    return united([*runs, (last, last + 1)]) if unknown else runs


# trees


def tree_axis(name: str, tree: Tree, cells: Iterable[Asked], also: Iterable[str] = ()) -> Axis:
    """Cut at every code that a rule names, and at `also`; a piece is such a code with what is below it and not named."""
    named = set(also)
    for cell in cells:
        assert isinstance(cell, Under)
        for code in cell.codes | cell.outside:
            named.update(tree.groups.get(code, (code,)))
    cut = _TreeCut(tree, named)
    unknown = len(cut.examples)
    table: dict[Any, int] = {**cut.table, None: unknown}
    countries = set(also)

    def place(value: Any) -> int:
        if value not in table:
            raise InvalidInput(tree.unknown(str(value)))
        return table[value]

    def runs(cell: Asked) -> Runs:
        assert isinstance(cell, Under)
        known: Runs = ((0, unknown),)
        inside = cut.runs(cell.codes) if cell.codes or not cell.outside else known
        return _with_unknown(without(inside, cut.runs(cell.outside)), cell.unknown, unknown)

    pieces = [
        Piece(example, likeness, _country(tree, example, countries)) for example, likeness in cut.examples
    ]
    return _with_values(Axis(name, (*pieces, Piece(None, Likeness.UNKNOWN)), place, runs, table))


def _country(tree: Tree, code: str | None, countries: set[str]) -> str | None:
    if code is None or not countries:
        return None
    return next((one for one in tree.path(code) if one in countries), None)


class _TreeCut:
    """The tree in an order in which all that lies below a named code is one run of pieces."""

    def __init__(self, tree: Tree, named: set[str]) -> None:
        self.tree, self.named = tree, named
        self.table: dict[str, int] = {}
        self.ends: list[int] = []  # by piece
        self.examples: list[tuple[str | None, Likeness]] = [
            (None, Likeness.NONE)
        ]  # outside of all that is named
        self.walk()
        above: set[str] = set()
        for one in named:
            code = tree.parents[one]
            while code is not None and code not in above:
                above.add(code)
                code = tree.parents[code]
        self.examples = [(self.whole(example, above), likeness) for example, likeness in self.examples]

    def walk(self) -> None:
        named, table, examples, children = self.named, self.table, self.examples, self.tree.children
        plain, coarse, none = Likeness.PLAIN, Likeness.COARSE, Likeness.NONE  # members are slow to look up
        around = [0]  # by piece, the piece that it was cut out of
        tops = [code for code, parent in self.tree.parents.items() if parent is None]
        waiting = [(code, 0) for code in reversed(tops)]
        while waiting:
            code, piece = waiting.pop()
            if code in named:
                around.append(piece)
                piece = len(examples)
                examples.append((None, none))
            table[code] = piece
            below = children(code)
            likeness = coarse if below else plain
            if likeness < examples[piece][1]:
                examples[piece] = (code, likeness)
            if below:
                waiting += zip(reversed(below), itertools.repeat(piece))
        self.ends = [piece + 1 for piece in range(len(examples))]
        for piece in range(len(examples) - 1, 0, -1):
            self.ends[around[piece]] = max(self.ends[around[piece]], self.ends[piece])

    def whole(self, code: str | None, above: set[str]) -> str | None:
        """The highest code that holds this one and lies in its piece with all that is below: Japan rather than Hokkaido."""
        while code is not None and (parent := self.tree.parents[code]) is not None:
            if parent in above or self.table[parent] != self.table[code]:
                break
            code = parent
        return code

    def runs(self, codes: Iterable[str]) -> Runs:
        groups, table = self.tree.groups, self.table
        pieces = [table[one] for code in codes for one in groups.get(code, (code,))]
        return united([(piece, self.ends[piece]) for piece in pieces])


# words


def code_axis(
    name: str, cells: Iterable[Asked], accepted: frozenset[str] | None = None, must_be_known: bool = False
) -> Axis:
    """A piece for each word that a rule names, one for all others, which may be any when the list is open."""
    named: set[str] = set()
    for cell in cells:
        named |= _codes(cell)
    words = sorted(named)
    # most accounts are named by no rule, so they come first; other words are odder than those that rules name
    other = 0 if must_be_known else len(words)
    unknown = len(words) + 1
    table: dict[Any, int] = {word: place for place, word in enumerate(words, start=int(must_be_known))}
    table |= {word: other for word in accepted or () if word not in table}
    if not must_be_known:
        table[None] = unknown

    def place(value: Any) -> int:
        if value in table:
            return table[value]
        if value is None or accepted is not None:
            raise InvalidInput(unknown_name(name, str(value), accepted or ()))
        return other

    def runs(cell: Asked) -> Runs:
        found = _single(sorted([table[code] for code in _codes(cell)]))
        if isinstance(cell, frozenset):
            return found
        assert isinstance(cell, (Among, NoneOf))
        if isinstance(cell, NoneOf):
            found = without(((0, unknown),), found)
        return _with_unknown(found, cell.unknown, unknown)

    rest = _other_word(name, named) if accepted is None else min(accepted - named, default=None)
    pieces = list(map(Piece, words))
    pieces.insert(other, Piece(rest, Likeness.PLAIN if rest is not None else Likeness.NONE))
    if not must_be_known:
        pieces.append(Piece(None, Likeness.UNKNOWN))
    axis = Axis(name, tuple(pieces), place, runs, table, other if accepted is None else None)
    return _with_values(axis) if rest is None else axis


def _codes(cell: Asked) -> frozenset[str]:
    if isinstance(cell, frozenset):
        return cell
    assert isinstance(cell, (Among, NoneOf))
    return cell.codes


def _other_word(name: str, named: set[str]) -> str:
    """A word that no rule names."""
    word = f"other-{name}"
    while word in named:
        word += "-"
    return word


# ordered values

Cut: TypeAlias = tuple[Fraction, int]  # before a value (0) or after it (1)
_DISCRETE = (Kind.COUNT, Kind.MONEY, Kind.DATE)


def span_axis(name: str, kind: Kind, cells: Iterable[Asked], currency: str | None = None) -> Axis:
    """Cut at every bound that a rule names."""
    cuts = {cut for cell in cells for span in _spans(cell) for cut in _cuts(span, kind) if cut is not None}
    if kind is Kind.COUNT:
        cuts.add((Fraction(0), 0))
    line = sorted(cuts)
    unknown = len(line) + 1
    whole_numbers = [int(point) for point, _ in line] if kind in _DISCRETE else []

    def place(value: Any) -> int:
        if value is None:
            return unknown
        fault = kind.fault_of(value)
        if fault or (isinstance(value, Money) and value.currency != currency):
            raise InvalidInput(f"{name}: {fault or f'found {value}; the dimension is counted in {currency}'}")
        if whole_numbers:
            found = value.minor if isinstance(value, Money) else value
            return bisect_right(
                whole_numbers, found.toordinal() if isinstance(found, datetime.date) else found
            )
        return bisect_right(line, (ordinal(value), 0))

    def runs(cell: Asked) -> Runs:
        assert isinstance(cell, Within)
        found = []
        for low, high in (_cuts(span, kind) for span in cell.spans):
            start = 0 if low is None else bisect_right(line, low)
            found.append((start, unknown if high is None else bisect_right(line, high)))
        return _with_unknown(united(found), cell.unknown, unknown)

    make = _maker(kind, currency)
    pieces = [
        Piece(
            make(point),
            Likeness.PLAIN if _exists(point, kind) else Likeness.NONE,
            is_single=number > 0 and _is_single(line[number - 1 : number + 1], kind),
        )
        for number, point in enumerate(_examples(line, kind))
    ]
    return _with_values(Axis(name, (*pieces, Piece(None, Likeness.UNKNOWN)), place, runs))


def _exists(point: Fraction, kind: Kind) -> bool:
    """Whether there is such a value: no count is below none, and the calendar has a first day and a last."""
    if kind is Kind.DATE:
        return 1 <= point <= datetime.date.max.toordinal()
    return kind is not Kind.COUNT or point >= 0


def _is_single(ends: Sequence[Cut], kind: Kind) -> bool:
    """Whether there is one value between two cuts."""
    return (
        len(ends) == 2
        and ends[1][0] - ends[0][0] == (kind in _DISCRETE)
        and (kind in _DISCRETE or ends[0][1] == 0)
    )


def _spans(cell: Asked) -> tuple[Span, ...]:
    assert isinstance(cell, Within)
    return cell.spans


def _cuts(span: Span, kind: Kind) -> tuple[Cut | None, Cut | None]:
    """Where a span begins and ends; whole numbers have no room between a value and the next."""
    step = kind in _DISCRETE
    low: Cut | None = None
    high: Cut | None = None
    if span.at_least is not None:
        low = (ordinal(span.at_least), 0)
    elif span.more_than is not None:
        low = (ordinal(span.more_than) + 1, 0) if step else (ordinal(span.more_than), 1)
    if span.less_than is not None:
        high = (ordinal(span.less_than), 0)
    elif span.at_most is not None:
        high = (ordinal(span.at_most) + 1, 0) if step else (ordinal(span.at_most), 1)
    return low, high


def _examples(line: Sequence[Cut], kind: Kind) -> list[Fraction]:
    """A value in each piece, from the lowest to the highest."""
    if not line:
        return [Fraction(datetime.date(2000, 1, 1).toordinal()) if kind is Kind.DATE else Fraction(0)]
    if kind in _DISCRETE:
        return [line[0][0] - 1, *(point for point, _ in line)]
    outer = Fraction(1, 100) if kind is Kind.RATE else Fraction(1)
    found = [line[0][0] if line[0][1] else line[0][0] - outer]
    for (low, after), (high, _) in itertools.pairwise(line):
        found.append((low + high) / 2 if after else low)
    found.append(line[-1][0] + outer if line[-1][1] else line[-1][0])
    return found


def _maker(kind: Kind, currency: str | None) -> Callable[[Fraction], Any]:
    if kind is Kind.MONEY:
        return lambda number: Money(currency or "", int(number))
    if kind is Kind.DATE:
        last = datetime.date.max.toordinal()
        return lambda number: datetime.date.fromordinal(min(max(int(number), 1), last))
    if kind is Kind.RATE:
        return Rate.of
    return int if kind is Kind.COUNT else lambda number: number


# days


def day_axis(days: Iterable[datetime.date]) -> Axis:
    """Cut at the days on which a rule begins or ends."""
    line = sorted(set(days))
    first = line[0] - datetime.timedelta(days=1) if line and line[0] > datetime.date.min else None
    pieces = [Piece(first, Likeness.PLAIN if first is not None or not line else Likeness.NONE)]

    def runs(cell: Asked) -> Runs:
        raise InvalidInput("days are not asked for by a cell; accepted: the effective dates of a rule")

    for number, day in enumerate(line):
        following = line[number + 1 : number + 2]
        pieces.append(
            Piece(day, is_single=following == [day + datetime.timedelta(days=1)] if following else False)
        )
    return Axis("day", tuple(pieces), lambda day: bisect_right(line, day), runs)


# postcodes


def postcode_axis(name: str, cells: Iterable[Asked]) -> Axis:
    """In each country that a rule names, cut at the ends of its ranges; a value is a country and a postcode."""
    ends: dict[str, set[str]] = {}
    longest: dict[str, str] = {}  # code that a rule names
    for cell in cells:
        assert isinstance(cell, Postcodes)
        for one in cell.ranges:
            ends.setdefault(one.country, set()).update((one.low, one.high))
            longest[one.country] = max(longest.get(one.country, ""), one.first, one.last, key=_by_length)
    lines = {country: sorted(ends[country]) for country in sorted(ends)}
    starts: dict[str, int] = {}
    pieces: list[Piece] = []
    for country, line in lines.items():
        starts[country] = len(pieces)
        for low, high in itertools.pairwise(["", *line, None]):
            example = postcode_between(country, low or "", high, longest[country])
            pieces.append(Piece(example, Likeness.NONE if example is None else Likeness.PLAIN, country))
    elsewhere, unknown = len(pieces), len(pieces) + 1
    pieces += [Piece(None), Piece(None, Likeness.UNKNOWN)]

    def place(value: Any) -> int:
        country, written = value
        if written is None:
            return unknown
        if country not in lines:
            return elsewhere
        return starts[country] + bisect_right(lines[country], postcode_key(country, written))

    def runs(cell: Asked) -> Runs:
        assert isinstance(cell, Postcodes)
        found = []
        for one in cell.ranges:
            start, line = starts[one.country], lines[one.country]
            found.append((start + bisect_right(line, one.low), start + bisect_right(line, one.high)))
        return _with_unknown(united(found), cell.unknown, unknown)

    return Axis(name, tuple(pieces), place, runs)


def _by_length(code: str) -> tuple[int, str]:
    return len(code), code  # the code itself, so that the order of the rules does not matter
