"""Records as plain values (dict, list, str, int, bool) and back: the border, kept by cattrs.

Nothing is guessed on the way in: a bool is no number, a float is no amount, an unknown key is refused with the nearest
known one. All faults come back at once, each with its path.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from types import UnionType
from typing import TYPE_CHECKING, Any, Literal, TypeVar, Union, get_args, get_origin

import attrs

from prmcore.errors import Fault, InvalidInput, joined_path, unknown_name
from prmcore.values.date_ranges import DateRange
from prmcore.values.dated import Dated
from prmcore.values.lengths import Length
from prmcore.values.money import Money
from prmcore.values.rates import PercentagePoints, Rate
from prmcore.values.schedules import Roll
from prmcore.values.text import Text

if TYPE_CHECKING:
    import cattrs

__all__ = ["converter", "faults_of", "from_plain", "to_plain"]

T = TypeVar("T")


def to_plain(record: Any) -> Any:
    """A record as plain values that JSON and TOML can hold.

    >>> to_plain(DateRange(datetime.date(2026, 1, 1)))
    {'start': '2026-01-01', 'end': None}
    """
    return _shared().unstructure(record)


def from_plain(written: Any, record: type[T], title: str | None = None) -> T:
    """The record that was written; every fault at once when it cannot be read."""
    try:
        return _shared().structure(written, record)
    except InvalidInput:
        raise
    except BaseExceptionGroup as group:
        raise InvalidInput(title or f"the {record.__name__} cannot be read", faults_of(group)) from None


def faults_of(error: BaseException, path: str = "") -> list[Fault]:
    """The faults inside what cattrs raised, with paths such as `contacts[2].email`."""
    from cattrs import ForbiddenExtraKeysError

    path = joined_path(path, _step(error))
    if isinstance(error, BaseExceptionGroup):
        return [fault for inner in error.exceptions for fault in faults_of(inner, path)]
    if isinstance(error, ForbiddenExtraKeysError):
        return [_extra_key(error, key, path) for key in sorted(map(str, error.extra_fields))]
    if isinstance(error, InvalidInput):
        return [fault.inside(path) for fault in error.faults or (Fault(error.title),)]
    if isinstance(error, KeyError):
        return [Fault("is missing", path)]
    return [Fault(str(error) or type(error).__name__, path)]


def _step(error: BaseException) -> str:
    """Where cattrs found it, from the note it left on the error."""
    from cattrs import AttributeValidationNote, IterableValidationNote

    for note in getattr(error, "__notes__", ()):
        if isinstance(note, AttributeValidationNote):
            return note.name
        if isinstance(note, IterableValidationNote):
            return f"[{note.index}]" if isinstance(note.index, int) else str(note.index)
    return ""


def _extra_key(error: Any, key: str, path: str) -> Fault:
    known = [field.alias for field in attrs.fields(error.cl)] if attrs.has(error.cl) else []
    return Fault(unknown_name("key", str(key), known), joined_path(path, key))


@lru_cache(maxsize=1)
def _shared() -> cattrs.Converter:
    return converter()


def converter() -> cattrs.Converter:
    """A strict converter for all value types; add hooks for your own records on top."""
    import cattrs

    made = cattrs.Converter(forbid_extra_keys=True, detailed_validation=True)
    for kind, write, read in _HOOKS:
        made.register_unstructure_hook(kind, write)
        made.register_structure_hook(kind, _reader(kind, read))
    for plain in (int, bool, str):
        made.register_structure_hook(plain, _plain(plain))
    made.register_structure_hook(float, _plain(int))
    made.register_unstructure_hook(str, lambda words: words.value if isinstance(words, Enum) else words)
    made.register_structure_hook_factory(attrs.has, lambda kind: _record(made, kind))
    made.register_structure_hook_func(_is_several, lambda written, kind: _several(made, written, kind))
    made.register_structure_hook_func(_is_mapping, lambda written, kind: _mapping(made, written, kind))
    made.register_structure_hook_func(_is_literal, _literal)
    made.register_structure_hook_func(
        lambda kind: bool(_by_kind(kind)), lambda written, kind: _of_kind(made, written, kind)
    )
    made.register_structure_hook(Enum, _enum)  # where cattrs 23 looks first
    made.register_structure_hook_func(lambda kind: isinstance(kind, type) and issubclass(kind, Enum), _enum)
    made.register_unstructure_hook_func(
        lambda kind: getattr(kind, "__origin__", kind) is frozenset, _sorted_codes(made)
    )
    made.register_unstructure_hook_func(
        _is_dated, lambda dated: [[made.unstructure(r), made.unstructure(v)] for r, v in dated.entries]
    )
    made.register_structure_hook_func(_is_dated, lambda written, kind: _dated(made, written, kind))
    return made


def _record(made: cattrs.Converter, kind: Any) -> Callable[[Any, Any], Any]:
    """cattrs' own reading of a record, of nothing but a table."""
    read: Any = made.gen_structure_attrs_fromdict(kind)

    def structure(written: Any, _: Any) -> Any:
        return read(_table(written), kind)

    return structure


