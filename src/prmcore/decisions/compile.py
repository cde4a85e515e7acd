"""One Python function per policy version: the fast reading of criteria.

The function is generated. Nothing of a program file is in its text: facts are numbered, bounds are values in its
namespace (`b0`, `b1`, ...), so no name or number that somebody wrote can become code. Each fact is read once, money is
unwrapped once, and each comparison is one bit of the mask.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

from prmcore.decisions.criteria import (
    AllOf,
    AnyOf,
    AtLeastOf,
    Comparison,
    Criterion,
    Leaf,
    Not,
    Rule,
    Truth,
    Word,
)
from prmcore.decisions.facts import FactSchema, Kind, is_exact
from prmcore.values import Money, Rate

__all__ = ["compiled"]

Judge: TypeAlias = Callable[[Any, datetime.date], tuple[int, int]]

MOST_LEAVES = (
    2000  # beyond, Python takes longer to compile the function than it saves; such policies are interpreted
)

_OPERATORS = {
    Word.AT_LEAST: ">=",
    Word.MORE_THAN: ">",
    Word.AT_MOST: "<=",
    Word.LESS_THAN: "<",
    Word.EQUALS: "==",
}
_SET_TESTS = {
    Word.IS: "v{v} is {b}",
    Word.ONE_OF: "v{v} in {b}",
    Word.INCLUDES_ALL: "{b} <= v{v}",
    Word.INCLUDES_ANY: "not {b}.isdisjoint(v{v})",
    Word.WITHIN: "v{v} <= {b}",
}
_CLASSES: dict[Kind, tuple[type, ...]] = {
    Kind.BOOL: (bool,),
    Kind.COUNT: (int,),
    Kind.NUMBER: (int, Fraction),
    Kind.MONEY: (Money,),
    Kind.RATE: (Rate,),
    Kind.DATE: (datetime.date,),
    Kind.CODE: (str,),
    Kind.CODES: (frozenset,),
}


def compiled(places: Mapping[Leaf, int], rules: Sequence[Criterion], schema: FactSchema) -> Judge:
    """Does what `interpret` does, faster; a fact whose value is not of its kind's own classes raises TypeError."""
    return _Writer(places, rules, schema).function()


