"""Which values of a fact can make a difference: the bounds a policy names, their neighbours, and what lies between.

Two values that no comparison of the policy tells apart are one to it. So these few values stand for all.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, product
from math import prod
from typing import Any

from prmcore.decisions.criteria import Comparison, Word
from prmcore.decisions.facts import FactField, Kind
from prmcore.values import Money, Rate

__all__ = ["difference", "distinct_values", "ordinal", "tells_all_apart"]

OTHER = "(other)"  # a code that no criterion names
MOST_SETS = 1024  # of codes that are tried


def distinct_values(
    field: FactField, found: Iterable[Comparison], extra: Iterable[Any] = ()
) -> tuple[Any, ...]:
    """Values of a fact that stand for all that these comparisons can tell apart; ordered kinds from low to high.

    `extra` values, such as the one observed, are added as they are.
    """
    comparisons = list(found)
    if field.kind is Kind.BOOL:
        return (False, True)
    if field.kind is Kind.CODE:
        return tuple(field.codes) if field.codes else (*sorted(_codes(comparisons)), OTHER)
    if field.kind is Kind.CODES:
        return _code_sets(comparisons, extra)
    bounds = [bound for one in comparisons for bound in one.bounds]
    return _around([*bounds, *(value for value in extra if value is not None)], field.kind)


def _codes(comparisons: Sequence[Comparison]) -> set[str]:
    return {
        code
        for one in comparisons
        for code in (one.bound if isinstance(one.bound, frozenset) else (one.bound,))
    }


def tells_all_apart(field: FactField, found: Iterable[Comparison]) -> bool:
    """Whether `distinct_values` stand for every value; of codes in too many combinations they are only some."""
    return field.kind is not Kind.CODES or _combinations(_alike(list(found), frozenset())) <= MOST_SETS


def _code_sets(comparisons: Sequence[Comparison], extra: Iterable[Any]) -> tuple[frozenset[str], ...]:
    """Sets of codes, small ones first: of codes that are alike to every comparison none, some or all are held."""
    held = next((codes for codes in extra if codes is not None), frozenset[str]())
    alike = _alike(comparisons, held)
    if _combinations(alike) > MOST_SETS:
        return _sorted_sets(_some_code_sets(comparisons, held))
    choices = [_held_of(codes, held) for codes in alike]
    return _sorted_sets({frozenset[str]().union(*chosen) for chosen in product(*choices)} | {held})


def _alike(comparisons: Sequence[Comparison], held: frozenset[str]) -> list[list[str]]:
    """The codes in groups: whoever is in one, is named by the same comparisons, and held or not."""
    groups: dict[tuple[bool, ...], list[str]] = {}
    for code in sorted({*_codes(comparisons), *held, OTHER}):
        groups.setdefault((code in held, *(code in one.bound for one in comparisons)), []).append(code)
    return list(groups.values())


def _combinations(alike: Sequence[Sequence[str]]) -> int:
    return prod(min(len(codes) + 1, 3) for codes in alike)


def _held_of(codes: Sequence[str], held: frozenset[str]) -> set[frozenset[str]]:
    """None of these codes, all of them, and some: as few as are not held yet, or all but one of those that are."""
    some = codes[1:] if codes[0] in held else codes[:1]
    return {frozenset[str](), frozenset(some), frozenset(codes)}


def _some_code_sets(comparisons: Sequence[Comparison], held: frozenset[str]) -> set[frozenset[str]]:
    """Sets that meet each comparison alone, all of those that ask for codes together, and what is held with them."""
    asked = [one.bound for one in comparisons if one.word is not Word.WITHIN]
    limits = [one.bound for one in comparisons if one.word is Word.WITHIN]
    sets = {frozenset[str](), frozenset((OTHER,)), held, *asked, *limits, frozenset().union(*asked)}
    sets |= {frozenset((code,)) for one in comparisons if one.word is Word.INCLUDES_ANY for code in one.bound}
    sets |= {held | one for one in sets}
    return sets | {one & limit for one in sets for limit in limits}


def _sorted_sets(sets: Iterable[frozenset[str]]) -> tuple[frozenset[str], ...]:
    return tuple(sorted(sets, key=lambda codes: (len(codes), sorted(codes))))


def _around(values: Sequence[Any], kind: Kind) -> tuple[Any, ...]:
    """Each value and its neighbours; where values are dense, a point between each two."""
    if not values:
        return (_ZERO[kind],) if kind in _ZERO else ()
    remake = _remaker(values[0], kind)
    points = sorted({ordinal(value) for value in values})
    if kind in (Kind.NUMBER, Kind.RATE):
        between = [(low + high) / 2 for low, high in pairwise(points)]
        outer = Fraction(1, 100) if kind is Kind.RATE else Fraction(1)
        points = sorted({*points, *between, points[0] - outer, points[-1] + outer})
    else:
        points = sorted({near for point in points for near in (point - 1, point, point + 1)})
    return tuple(remake(point) for point in points)


_ZERO: dict[Kind, Any] = {Kind.COUNT: 0, Kind.NUMBER: Fraction(0), Kind.RATE: Rate(0)}


def ordinal(value: Any) -> Fraction:
    """An ordered value as a number: minor units, days, or itself."""
    if isinstance(value, Money):
        return Fraction(value.minor)
    if isinstance(value, Rate):
        return value.fraction
    return Fraction(value.toordinal()) if isinstance(value, datetime.date) else Fraction(value)


def _remaker(example: Any, kind: Kind) -> Callable[[Fraction], Any]:
    """The way back from a number to a value of the fact."""
    if kind is Kind.MONEY:
        return lambda number: Money(example.currency, int(number))
    if kind is Kind.DATE:
        highest = datetime.date.max.toordinal()
        return lambda number: datetime.date.fromordinal(min(max(int(number), 1), highest))
    if kind is Kind.RATE:
        return Rate.of
    return int if kind is Kind.COUNT else lambda number: number


def difference(target: Any, observed: Any) -> Any:
    """How much is missing from the observed value to the target; None when that is no amount."""
    if isinstance(target, (Money, Rate)) and observed is not None:
        return target - observed
    if isinstance(target, (int, Fraction, Decimal)) and not isinstance(target, bool) and observed is not None:
        return Fraction(target) - Fraction(observed) if not isinstance(target, int) else target - observed
    if isinstance(target, datetime.date) and observed is not None:
        return (target - observed).days
    if isinstance(target, frozenset):
        return target - (observed or frozenset())
    return None
