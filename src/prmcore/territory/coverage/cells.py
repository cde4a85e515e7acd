"""Cells: what a coverage rule asks of one dimension, as data. A dimension that a rule does not name may have any value.

An attribute that is not known is a value of its own: it matches a rule that does not ask, and one that says `unknown`;
it never matches a set of known values, and never the rest of them.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import attrs

from prmcore.errors import Faults, InvalidInput
from prmcore.territory.coverage.postcodes import PostcodeRange

__all__ = ["Among", "Cell", "NoneOf", "Postcodes", "Span", "Under", "Within"]

_NONE: frozenset[str] = frozenset()


@attrs.frozen(kw_only=True, cache_hash=True)
class Under:
    """Of a tree: these codes and all that lies below them, without what lies outside; groups stand for their members.

    No code at all, with some outside: everywhere but there.
    """

    codes: frozenset[str] = _NONE
    outside: frozenset[str] = _NONE
    unknown: bool = False

    def __attrs_post_init__(self) -> None:
        _check_asks(self.codes or self.outside or self.unknown)


@attrs.frozen(kw_only=True, cache_hash=True)
class Among:
    """Of an open list of words: one of these."""

    codes: frozenset[str] = _NONE
    unknown: bool = False

    def __attrs_post_init__(self) -> None:
        _check_asks(self.codes or self.unknown)


@attrs.frozen(kw_only=True, cache_hash=True)
class NoneOf:
    """Of an open list of words: any known word but these."""

    codes: frozenset[str]
    unknown: bool = False

    def __attrs_post_init__(self) -> None:
        _check_asks(self.codes)


@attrs.frozen(kw_only=True, cache_hash=True)
class Span:
    """A stretch of an ordered dimension; at most one bound on each side, none = open on that side.

    >>> Span(at_least=100, less_than=500).in_words()
    'at least 100, less than 500'
    """

    at_least: Any = None
    more_than: Any = None
    at_most: Any = None
    less_than: Any = None

    def __attrs_post_init__(self) -> None:
        for first, second in (("at_least", "more_than"), ("at_most", "less_than")):
            if getattr(self, first) is not None and getattr(self, second) is not None:
                raise InvalidInput(f"both {first} and {second} are given; accepted: one of them")
        if not self.bounds:
            raise InvalidInput("a span has no bound; accepted: at_least, more_than, at_most, less_than")

    @property
    def bounds(self) -> dict[str, Any]:
        """The bounds that are given, by their words."""
        named = attrs.asdict(self, recurse=False)
        return {word: bound for word, bound in named.items() if bound is not None}

    def in_words(self) -> str:
        return ", ".join(f"{word.replace('_', ' ')} {bound}" for word, bound in self.bounds.items())


@attrs.frozen(kw_only=True, cache_hash=True)
class Within:
    """Of an ordered dimension: inside one of these spans."""

    spans: tuple[Span, ...] = ()
    unknown: bool = False

    def __attrs_post_init__(self) -> None:
        _check_asks(self.spans or self.unknown)


@attrs.frozen(kw_only=True, cache_hash=True)
class Postcodes:
    """Of postcodes: inside one of these ranges; the account's country comes from the dimension that postcodes lie in."""

    ranges: tuple[PostcodeRange, ...] = ()
    unknown: bool = False  # the postcode is not known, in whatever country

    def __attrs_post_init__(self) -> None:
        _check_asks(self.ranges or self.unknown)


Cell: TypeAlias = Under | Among | NoneOf | Within | Postcodes


def _check_asks(something: object) -> None:
    if not something:
        faults = Faults("the cell cannot be used")
        faults.add("asks for nothing; leave the dimension out where any value will do")
        faults.raise_if_any()