class _Writer:
    """Writes the function's text and gathers the values it refers to."""

    def __init__(self, places: Mapping[Leaf, int], rules: Sequence[Criterion], schema: FactSchema) -> None:
        self.places = places
        self.rules = rules
        self.schema = schema
        self.values: dict[str, Any] = {"MET": Truth.MET, "UNKNOWN": Truth.UNKNOWN}

    def function(self) -> Judge:
        lines = ["def judge(facts, as_of):", *(f"    {line}" for line in self.body())]
        namespace: dict[str, Any] = {"__builtins__": {"TypeError": TypeError}, **self.values}
        exec(
            compile("\n".join(lines), "<compiled policy>", "exec"), namespace
        )  # numbers and our own words only
        judge: Judge = namespace["judge"]
        return judge

    def body(self) -> Iterator[str]:
        by_fact: dict[str, list[Comparison]] = {}
        for leaf in self.places:
            if isinstance(leaf, Comparison):
                by_fact.setdefault(leaf.fact, []).append(leaf)
        self.values["get"] = self.schema.getter(by_fact)
        if by_fact:
            yield "".join(f"v{number}, " for number in range(len(by_fact))) + "= get(facts)"
        yield "m = 0"
        for number, (name, found) in enumerate(by_fact.items()):
            yield from self.fact_lines(number, self.schema.field(name).kind, found)
        for number, leaf in enumerate(self.places):
            if isinstance(leaf, Rule):
                yield from self.rule_lines(f"r{number}", leaf)
        yield from self.verdict_lines()

    def fact_lines(self, number: int, kind: Kind, found: list[Comparison]) -> Iterator[str]:
        """One fact: unknown, or unwrapped and compared with every bound."""
        yield f"if {self.suitable(number, found[0].fact, kind)}:"
        for line in self.unwrapping(number, kind, found):
            yield f"    {line}"
        rest, floors = found, [one for one in found if one.word is Word.AT_LEAST]
        if len(floors) > 1:  # whoever reaches a higher floor reaches the lower ones: stop at the first
            floors.sort(key=lambda one: one.bound, reverse=True)
            for place, floor in enumerate(floors):
                yield f"    {'elif' if place else 'if'} {self.test(number, kind, floor)}: m |= {self.bits(floors[place:])}"
            rest = [one for one in found if one.word is not Word.AT_LEAST]
        for one in rest:
            yield f"    if {self.test(number, kind, one)}: m |= {self.bits([one])}"
        yield f"elif v{number} is None: m |= {self.unknown(found)}"
        yield "else: raise TypeError"

    def unwrapping(self, number: int, kind: Kind, found: list[Comparison]) -> Iterator[str]:
        if kind is Kind.MONEY:
            currency = self.bound(found[0].bounds[0].currency)
            yield f"if v{number}.currency != {currency}: raise TypeError"
            yield f"n{number} = v{number}.minor"
        elif kind is Kind.RATE:
            yield f"n{number} = v{number}.numerator; d{number} = v{number}.denominator"
        elif kind is Kind.NUMBER:
            yield f"n{number}, d{number} = v{number}.as_integer_ratio()"

    def suitable(self, number: int, fact: str, kind: Kind) -> str:
        """Whether the value is of the kind's own classes; if not, the plain reading says what is wrong, if anything."""
        codes = self.schema.field(fact).codes
        classes = _CLASSES[kind] if codes is None else (str, codes)
        tests = [f"v{number}.__class__ is {self.bound(one)}" for one in classes]
        if kind is Kind.NUMBER:
            tests.append(
                f"v{number}.__class__ is {self.bound(Decimal)} and {self.bound(is_exact)}(v{number})"
            )
        return " or ".join(tests)

    def test(self, number: int, kind: Kind, one: Comparison) -> str:
        if one.word in _SET_TESTS:
            return _SET_TESTS[one.word].format(v=number, b=self.bound(one.bound))
        if one.word is Word.BETWEEN:
            low, high = one.bound
            return f"{self.ordered(number, kind, '>=', low)} and {self.ordered(number, kind, '<=', high)}"
        return self.ordered(number, kind, _OPERATORS[one.word], one.bound)

    def ordered(self, number: int, kind: Kind, operator: str, bound: Any) -> str:
        """A comparison of order; fractions are compared by cross-multiplied integers."""
        if kind is Kind.MONEY:
            return f"n{number} {operator} {self.bound(bound.minor)}"
        if kind is Kind.RATE:
            return self.crossed(number, operator, bound.numerator, bound.denominator)
        if kind is Kind.NUMBER:
            return self.crossed(number, operator, *bound.as_integer_ratio())
        return f"v{number} {operator} {self.bound(bound)}"

    def crossed(self, number: int, operator: str, numerator: int, denominator: int) -> str:
        return f"n{number} * {self.bound(denominator)} {operator} {self.bound(numerator)} * d{number}"

    def bound(self, value: Any) -> str:
        name = f"b{len(self.values)}"
        self.values[name] = value
        return name

    def bits(self, found: Sequence[Leaf]) -> int:
        return sum(1 << self.places[leaf] for leaf in found)

    def unknown(self, found: Sequence[Leaf]) -> int:
        """The bits that say that these are unknown: above those that say what is met."""
        return self.bits(found) << len(self.places)

    def rule_lines(self, name: str, rule: Rule) -> Iterator[str]:
        self.values[name] = rule.function
        yield f"t = {name}(facts, as_of).truth"
        yield f"if t is MET: m |= {self.bits([rule])}"
        yield f"elif t is UNKNOWN: m |= {self.unknown([rule])}"

    def verdict_lines(self) -> Iterator[str]:
        size = len(self.places)
        if any(_negates(rule) for rule in self.rules):
            yield f"f = {(1 << size) - 1} & ~(m | m >> {size})"
        for number, rule in enumerate(self.rules):
            yield f"if {self.met(rule)}: return {number}, m"
        yield f"return {len(self.rules)}, m"

    def met(self, criterion: Criterion) -> str:
        """An expression that is true when the criterion is met: `m` holds the met bits lowest, `f` the unmet ones."""
        if isinstance(criterion, Not):
            return self.unmet(criterion.part)
        if isinstance(criterion, AllOf):
            return self.every("m", criterion.parts, self.met)
        if isinstance(criterion, AnyOf):
            return self.some("m", criterion.parts, self.met)
        if isinstance(criterion, AtLeastOf):
            return self.counted(criterion.parts, self.met, criterion.count)
        return f"(m & {self.bits([criterion])})"

    def unmet(self, criterion: Criterion) -> str:
        if isinstance(criterion, Not):
            return self.met(criterion.part)
        if isinstance(criterion, AllOf):
            return self.some("f", criterion.parts, self.unmet)
        if isinstance(criterion, AnyOf):
            return self.every("f", criterion.parts, self.unmet)
        if isinstance(criterion, AtLeastOf):
            return self.counted(criterion.parts, self.unmet, len(criterion.parts) - criterion.count + 1)
        return f"(f & {self.bits([criterion])})"

    def every(self, held: str, parts: Sequence[Criterion], read: Callable[[Criterion], str]) -> str:
        singles, groups = _sorted_parts(parts)
        bits = self.bits(singles)
        tests = [f"({held} & {bits}) == {bits}"] if singles else []
        return f"({' and '.join([*tests, *map(read, groups)])})"

    def some(self, held: str, parts: Sequence[Criterion], read: Callable[[Criterion], str]) -> str:
        singles, groups = _sorted_parts(parts)
        tests = [f"({held} & {self.bits(singles)})"] if singles else []
        return f"({' or '.join([*tests, *map(read, groups)])})"

    def counted(self, parts: Sequence[Criterion], read: Callable[[Criterion], str], count: int) -> str:
        return f"({' + '.join(f'(1 if {read(part)} else 0)' for part in parts)} >= {count})"


def _sorted_parts(parts: Sequence[Criterion]) -> tuple[list[Leaf], list[Criterion]]:
    """Distinct leaves, which one mask tests at once, and the rest."""
    singles = dict.fromkeys(part for part in parts if isinstance(part, (Comparison, Rule)))
    return list(singles), [part for part in parts if not isinstance(part, (Comparison, Rule))]


def _negates(criterion: Criterion) -> bool:
    if isinstance(criterion, (Comparison, Rule)):
        return False
    return isinstance(criterion, Not) or any(_negates(part) for part in criterion.parts)
