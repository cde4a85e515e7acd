"""The winners of many accounts at once, from columns of values: each dimension in one sweep, then one `and` of all."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import repeat
from operator import and_
from types import NoneType
from typing import Any

from prmcore.errors import InvalidInput
from prmcore.territory.coverage.index import NOBODY, CoverageIndex, Winner
from prmcore.territory.coverage.model import ACCOUNT, PostcodeDimension

__all__ = ["Batch"]


class Batch:
    """An index, ready for many accounts at once."""

    def __init__(self, index: CoverageIndex) -> None:
        self.index = index
        self.vectors = {name: column.vectors for name, column in index.columns.items()}
        self.postcodes = {
            one.name: one.of for one in index.model.dimensions if isinstance(one, PostcodeDimension)
        }
        self._known: dict[
            int, tuple[int, int, Winner]
        ] = {}  # by rule: its rivals, its peers, and that it wins

    def winners(self, columns: Mapping[str, Sequence[Any]], as_of: datetime.date) -> list[Winner]:
        """The winner for each account; a dimension that is missing is unknown."""
        index, known = self.index, self._known
        exclusions, lowest = index.exclusions, index.lowest
        found: list[Winner] = []
        for holding in self._holding(columns, as_of):
            if holding & exclusions:
                holding = index.without_excluded(holding)
            first = holding.bit_length() - 1
            if first < lowest:
                found.append(NOBODY)
                continue
            if first not in known:
                known[first] = index.rivals(first), index.peers[first], index.as_winner(first)
            rivals, peers, winner = known[first]
            found.append(index.told_apart(holding & peers) if holding & rivals else winner)
        return found

    def _holding(self, columns: Mapping[str, Sequence[Any]], as_of: datetime.date) -> Iterator[int]:
        """For each account the rules whose cells it lies in, on a day."""
        if ACCOUNT not in columns:
            raise InvalidInput(
                f"{ACCOUNT}: is missing; accepted: the ids of the accounts, beside {', '.join(self.vectors)}"
            )
        size = len(columns[ACCOUNT])
        for name, column in columns.items():
            if name not in self.vectors:
                raise InvalidInput(f"there is no dimension {name!r:.60}; accepted: {', '.join(self.vectors)}")
            if len(column) != size:
                raise InvalidInput(
                    f"{name}: found {len(column)} values; accepted: {size}, one for each account"
                )
        days = self.index.days
        shared = days.vectors[days.axis.place(as_of)]  # by all accounts
        asked = []
        for name in sorted(self.vectors, key=lambda name: len(self.vectors[name])):
            if name in columns or name in self.postcodes:
                asked.append(name)
            else:
                shared &= self.vectors[name][self.index.columns[name].axis.place(None)]
        parts: list[Iterable[int]] = []
        for name in asked:
            values = self._values(name, columns, size)
            parts.append(self._vectors_of(name, values, self.vectors[name], shared if not parts else None))
        try:
            yield from reduce(lambda left, right: map(and_, left, right), parts)
        except KeyError:  # a value that its dimension does not know: say which
            for name in columns:
                axis = self.index.columns[name].axis
                if axis.table is not None:
                    for value in columns[name]:
                        axis.place(value)
            raise

    def _values(self, name: str, columns: Mapping[str, Sequence[Any]], size: int) -> Sequence[Any]:
        """The values of a dimension as its axis takes them: postcodes with their country."""
        if name not in self.postcodes:
            return columns[name]
        unknown: Sequence[Any] = [None] * size
        of = self.postcodes[name]
        country = _Once(lambda code: self.index.country(code, of))
        places = map(country.__getitem__, columns.get(of, unknown))
        return list(zip(places, columns.get(name, unknown), strict=True))

    def _vectors_of(
        self, name: str, values: Sequence[Any], vectors: Sequence[int], shared: int | None
    ) -> Iterable[int]:
        """For each value the rules that hold; of those that are shared, where they are given."""
        axis = self.index.columns[name].axis
        if shared is not None:
            vectors = [vector & shared for vector in vectors]
        if axis.table is None:
            if len(set(map(type, values)) - {NoneType}) > 1:  # True is no count, though it equals one
                return [vectors[axis.place(value)] for value in values]
            return map(_Once(lambda value: vectors[axis.place(value)]).__getitem__, values)
        table = {value: vectors[place] for value, place in axis.table.items()}
        if axis.other is None:
            return map(table.__getitem__, values)
        if None not in table and None in values:
            axis.place(None)  # is refused
        return map(table.get, values, repeat(vectors[axis.other]))


class _Once(dict[Any, Any]):
    """What a function gives for each value, asked once."""

    def __init__(self, asked: Callable[[Any], Any]) -> None:
        super().__init__()
        self.asked = asked

    def __missing__(self, value: Any) -> Any:
        found = self[value] = self.asked(value)
        return found
