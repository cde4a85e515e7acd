"""What a program file says of days, of facts, and of how they are counted from rows."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Literal

import attrs

from prmcore.decisions import Kind
from prmcore.values import Text

__all__ = [
    "CalendarDocument",
    "FieldDocument",
    "MeasureDocument",
    "MetricDocument",
    "PeriodDocument",
    "SourceDocument",
    "WindowDocument",
]


@attrs.frozen(kw_only=True)
class PeriodDocument:
    """Days from `start` up to, not including, `end`."""

    start: datetime.date | None = None
    end: datetime.date | None = None


@attrs.frozen(kw_only=True)
class CalendarDocument:
    """The fiscal year."""

    start_month: int = 1
    named_by: Literal["start", "end"] = "start"


@attrs.frozen(kw_only=True)
class FieldDocument:
    """A fact that is given, or a field of a row."""

    kind: Kind
    text: Text | None = None
    currency: str | None = None  # of money; None = the program's
    words: Mapping[str, Text] = attrs.field(factory=dict)  # of codes: what people call them
    column: str | None = None  # in a file of rows; None = the field's name
    rounding: Literal["half_even", "half_up", "down"] | None = (
        None  # of money with more digits; None = such rows are refused
    )


@attrs.frozen(kw_only=True)
class SourceDocument:
    """A kind of row: which column names the partner, which the day, and the fields that metrics use."""

    fields: Mapping[str, FieldDocument]
    partner: str = "partner"
    date: str = "date"
    text: Text | None = None


@attrs.frozen(kw_only=True)
class WindowDocument:
    """One of the windows, with its companion; or `valid_until`, alone or with a window that the rows' days lie in."""

    rolling_months: int | None = None
    aligned: bool | None = None  # with rolling_months: by whole months
    rolling_days: int | None = None
    trailing_quarters: int | None = None
    complete: bool | None = None  # with trailing_quarters: only quarters that have ended (the default)
    year_to_date: bool | None = None
    lifetime: bool | None = None
    valid_until: str | None = None  # a date field: only rows in force on the day
    months_more: int | None = None  # with valid_until: how long after that date they still count


@attrs.frozen(kw_only=True)
class MeasureDocument:
    """One of the measures; exactly one key, with its companion."""

    sum: str | None = None
    count: bool | None = None
    distinct: str | None = None
    average: str | None = None
    latest: str | None = None
    difference: tuple[str, ...] | None = None  # two metrics: the second is taken from the first
    ratio: tuple[str, ...] | None = None  # two metrics: numerator, denominator
    growth: str | None = None
    peak: str | None = None
    within: WindowDocument | None = None  # with peak


@attrs.frozen(kw_only=True)
class MetricDocument:
    """A named metric."""

    measure: MeasureDocument
    source: str | None = None
    window: WindowDocument | None = None
    where: Any | None = None
    text: Text | None = None
