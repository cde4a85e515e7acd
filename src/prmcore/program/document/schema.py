"""A JSON Schema of program files, for editors: generated from the types that read them."""

from __future__ import annotations

import datetime
import types
import typing
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

import attrs

from prmcore.decisions import Word
from prmcore.program.document.shapes import (
    DECIDING,
    ComponentDocument,
    DutyRowDocument,
    LineDocument,
    MetricDocument,
    PriceBenefitDocument,
    ProgramDocument,
    RegistrationsDocument,
    RouteStepDocument,
    RoutingDocument,
    RungDocument,
    ScoreLineDocument,
)
from prmcore.values import Length, Money, PercentagePoints, Rate, Text

__all__ = ["json_schema"]

_NUMBER = {"type": ["integer", "string"], "pattern": r"^[+-]?[0-9]+(\.[0-9]+)?(/[0-9]+)?$"}
_CRITERION = {"$ref": "#/$defs/criterion"}
_CRITERIA_FIELDS = {
    (MetricDocument, "where"),
    (LineDocument, "gate"),
    (ComponentDocument, "when"),
    (PriceBenefitDocument, "when"),
}
_CRITERIA_LISTS = {
    (RungDocument, "requires"),
    (RegistrationsDocument, "auto_approval"),
    (RoutingDocument, "eligible"),
    (RouteStepDocument, "criteria"),
    (ScoreLineDocument, "when"),
    (DutyRowDocument, "when"),
}
_PLAIN: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    datetime.time: {"type": "string", "pattern": r"^[0-9]{2}:[0-9]{2}(:[0-9]{2})?$"},
    datetime.date: {"type": "string", "format": "date"},
    Money: {"type": "string"},
    Rate: {"type": "string"},
    PercentagePoints: {"type": "string"},
    Length: {"type": "string", "pattern": r"^[0-9]+ (business )?(hour|day|week|month|year)s?$"},
    Fraction: _NUMBER,
    Decimal: _NUMBER,
    Text: {"type": ["string", "object"], "minProperties": 1, "additionalProperties": {"type": "string"}},
    Any: {},
}


def json_schema() -> dict[str, Any]:
    """The schema of a program document (JSON Schema 2020-12)."""
    definitions: dict[str, Any] = {"criterion": _criterion()}
    root = _of(ProgramDocument, definitions)
    definitions["program"]["anyOf"] = [{"required": [name]} for name in DECIDING]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "prmcore program",
        **root,
        "$defs": definitions,
    }


def _criterion() -> dict[str, Any]:
    """One comparison of a fact, or one group of criteria."""
    several = {"type": "array", "items": _CRITERION, "minItems": 1}
    comparison = {
        "type": "object",
        "properties": {"fact": {"type": "string"}, **{word.value: {} for word in Word}},
        "required": ["fact"],
        "minProperties": 2,
        "maxProperties": 2,
        "additionalProperties": False,
    }
    groups = [
        {"all_of": several},
        {"any_of": several},
        {"at_least_of": {"type": "integer", "minimum": 1}, "of": several},
    ]
    shapes = [
        {"type": "object", "properties": one, "required": list(one), "additionalProperties": False}
        for one in groups
    ]
    negated = {
        "type": "object",
        "properties": {"not": _CRITERION},
        "required": ["not"],
        "additionalProperties": False,
    }
    return {"oneOf": [comparison, *shapes, negated]}


def _of(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if kind in _PLAIN:
        return _PLAIN[kind]
    if origin is typing.Literal:
        return {"enum": list(arguments)}
    if isinstance(kind, types.UnionType) or origin is typing.Union:
        present = [one for one in arguments if one is not type(None)]
        return _of(present[0], definitions)
    if origin in (tuple, frozenset):
        return {"type": "array", "items": _of(arguments[0], definitions)}
    if origin is Mapping:
        return {"type": "object", "additionalProperties": _of(arguments[1], definitions)}
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {"enum": [member.value for member in kind]}
    return _record(kind, definitions)


def _record(kind: type, definitions: dict[str, Any]) -> dict[str, Any]:
    name = _name_of(kind)
    if name not in definitions:
        definitions[name] = {}
        hints = typing.get_type_hints(kind)
        fields = attrs.fields(kind)
        definitions[name].update(
            {
                "type": "object",
                "description": (kind.__doc__ or "").splitlines()[0],
                "properties": {
                    one.name: _field(kind, one.name, hints[one.name], definitions) for one in fields
                },
                "required": [one.name for one in fields if one.default is attrs.NOTHING],
                "additionalProperties": False,
            }
        )
    return {"$ref": f"#/$defs/{name}"}


def _name_of(kind: type) -> str:
    """What a record is called in the schema; one that a package brings, by its package, too."""
    name = kind.__name__
    package = kind.__module__.split(".")[1]
    return name.removesuffix("Document").lower() if name.endswith("Document") else f"{package}.{name.lower()}"


def _field(kind: type, name: str, hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if (kind, name) in _CRITERIA_LISTS:
        return {"type": "array", "items": _CRITERION, "minItems": 1}
    return _CRITERION if (kind, name) in _CRITERIA_FIELDS else _of(hint, definitions)
