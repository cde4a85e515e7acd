"""Facts: what a policy may look at, by name and kind.

A capability writes its facts as a frozen attrs class. A program file has no class, so it declares a `FactSchema` and
fills a `FactSheet`. A policy does not care which of the two it is given.
"""

from __future__ import annotations

import datetime
import operator
import types
import typing
from collections.abc import Callable, Collection, Iterable, Mapping
from decimal import Decimal
from enum import Enum, StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import Any

import attrs

from prmcore.errors import Faults, InvalidInput, unknown_name
from prmcore.values import Money, Rate, Text

__all__ = ["FactField", "FactSchema", "FactSheet", "Kind", "labelled"]


class Kind(Enum):
    """What sort of value a fact is; it settles which comparisons can be asked of it."""

    BOOL = "bool"
    COUNT = "count"  # int
    NUMBER = "number"  # exact: int, Decimal or Fraction; never float
    MONEY = "money"
    RATE = "rate"
    DATE = "date"
    CODE = "code"  # one word from a list: a country, a level
    CODES = "codes"  # a set of such words

    @property
    def is_ordered(self) -> bool:
        return self in (Kind.COUNT, Kind.NUMBER, Kind.MONEY, Kind.RATE, Kind.DATE)

    def fault_of(self, value: object) -> str | None:
        """Says why `value` is not of this kind; None when it is (or is None: unknown)."""
        if value is None or self._fits(value):
            return None
        if isinstance(value, float):
            return f"found the float {value!r}; floats are not exact: give {_ACCEPTED[self]}"
        return (
            f"found {value!r:.80} ({type(value).__name__}); accepted: {_ACCEPTED[self]}, or None for unknown"
        )

    def _fits(self, value: object) -> bool:
        if isinstance(value, bool):
            return self is Kind.BOOL
        if isinstance(value, datetime.datetime):
            return False
        if isinstance(value, Decimal) and not is_exact(value):
            return False
        if self is Kind.CODES:
            return isinstance(value, frozenset) and all(isinstance(code, str) for code in value)
        return isinstance(value, _TYPES[self])


def is_exact(number: Decimal) -> bool:
    """Whether a decimal is finite and of a sane size: as a fraction, 1E+999999999 would fill the memory."""
    return number.is_finite() and abs(number.adjusted()) <= 100 and len(number.as_tuple().digits) <= 200


_TYPES: dict[Kind, tuple[type, ...]] = {
    Kind.BOOL: (bool,),
    Kind.COUNT: (int,),
    Kind.NUMBER: (int, Decimal, Fraction),
    Kind.MONEY: (Money,),
    Kind.RATE: (Rate,),
    Kind.DATE: (datetime.date,),
    Kind.CODE: (str,),
    Kind.CODES: (frozenset,),
}
_ACCEPTED = {
    Kind.BOOL: "True or False",
    Kind.COUNT: "an int",
    Kind.NUMBER: "an int, Decimal (of at most 100 digits before or after the point) or Fraction",
    Kind.MONEY: "Money",
    Kind.RATE: "a Rate",
    Kind.DATE: "a date without a time",
    Kind.CODE: "a str",
    Kind.CODES: "a frozenset of str",
}


def labelled(english: str, ja: str, zh: str) -> dict[str, Text]:
    """The words for a fact in three languages, as the metadata of its field."""
    return {"text": Text.of(english, ja=ja, zh=zh)}


@attrs.frozen
class FactField:
    """One fact: the name that criteria use, its kind, and the words people read."""

    name: str
    kind: Kind
    text: Text | None = None  # what people call it; None = the name itself
    currency: str | None = None  # of a money fact; None = whatever the criteria ask for
    codes: type[StrEnum] | None = None  # of a code: the words it may be; None = any
    words: tuple[tuple[str, Text], ...] = ()  # of codes: what people call them; others are shown as they are


