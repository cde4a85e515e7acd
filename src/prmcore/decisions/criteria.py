"""Criteria: a rule as a small frozen tree, written in words.

    fact("revenue").at_least(eur(250_000))
    all_of(fact("certified_people").at_least(4), not_(fact("suspended").is_true()))

A tree is data: it decides, explains itself, is checked for contradictions, stored and compared. What data cannot say,
a plain function says (`Rule`): such a criterion decides and explains, and whoever asks a static reading is told so.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any, TypeAlias

import attrs

from prmcore.decisions.facts import FactSchema, Kind, is_exact
from prmcore.errors import Faults, InvalidInput, unknown_name
from prmcore.values import Money, Text

__all__ = [
    "AllOf", "AnyOf", "AtLeastOf", "Comparison", "Criterion", "Fact", "Not", "Rule", "RuleReason", "Truth", "Word",
    "all_of", "any_of", "at_least_of", "comparisons", "fact", "not_",
]  # fmt: skip

DEEPEST = 32  # levels of nesting in one criterion; deeper trees are refused, nobody could read them


class Truth(Enum):
    """Three-valued: a fact that is missing makes a comparison unknown, never unmet (Kleene's strong logic)."""

    MET = "met"
    UNMET = "unmet"
    UNKNOWN = "unknown"

    @classmethod
    def of(cls, held: bool | None) -> Truth:
        if held is None:
            return cls.UNKNOWN
        return cls.MET if held else cls.UNMET


class Word(Enum):
    """The comparisons; each value is the word in a program file."""

    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    AT_MOST = "at_most"
    LESS_THAN = "less_than"
    EQUALS = "equals"
    BETWEEN = "between"  # both ends included
    IS = "is"  # True or False
    ONE_OF = "one_of"  # the code is one of the bound
    INCLUDES_ALL = "includes_all"  # the codes hold all of the bound
    INCLUDES_ANY = "includes_any"
    WITHIN = "within"  # the codes hold nothing but the bound

    def suits(self, kind: Kind) -> bool:
        if self is Word.EQUALS:
            return kind.is_ordered or kind is Kind.CODE
        if self is Word.IS:
            return kind is Kind.BOOL
        if self is Word.ONE_OF:
            return kind is Kind.CODE
        if self in (Word.INCLUDES_ALL, Word.INCLUDES_ANY, Word.WITHIN):
            return kind is Kind.CODES
        return kind.is_ordered


_SETS = (Word.ONE_OF, Word.INCLUDES_ALL, Word.INCLUDES_ANY, Word.WITHIN)


@attrs.frozen
class Comparison:
    """A fact compared in words with a bound."""

    fact: str
    word: Word
    bound: Any  # a value of the fact's kind; a pair for BETWEEN, a frozenset for the set words, a bool for IS

    def __attrs_post_init__(self) -> None:
        fault = self._fault()
        if fault:
            raise InvalidInput(f"{self.fact} {self.word.value}: {fault}")

    def _fault(self) -> str | None:
        if self.word in _SETS:
            return Kind.CODES.fault_of(self.bound) or (None if self.bound else "the list is empty")
        if self.word is Word.IS:
            return None if isinstance(self.bound, bool) else f"found {self.bound!r}; accepted: True or False"
        if self.word is not Word.BETWEEN:
            return _bound_fault(self.bound)
        if not isinstance(self.bound, tuple) or len(self.bound) != 2:
            return f"found {self.bound!r:.80}; accepted: a pair, lowest and highest"
        faults = [fault for fault in map(_bound_fault, self.bound) if fault]
        if faults:
            return faults[0]
        low, high = (_comparable(bound) for bound in self.bound)
        if type(low) is not type(high) or getattr(low, "currency", None) != getattr(high, "currency", None):
            return f"{self.bound[0]} and {self.bound[1]} cannot be compared"
        return f"the lowest, {self.bound[0]}, is above the highest, {self.bound[1]}" if low > high else None

    @property
    def bounds(self) -> tuple[Any, ...]:
        return self.bound if self.word is Word.BETWEEN else (self.bound,)

    def holds(self, value: Any) -> bool | None:
        """Whether the comparison holds for a known value of the fact; None when the fact is unknown."""
        return None if value is None else _HOLDS[self.word](_comparable(value), self.bound)


def _bound_fault(bound: Any) -> str | None:
    if bound is None:
        return "a bound is missing"
    if isinstance(bound, (bool, float)):
        return f"found {bound!r}; accepted: an int, Decimal, Fraction, Money, Rate, date or code"
    if isinstance(bound, datetime.datetime):
        return f"found {bound!r}; accepted: a date without a time"
    if isinstance(bound, Decimal) and not is_exact(bound):
        return f"found {bound:.10}; accepted: a finite number of at most 100 digits"
    return None


def _comparable(value: Any) -> Any:
    """Numbers of every exact type as one; everything else as it is."""
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return Fraction(value)
    return value


_HOLDS: dict[Word, Callable[[Any, Any], bool]] = {
    Word.AT_LEAST: lambda value, bound: value >= _comparable(bound),
    Word.MORE_THAN: lambda value, bound: value > _comparable(bound),
    Word.AT_MOST: lambda value, bound: value <= _comparable(bound),
    Word.LESS_THAN: lambda value, bound: value < _comparable(bound),
    Word.EQUALS: lambda value, bound: value == _comparable(bound),
    Word.BETWEEN: lambda value, pair: _comparable(pair[0]) <= value <= _comparable(pair[1]),
    Word.IS: lambda value, wanted: value is wanted,
    Word.ONE_OF: lambda code, codes: code in codes,
    Word.INCLUDES_ALL: lambda codes, wanted: wanted <= codes,
    Word.INCLUDES_ANY: lambda codes, wanted: not wanted.isdisjoint(codes),
    Word.WITHIN: lambda codes, allowed: codes <= allowed,
}


@attrs.frozen
class AllOf:
    """Met when every part is met."""

    parts: tuple[Criterion, ...]


@attrs.frozen
class AnyOf:
    """Met when one part is met."""

    parts: tuple[Criterion, ...]


@attrs.frozen
class AtLeastOf:
    """Met when at least `count` of the parts are met."""

    count: int
    parts: tuple[Criterion, ...]

    def __attrs_post_init__(self) -> None:
        if type(self.count) is not int or not 1 <= self.count <= len(self.parts):
            raise InvalidInput(
                f"at least {self.count} of {len(self.parts)}; accepted: 1 to the number of parts"
            )


@attrs.frozen
class Not:
    """Met when its part is unmet; unknown stays unknown."""

    part: Criterion

    @property
    def parts(self) -> tuple[Criterion, ...]:
        return (self.part,)


@attrs.frozen
class RuleReason:
    """What a function rule answers: whether it holds, and what it saw."""

    truth: Truth
    observed: Any = None  # shown to the reader
    note: Text | None = None  # in the rule's own words


@attrs.frozen
class Rule:
    """A criterion that only a function can say; the function is pure: the same facts and day, the same answer.

    It is named by what it asks ("disputes-settled"). It decides and explains; it cannot be written to a file or
    checked for contradictions.
    """

    name: str
    function: Callable[[Any, datetime.date], RuleReason]
    text: Text | None = None  # the question in people's words; None = the name

    @classmethod
    def named(cls, name: str, *, text: Text | None = None) -> Callable[[Callable[..., RuleReason]], Rule]:
        """As a decorator: `@Rule.named("disputes-settled")`."""
        return lambda function: cls(name, function, text)


Criterion: TypeAlias = Comparison | AllOf | AnyOf | AtLeastOf | Not | Rule
Leaf: TypeAlias = Comparison | Rule


@attrs.frozen
class Fact:
    """The start of a comparison: `fact("revenue").at_least(...)`."""

    name: str

    def at_least(self, bound: Any) -> Comparison:
        return Comparison(self.name, Word.AT_LEAST, bound)

    def more_than(self, bound: Any) -> Comparison:
        return Comparison(self.name, Word.MORE_THAN, bound)

    def at_most(self, bound: Any) -> Comparison:
        return Comparison(self.name, Word.AT_MOST, bound)

    def less_than(self, bound: Any) -> Comparison:
        return Comparison(self.name, Word.LESS_THAN, bound)

    def equals(self, bound: Any) -> Comparison:
        return Comparison(self.name, Word.EQUALS, bound)

    def between(self, lowest: Any, highest: Any) -> Comparison:
        """Both ends count."""
        return Comparison(self.name, Word.BETWEEN, (lowest, highest))

    def is_true(self) -> Comparison:
        return Comparison(self.name, Word.IS, True)

    def is_false(self) -> Comparison:
        return Comparison(self.name, Word.IS, False)

    def one_of(self, *codes: str) -> Comparison:
        return Comparison(self.name, Word.ONE_OF, frozenset(codes))

    def includes(self, code: str) -> Comparison:
        return Comparison(self.name, Word.INCLUDES_ALL, frozenset((code,)))

    def includes_all(self, *codes: str) -> Comparison:
        return Comparison(self.name, Word.INCLUDES_ALL, frozenset(codes))

    def includes_any(self, *codes: str) -> Comparison:
        return Comparison(self.name, Word.INCLUDES_ANY, frozenset(codes))

    def within(self, *codes: str) -> Comparison:
        """Nothing outside these codes: the fact is a subset of them."""
        return Comparison(self.name, Word.WITHIN, frozenset(codes))


def fact(name: str) -> Fact:
    """Names a fact to compare.

    >>> fact("users").at_least(150)
    Comparison(fact='users', word=<Word.AT_LEAST: 'at_least'>, bound=150)
    """
    return Fact(name)


def all_of(*parts: Criterion) -> AllOf:
    """Met when every part is met."""
    return AllOf(parts)


def any_of(*parts: Criterion) -> AnyOf:
    """Met when one part is met."""
    return AnyOf(parts)


def at_least_of(count: int, *parts: Criterion) -> AtLeastOf:
    """Met when so many of the parts are met."""
    return AtLeastOf(count, parts)


def not_(part: Criterion) -> Not:
    """Met when the part is not; unknown when it is unknown."""
    return Not(part)


def leaves(criterion: Criterion) -> Iterator[Leaf]:
    """The comparisons and rules of a tree, from left to right, repeats included."""
    if isinstance(criterion, (Comparison, Rule)):
        yield criterion
        return
    for part in criterion.parts:
        yield from leaves(part)


def comparisons(criterion: Criterion) -> Iterator[Comparison]:
    """The comparisons of a tree, from left to right."""
    return (leaf for leaf in leaves(criterion) if isinstance(leaf, Comparison))


def check_criteria(criteria: Iterable[Criterion], schema: FactSchema, faults: Faults, path: str) -> None:
    """Collects what is wrong with each of a list of criteria: see `check_criterion`."""
    for place, one in enumerate(criteria):
        check_criterion(one, schema, faults, f"{path}[{place}]")


def check_criterion(
    criterion: Criterion, schema: FactSchema, faults: Faults, path: str = "", depth: int = 0
) -> None:
    """Collects what is wrong with a criterion for facts of this schema: names, words, bounds, depth."""
    if depth > DEEPEST:
        faults.add(f"nested deeper than {DEEPEST} levels", path)
    elif isinstance(criterion, Comparison):
        fault = _comparison_fault(criterion, schema)
        if fault:
            faults.add(fault, path)
    elif isinstance(criterion, (AllOf, AnyOf, AtLeastOf, Not)):
        if not criterion.parts:
            faults.add("holds no criteria", path)
        for place, part in enumerate(criterion.parts):
            check_criterion(part, schema, faults, f"{path}[{place}]", depth + 1)
    elif not isinstance(criterion, Rule):
        faults.add(
            f"found {criterion!r:.80}; accepted: a criterion, such as fact('users').at_least(10)", path
        )


def _comparison_fault(comparison: Comparison, schema: FactSchema) -> str | None:
    if comparison.fact not in schema:
        return f"{unknown_name('fact', comparison.fact, schema.names)} (the facts of {schema.name})"
    field, word = schema.field(comparison.fact), comparison.word
    if not word.suits(field.kind):
        suiting = ", ".join(other.value for other in Word if other.suits(field.kind))
        return (
            f"{field.name} is a {field.kind.value}, it cannot be asked for {word.value}; accepted: {suiting}"
        )
    if word in _SETS:
        return None
    for bound in comparison.bounds:
        fault = field.kind.fault_of(bound)
        if fault:
            return f"{field.name} {word.value}: {fault}"
        if isinstance(bound, Money) and field.currency not in (None, bound.currency):
            return f"{field.name} is counted in {field.currency}, the bound is {bound}"
    return None