def _table(written: Any) -> Mapping[Any, Any]:
    if not isinstance(written, Mapping):
        raise InvalidInput(f"found {written!r:.60} ({type(written).__name__}); accepted: a table")
    return written


_SEVERAL = (tuple, list, frozenset, set)


def _is_several(kind: Any) -> bool:
    return get_origin(kind) in _SEVERAL


def _several(made: cattrs.Converter, written: Any, kind: Any) -> Any:
    """A list; words are not a list of letters, nor a table one of its keys."""
    if not isinstance(written, _SEVERAL):
        raise InvalidInput(f"found {written!r:.60} ({type(written).__name__}); accepted: a list")
    origin, args = get_origin(kind), get_args(kind)
    kinds = args if origin is tuple and args[-1] is not ... else (args[0],) * len(written)
    if len(kinds) != len(written):
        raise InvalidInput(f"found {len(written)}; accepted: a list of {len(kinds)}")
    parts = enumerate(zip(written, kinds, strict=True))
    return origin(_each(made, [(f"[{place}]", one, part) for place, (one, part) in parts]))


def _is_mapping(kind: Any) -> bool:
    return get_origin(kind) in (dict, Mapping)


def _mapping(made: cattrs.Converter, written: Any, kind: Any) -> Any:
    of_keys, of_values = get_args(kind)
    table = _table(written)
    keys = _each(made, [(str(key), key, of_keys) for key in table])
    return dict(
        zip(keys, _each(made, [(str(key), value, of_values) for key, value in table.items()]), strict=True)
    )


def _each(made: cattrs.Converter, parts: list[tuple[str, Any, Any]]) -> list[Any]:
    """Every part read; the faults of all of them at once."""
    found: list[Any] = []
    faults: list[Fault] = []
    for path, written, kind in parts:
        try:
            found.append(made.structure(written, kind))
        except (ExceptionGroup, KeyError, TypeError, ValueError) as error:  # what cattrs and its hooks raise
            faults.extend(fault.inside(path) for fault in faults_of(error))
    if faults:
        raise InvalidInput("the list cannot be read", faults)
    return found


def _is_literal(kind: Any) -> bool:
    origin: Any = get_origin(kind)
    return origin is Literal


@lru_cache(maxsize=64)
def _by_kind(union: Any) -> Mapping[str, type]:
    """The records of a union that each have a `kind` of their own, by it; empty when it is no such union."""
    records = get_args(union) if get_origin(union) in (Union, UnionType) else ()
    if not all(attrs.has(one) and "kind" in attrs.fields_dict(one) for one in records):
        return {}
    kinds = {one: attrs.fields_dict(attrs.resolve_types(one))["kind"].type for one in records}
    return {name: one for one, kind in kinds.items() if _is_literal(kind) for name in get_args(kind)}


def _of_kind(made: cattrs.Converter, written: Any, union: Any) -> Any:
    """The record whose kind is named: one whose kind is misspelt is not guessed from its other keys."""
    known, name = _by_kind(union), _table(written).get("kind")
    if not isinstance(name, str) or name not in known:
        wrong = Fault("is missing" if name is None else unknown_name("kind", str(name), known), "kind")
        raise InvalidInput("the record cannot be read", [wrong])
    return made.structure(written, known[name])


def _is_dated(kind: Any) -> bool:
    return getattr(kind, "__origin__", kind) is Dated


def _dated(made: cattrs.Converter, written: Any, kind: Any) -> Dated[Any]:
    (value,) = get_args(kind) or (Any,)
    entries: Any = made.structure(written, tuple[tuple[DateRange, value], ...])  # type: ignore[valid-type]  # known here
    return Dated(entries)


def _sorted_codes(made: cattrs.Converter) -> Callable[[Any], list[Any]]:
    return lambda codes: sorted(made.unstructure(code) for code in codes)