@attrs.frozen
class FactSchema:
    """All facts of one policy.

    >>> schema = FactSchema("TierFacts", (FactField("users", Kind.COUNT), FactField("retention", Kind.RATE)))
    >>> schema.names
    ('users', 'retention')
    """

    name: str
    fields: tuple[FactField, ...]
    record: type | None = attrs.field(default=None, eq=False, repr=False)  # None = facts come as FactSheets
    _places: Mapping[str, int] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the facts {self.name!r} cannot be used")
        places: dict[str, int] = {}
        for place, field in enumerate(self.fields):
            if field.name in places:
                faults.add(f"the fact {field.name!r} is declared twice", field.name)
            places[field.name] = place
        faults.raise_if_any()
        object.__setattr__(self, "_places", places)

    @classmethod
    def of(cls, record: type | FactSchema) -> FactSchema:
        """The facts that an attrs class holds, by its annotations.

        A field's label may be given as `attrs.field(metadata=labelled("booked revenue", "受注額", "订单额"))`.
        A field whose type is not one of the kinds is not a fact and cannot be asked for.
        """
        return record if isinstance(record, FactSchema) else _schema_of(record)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._places)

    def __contains__(self, name: object) -> bool:
        return name in self._places

    def field(self, name: str) -> FactField:
        return self.fields[self.place(name)]

    def label(self, name: str) -> Text | str:
        """What people call the fact."""
        return self.field(name).text or name

    def called(self, name: str, value: Any) -> Any:
        """What people call a value of the fact: the words for its codes where there are any, else the value itself."""
        words = dict(self.field(name).words)
        if isinstance(value, frozenset):
            return tuple(words.get(code, code) for code in sorted(value)) if words else value
        return words.get(value, value) if words else value

    def place(self, name: str) -> int:
        """Where the fact stands in a `FactSheet`; an unknown name is refused, listing those that exist."""
        if name not in self._places:
            raise InvalidInput(unknown_name("fact", name, self._places))
        return self._places[name]

    def getter(self, names: Iterable[str]) -> Callable[[Any], tuple[Any, ...]]:
        """A function that takes these facts, in this order, out of a record or a sheet."""
        wanted = tuple(names)
        if self.record is None:
            pick = _picker(operator.itemgetter, tuple(self.place(name) for name in wanted))

            def taken(facts: Any) -> tuple[Any, ...]:
                if facts.schema is not self and facts.schema != self:  # its values stand in another order
                    raise InvalidInput(
                        f"found facts of {facts.schema.name!r}; these are asked of {self.name!r}"
                    )
                return pick(facts.values)

            return taken
        return _picker(operator.attrgetter, wanted)

    def values_of(self, facts: object) -> dict[str, Any]:
        """Every fact by name."""
        if self.record is not None:
            return {name: getattr(facts, name) for name in self._places}
        return dict(zip(self.names, self.getter(self.names)(facts), strict=True))

    def check(self, facts: object, names: Collection[str] | None = None) -> None:
        """Refuses facts whose values are not of their kind, naming each of them; `names` are those to look at."""
        faults = Faults(f"the facts are not {self.name}")
        if self.record is None and not isinstance(facts, FactSheet):
            raise InvalidInput(
                f"found {type(facts).__name__}; these facts come as a FactSheet of {self.name!r}"
            )
        if self.record is not None and not isinstance(facts, self.record):
            raise InvalidInput(f"found {type(facts).__name__}; the policy is about {self.record.__name__}")
        for name, value in self.values_of(facts).items():
            if names is not None and name not in names:
                continue
            field = self.field(name)
            fault = field.kind.fault_of(value) or _currency_fault(field, value)
            if fault:
                faults.add(fault, name)
        faults.raise_if_any()


