"""Facts, bounds and criteria as plain values (dict, list, str, int, bool, date) and back, without loss."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

from prmcore.decisions.criteria import (
    AllOf,
    AnyOf,
    AtLeastOf,
    Comparison,
    Criterion,
    Not,
    Rule,
    Word,
    check_criterion,
)
from prmcore.decisions.facts import FactField, FactSchema, FactSheet, Kind, is_exact
from prmcore.errors import Faults, InvalidInput, joined_path, unknown_name
from prmcore.values import Money, Rate
from prmcore.values.wire import MOST_DIGITS_OF_RATIO

__all__ = ["criterion_from", "criterion_to", "facts_from", "facts_to", "value_from", "value_to"]

_GROUPS = ("all_of", "any_of", "at_least_of", "not")
_WORDS = {word.value: word for word in Word}
_SET_WORDS = (Word.ONE_OF, Word.INCLUDES_ALL, Word.INCLUDES_ANY, Word.WITHIN)


def value_from(kind: Kind, written: Any) -> Any:
    """The value that was written for a fact of this kind; None stays None (unknown).

    >>> value_from(Kind.RATE, "70 %"), value_from(Kind.DATE, "2026-03-31"), value_from(Kind.CODES, ["JP"])
    (Rate('70 %'), datetime.date(2026, 3, 31), frozenset({'JP'}))
    """
    value = _READERS[kind](written) if isinstance(written, str) and kind in _READERS else written
    if (
        kind is Kind.CODES
        and isinstance(written, (list, tuple))
        and all(isinstance(code, str) for code in written)
    ):
        value = frozenset(written)
    if isinstance(value, Decimal):
        value = _exact(value) if kind is Kind.NUMBER and is_exact(value) else value
    fault = kind.fault_of(value)
    if fault:
        raise InvalidInput(
            fault if isinstance(value, float) else f"found {written!r:.80}; accepted: {_WRITTEN[kind]}"
        )
    return value


_WRITTEN = {  # as a person writes a value of the kind
    Kind.BOOL: "true or false",
    Kind.COUNT: "a whole number, such as 12",
    Kind.NUMBER: "a number, such as 12, 7.5 or '1/3'",
    Kind.MONEY: "an amount and its currency, such as '12.50 EUR'",
    Kind.RATE: "a rate with its unit, such as '15 %'",
    Kind.DATE: "a date, such as 2026-03-31",
    Kind.CODE: "a word, such as 'JP'",
    Kind.CODES: "a list of words, such as ['JP', 'CN']",
}


def value_to(value: Any) -> Any:
    """A fact or bound as a plain value: the exact way back from `value_from`."""
    if isinstance(value, (Money, Rate)):
        return str(value)
    if isinstance(value, (Decimal, Fraction)):
        return str(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, frozenset):
        return sorted(map(value_to, value))
    return value


def facts_to(schema: FactSchema, facts: Any) -> dict[str, Any]:
    """Every fact by name, as plain JSON values: the way back from `facts_from`."""
    return {name: value_to(value) for name, value in schema.values_of(facts).items()}


def facts_from(schema: FactSchema, written: Mapping[str, Any]) -> Any:
    """The facts that were written by name: the schema's record, or a FactSheet; all faults at once.

    What is not written is unknown.
    """
    faults = Faults(f"the facts are not {schema.name}")
    if not isinstance(written, Mapping):
        raise InvalidInput(faults.title, [f"found {written!r:.80}; accepted: a table of facts by name"])
    values: dict[str, Any] = dict.fromkeys(schema.names)
    for name, value in written.items():
        if name not in schema:
            faults.add(unknown_name("fact", str(name), schema.names), str(name))
            continue
        with faults.within(name):
            values[name] = _of_field(schema.field(name), value)
    faults.raise_if_any()
    return FactSheet.of(schema, values) if schema.record is None else schema.record(**values)


def _of_field(field: FactField, written: Any) -> Any:
    value = value_from(field.kind, written)
    if field.codes is None or value is None:
        return value
    known = [code.value for code in field.codes]
    if value not in known:
        raise InvalidInput(unknown_name(field.name, value, known))
    return field.codes(value)


_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?", re.ASCII)
# as long as a fraction may be that a store gives back: the way to write one that was read from decimal digits
_RATIO = re.compile(
    rf"[+-]?[0-9]{{1,{MOST_DIGITS_OF_RATIO}}}/(?=0*[1-9])[0-9]{{1,{MOST_DIGITS_OF_RATIO}}}", re.ASCII
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def _exact(value: Decimal) -> Fraction | int:
    fraction = Fraction(value)
    return fraction.numerator if fraction.denominator == 1 else fraction


def _number(text: str) -> Any:
    if _RATIO.fullmatch(text):
        return Fraction(text)
    if len(text) > 200:
        raise InvalidInput(f"found {text[:20]!r}...; accepted: a number of at most 100 digits")
    return Decimal(text) if _NUMBER.fullmatch(text) else text


def _date(text: str) -> Any:
    try:
        return datetime.date.fromisoformat(text) if _DATE.fullmatch(text) else text
    except ValueError:
        return text


_READERS: dict[Kind, Callable[[str], Any]] = {
    Kind.MONEY: Money.parse,
    Kind.RATE: Rate.parse,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
}


def criterion_to(criterion: Criterion) -> dict[str, Any]:
    """A criterion as plain values. A function rule cannot be written; it is refused by name."""
    if isinstance(criterion, Rule):
        raise InvalidInput(
            f"the rule {criterion.name!r} is a function; only criteria that are data can be written"
        )
    if isinstance(criterion, Comparison):
        bound = (
            [value_to(part) for part in criterion.bound]
            if criterion.word is Word.BETWEEN
            else criterion.bound
        )
        return {"fact": criterion.fact, criterion.word.value: value_to(bound)}
    if isinstance(criterion, Not):
        return {"not": criterion_to(criterion.part)}
    parts = [criterion_to(part) for part in criterion.parts]
    if isinstance(criterion, AtLeastOf):
        return {"at_least_of": criterion.count, "of": parts}
    return {"all_of" if isinstance(criterion, AllOf) else "any_of": parts}


def criterion_from(written: Any, schema: FactSchema, path: str = "") -> Criterion:
    """The criterion that was written, for these facts; all faults at once, with their paths below `path`."""
    faults = Faults("the criterion cannot be read")
    criterion = _Reader(schema, faults).read(written, path, 0)
    if criterion is not None and not faults.found:
        check_criterion(criterion, schema, faults, path)
    faults.raise_if_any()
    assert criterion is not None
    return criterion


class _Reader:
    def __init__(self, schema: FactSchema, faults: Faults) -> None:
        self.schema = schema
        self.faults = faults

    def read(self, written: Any, path: str, depth: int) -> Criterion | None:
        if not isinstance(written, Mapping):
            return self.refuse(
                f"found {written!r:.80}; accepted: a table such as {{fact = 'users', at_least = 10}}", path
            )
        if depth > 32:
            return self.refuse("nested deeper than 32 levels", path)
        if "fact" in written:
            return self.comparison(written, path)
        groups = [key for key in written if key in _GROUPS]
        if len(groups) != 1:
            return self.refuse(
                f"found the keys {_keys(written)}; accepted: fact and a comparison, or one of {_GROUPS}", path
            )
        return self.group(groups[0], written, path, depth)

    def group(self, key: str, written: Mapping[str, Any], path: str, depth: int) -> Criterion | None:
        extra = [other for other in written if other != key and not (key == "at_least_of" and other == "of")]
        for other in extra:
            self.refuse(f"unknown key {other!r:.80} beside {key!r}", joined_path(path, str(other)))
        if key == "not":
            part = self.read(written["not"], joined_path(path, "not"), depth + 1)
            return Not(part) if part is not None else None
        inner = "of" if key == "at_least_of" else key
        found = written.get(inner)
        if not isinstance(found, (list, tuple)) or not found:
            return self.refuse(
                f"{inner} holds {found!r:.80}; accepted: a list of criteria", joined_path(path, inner)
            )
        parts = [
            self.read(part, joined_path(path, f"{inner}[{place}]"), depth + 1)
            for place, part in enumerate(found)
        ]
        whole = tuple(part for part in parts if part is not None)
        if len(whole) < len(parts):
            return None
        return self.grouped(key, written[key], whole, path)

    def grouped(self, key: str, count: Any, parts: tuple[Criterion, ...], path: str) -> Criterion | None:
        if key != "at_least_of":
            return AllOf(parts) if key == "all_of" else AnyOf(parts)
        if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= len(parts):
            return self.refuse(
                f"found {count!r:.80}; accepted: a count from 1 to {len(parts)}",
                joined_path(path, "at_least_of"),
            )
        return AtLeastOf(count, parts)

    def comparison(self, written: Mapping[str, Any], path: str) -> Criterion | None:
        name = written["fact"]
        if not isinstance(name, str) or name not in self.schema:
            return self.refuse(unknown_name("fact", str(name), self.schema.names), joined_path(path, "fact"))
        words = [str(key) for key in written if key != "fact"]
        if len(words) != 1 or words[0] not in _WORDS:
            unknown = next((word for word in words if word not in _WORDS), None)
            message = unknown_name("comparison", unknown, _WORDS) if unknown else "one comparison is needed"
            return self.refuse(message, joined_path(path, unknown) if unknown else path)
        try:
            return self.compared(self.schema.field(name), _WORDS[words[0]], written[words[0]])
        except InvalidInput as error:
            for fault in error.faults or (error.title,):
                self.refuse(str(fault), joined_path(path, words[0]))
            return None

    def compared(self, field: FactField, word: Word, bound: Any) -> Comparison:
        if not word.suits(field.kind):
            suiting = ", ".join(other.value for other in Word if other.suits(field.kind))
            raise InvalidInput(f"{field.name} is a {field.kind.value}; accepted comparisons: {suiting}")
        if word in _SET_WORDS:
            return Comparison(field.name, word, value_from(Kind.CODES, bound))
        if word is Word.BETWEEN:
            if not isinstance(bound, (list, tuple)) or len(bound) != 2:
                raise InvalidInput(f"found {bound!r:.80}; accepted: a pair, lowest and highest")
            return Comparison(field.name, word, tuple(value_from(field.kind, one) for one in bound))
        return Comparison(field.name, word, value_from(field.kind, bound))

    def refuse(self, message: str, path: str) -> Criterion | None:
        """Notes a fault; there is no criterion then."""
        self.faults.add(message, path)
        return None


def _keys(written: Mapping[Any, Any]) -> str:
    return ", ".join(repr(key)[:40] for key in list(written)[:8]) or "none"