def _reader(kind: type, read: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    def structure(written: Any, _: Any) -> Any:
        return written if type(written) is kind else read(written)

    return structure


def _plain(kind: type) -> Callable[[Any, Any], Any]:
    def structure(written: Any, wanted: Any) -> Any:
        if isinstance(wanted, type) and issubclass(wanted, Enum):  # a StrEnum is a str to cattrs
            return _enum(written, wanted)
        if type(written) is not kind:
            raise InvalidInput(f"found {written!r:.60} ({type(written).__name__}); accepted: {_SAID[kind]}")
        return written

    return structure


_SAID = {int: "a whole number", bool: "true or false", str: "words"}


def _enum(written: Any, kind: type[Enum]) -> Enum:
    if isinstance(written, kind):
        return written
    known = {member.value: member for member in kind}
    if not isinstance(written, str) or written not in known:
        raise InvalidInput(unknown_name(_in_words(kind.__name__), str(written), map(str, known)))
    return known[written]


def _in_words(name: str) -> str:
    """The name of a type as people say it: RenewalKind is a renewal kind."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def _literal(written: Any, kind: Any) -> Any:
    accepted = get_args(kind)
    if not isinstance(written, str) or written not in accepted:
        raise InvalidInput(f"found {written!r:.60}; accepted: {', '.join(map(str, accepted))}")
    return written


_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def _date(written: Any) -> datetime.date:
    if isinstance(written, str) and _DATE.fullmatch(written):
        try:
            return datetime.date.fromisoformat(written)
        except ValueError:
            pass
    raise InvalidInput(f"found {written!r:.60}; accepted: a date such as '2026-03-31'")


_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{6})?(Z|[+-][0-9]{2}:[0-9]{2})", re.ASCII
)


def _instant(written: Any) -> datetime.datetime:
    """An instant, in UTC; without a time zone nobody knows when it was."""
    if isinstance(written, str) and _INSTANT.fullmatch(written):
        try:
            return datetime.datetime.fromisoformat(written).astimezone(datetime.UTC)
        except (ValueError, OverflowError):
            pass
    raise InvalidInput(
        f"found {written!r:.60}; accepted: an instant with its time zone, such as '2026-03-31T09:00:00+00:00'"
    )


def _time(written: Any) -> datetime.time:
    if isinstance(written, str) and re.fullmatch(r"[0-9]{2}:[0-9]{2}(:[0-9]{2})?", written, re.ASCII):
        try:
            return datetime.time.fromisoformat(written)
        except ValueError:
            pass
    raise InvalidInput(f"found {written!r:.60}; accepted: a time of day such as '17:30'")


def _text(written: Any) -> Text:
    if isinstance(written, str):
        return Text.of(written)
    if isinstance(written, Mapping) and all(isinstance(key, str) for key in written):
        return Text.from_mapping(written)
    raise InvalidInput(
        f"found {written!r:.60}; accepted: words, or words by language such as {{en = '...', ja = '...'}}"
    )


MOST_DIGITS_OF_RATIO = (
    4000  # above and below the line: a year of amounts, each at another day's inverse rate, has so many
)
_LONGEST: int = 10**MOST_DIGITS_OF_RATIO
_RATIO = re.compile(
    rf"(-?[0-9]{{1,{MOST_DIGITS_OF_RATIO}}})(?:/([0-9]{{1,{MOST_DIGITS_OF_RATIO}}}))?", re.ASCII
)


def can_be_kept(number: Fraction) -> bool:
    """Whether a store can give the number back as it is: longer ones are refused when they are read."""
    return abs(number.numerator) < _LONGEST and number.denominator < _LONGEST


def _fraction(written: Any) -> Fraction:
    if isinstance(written, int) and not isinstance(written, bool):
        return Fraction(written)
    if isinstance(written, str) and len(written) <= 40 and written.isascii() and written.isdigit():
        return Fraction(int(written))  # most of them, and quicker so
    if isinstance(written, str) and (ratio := _RATIO.fullmatch(written)) and int(ratio[2] or 1):
        return Fraction(int(ratio[1]), int(ratio[2] or 1))
    if isinstance(written, (str, Decimal)) and len(str(written)) <= 200:
        with suppress(InvalidInput):
            return PercentagePoints.parse(f"{written} pp").points
    raise InvalidInput(
        f"found {written!r:.60} ({type(written).__name__}); accepted: an exact number such as '0.5' or '1/3'"
    )


def _decimal(written: Any) -> Decimal:
    if (
        isinstance(written, str)
        and len(written) <= 80
        and re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", written, re.ASCII)
    ):
        return Decimal(written)
    if isinstance(written, int) and not isinstance(written, bool):
        return Decimal(written)
    raise InvalidInput(
        f"found {written!r:.60} ({type(written).__name__}); accepted: an exact number such as '12.5'"
    )


_HOOKS: tuple[tuple[type, Callable[[Any], Any], Callable[[Any], Any]], ...] = (
    (Money, str, Money.parse),
    (Rate, str, Rate.parse),
    (PercentagePoints, str, PercentagePoints.parse),
    (Length, str, Length.of),
    (Roll, str, Roll.of),
    (Fraction, str, _fraction),
    (Decimal, str, _decimal),
    (datetime.date, datetime.date.isoformat, _date),
    (datetime.datetime, datetime.datetime.isoformat, _instant),
    (datetime.time, datetime.time.isoformat, _time),
    (Text, lambda text: dict(text.by_locale), _text),
)