@attrs.frozen(repr=False)
class FactSheet:
    """Facts without a class: the values of a schema, in its order.

    >>> schema = FactSchema("sales", (FactField("users", Kind.COUNT), FactField("active", Kind.BOOL)))
    >>> sheet = FactSheet.of(schema, {"users": 12})
    >>> sheet["users"], sheet["active"]
    (12, None)
    """

    schema: FactSchema
    values: tuple[Any, ...]  # None = unknown

    @classmethod
    def of(cls, schema: FactSchema, values: Mapping[str, Any]) -> FactSheet:
        """Checks every value against its kind; what is not given is unknown."""
        faults = Faults(f"the facts are not {schema.name}")
        for name in values:
            if name not in schema:
                faults.add(unknown_name("fact", name, schema.names), name)
        sheet = cls(schema, tuple(values.get(name) for name in schema.names))
        with faults.within(""):
            schema.check(sheet)
        faults.raise_if_any()
        return sheet

    def __getitem__(self, name: str) -> Any:
        return self.values[self.schema.place(name)]

    def with_values(self, values: Mapping[str, Any]) -> FactSheet:
        """These facts with some of them changed."""
        return FactSheet.of(self.schema, {**self.schema.values_of(self), **values})

    def __repr__(self) -> str:
        shown = ", ".join(
            f"{name}={value!r}" for name, value in zip(self.schema.names, self.values, strict=True)
        )
        return f"FactSheet({self.schema.name}: {shown})"


def _currency_fault(field: FactField, value: object) -> str | None:
    if isinstance(value, Money) and field.currency not in (None, value.currency):
        return f"found {value}; the fact is counted in {field.currency}"
    return None


def _picker(getter: Callable[..., Any], keys: tuple[Any, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """`operator`'s getters give a bare value for one key; policies always unpack a tuple."""
    if not keys:
        return lambda facts: ()
    if len(keys) > 1:
        return typing.cast("Callable[[Any], tuple[Any, ...]]", getter(*keys))
    only = getter(*keys)
    return lambda facts: (only(facts),)


_KINDS: dict[type, Kind] = {
    bool: Kind.BOOL,
    int: Kind.COUNT,
    Decimal: Kind.NUMBER,
    Fraction: Kind.NUMBER,
    Money: Kind.MONEY,
    Rate: Kind.RATE,
    datetime.date: Kind.DATE,
    str: Kind.CODE,
    frozenset: Kind.CODES,
}


def values_in(facts: Any) -> dict[str, Any]:
    """Every fact of a record or a sheet, by name."""
    return schema_for(facts).values_of(facts)


def schema_for(facts: Any) -> FactSchema:
    """The facts that a record or a sheet holds."""
    return facts.schema if isinstance(facts, FactSheet) else FactSchema.of(type(facts))


def schema_of(record: type | FactSchema) -> FactSchema:
    """`FactSchema.of`, as the converter of fields that hold a schema."""
    return FactSchema.of(record)


@lru_cache(maxsize=256)
def _schema_of(record: type) -> FactSchema:
    if not attrs.has(record):
        raise InvalidInput(
            f"{record!r} is not an attrs class; facts are a frozen attrs class or a FactSchema"
        )
    hints = typing.get_type_hints(record)
    fields = []
    for attribute in attrs.fields(record):
        hint = _without_none(hints[attribute.name])
        kind = _kind_of(hint)
        if kind is not None:
            codes = hint if kind is Kind.CODE and _is_enum(hint) else None
            fields.append(FactField(attribute.name, kind, attribute.metadata.get("text"), codes=codes))
    return FactSchema(record.__name__, tuple(fields), record)


def _kind_of(hint: Any) -> Kind | None:
    """The kind that an annotation stands for; None when it is not a fact's."""
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        parts = [part for part in typing.get_args(hint) if part is not type(None)]
        kinds = {_kind_of(_without_none(part)) for part in parts}
        return kinds.pop() if len(kinds) == 1 else None
    return Kind.CODE if _is_enum(hint) else _KINDS.get(typing.get_origin(hint) or hint)


def _without_none(hint: Any) -> Any:
    """The type itself, of one that may be unknown, or of a NewType."""
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        parts = [part for part in typing.get_args(hint) if part is not type(None)]
        hint = parts[0] if len(parts) == 1 else hint
    return getattr(hint, "__supertype__", hint)


def _is_enum(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, StrEnum)
