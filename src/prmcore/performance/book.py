"""The row book: rows by source and partner, in order of days, and every metric read from them.

Sums and counts are read from running totals, so that a metric on a day costs two binary searches, not a scan.
"""

from __future__ import annotations

import datetime
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Any, TypeAlias

import attrs
from dateutil.relativedelta import relativedelta

from prmcore.decisions import FactField, FactSchema, FactSheet, Kind
from prmcore.decisions.compile import compiled
from prmcore.decisions.reasons import leaves_in
from prmcore.errors import Faults, InvalidInput, unknown_name
from prmcore.performance.model import (
    Average,
    Count,
    Difference,
    DistinctCount,
    Growth,
    Latest,
    Metric,
    MetricRegistry,
    Peak,
    Ratio,
    Source,
    Sum,
    ValidOn,
)  # fmt: skip
from prmcore.values import CurrencyMismatch, DateRange, FiscalCalendar, Money, Rate, Window, year_before

__all__ = ["RowBook", "Rows"]

_DAY = datetime.timedelta(days=1)
Row: TypeAlias = tuple[str, datetime.date, tuple[Any, ...]]  # partner, day, the fields in the source's order


@attrs.frozen
class Rows:
    """The rows of one partner, in order of days."""

    days: Sequence[datetime.date]
    values: Sequence[tuple[Any, ...]]

    def span(self, window: DateRange) -> tuple[int, int]:
        """The places of the first row inside the window and of the first after it."""
        first = 0 if window.start is None else bisect_left(self.days, window.start)
        after = len(self.days) if window.end is None else bisect_left(self.days, window.end)
        return first, max(first, after)


class RowBook:
    """Rows of all sources, and the metrics of any partner on any day.

    A source that was never given makes its metrics unknown; a partner without rows in a source that was given has a
    sum of zero. Rows are sorted by day, rows of one day stay in the order given.
    """

    def __init__(self, registry: MetricRegistry, calendar: FiscalCalendar) -> None:
        self.registry, self.calendar = registry, calendar
        self._rows: dict[str, dict[str, Rows]] = {}
        self._first_day: dict[str, datetime.date] = {}
        self._series: dict[tuple[str, str], Any] = {}
        self._windows: dict[tuple[str, datetime.date], DateRange] = {}  # the same for every partner

    def add(self, source: str, rows: Iterable[Row]) -> None:
        """Takes all rows of a source; each source is given once."""
        known = {one.name for one in self.registry.sources}
        if source not in known:
            raise InvalidInput(unknown_name("source", source, known))
        if source in self._rows:
            raise InvalidInput(f"the rows of {source!r} were already given")
        grouped: dict[str, tuple[list[datetime.date], list[tuple[Any, ...]]]] = {}
        for partner, day, values in rows:
            held = grouped.get(partner)
            if held is None:
                held = grouped[partner] = ([], [])
            held[0].append(day)
            held[1].append(values)
        self._rows[source] = {partner: _in_order(*held) for partner, held in grouped.items()}
        firsts = [held.days[0] for held in self._rows[source].values()]
        if firsts:
            self._first_day[source] = min(firsts)

    def read_by(self, registry: MetricRegistry, calendar: FiscalCalendar) -> RowBook:
        """The same rows, counted by the metrics of another version of the program.

        The rows hold every field that the other version counts, in the same kind and currency; else it is refused.
        """
        if registry is self.registry and calendar == self.calendar:
            return self
        ours = {source.name: source.fields for source in self.registry.sources}
        faults = Faults("the rows were read for another version of the program")
        for source in registry.sources:
            path = f"sources.{source.name}"
            if source.name not in ours:
                faults.add(unknown_name("source", source.name, ours), path)
                continue
            for field in source.fields.fields:
                _check_same(field, ours[source.name], faults, f"{path}.fields.{field.name}")
        faults.raise_if_any()
        other = RowBook(attrs.evolve(registry, sources=self.registry.sources), calendar)
        other._rows, other._first_day = self._rows, self._first_day
        return other

    @property
    def first_day(self) -> datetime.date | None:
        """The day of the first row; None = there are none."""
        return min(self._first_day.values(), default=None)

    @property
    def last_day(self) -> datetime.date | None:
        """The day of the last row: what the metrics know of; None = there are none."""
        ends = (held.days[-1] for rows in self._rows.values() for held in rows.values())
        return max(ends, default=None)

    @property
    def partners(self) -> list[str]:
        """Everyone who has a row, in order."""
        return sorted({partner for held in self._rows.values() for partner in held})

    @cached_property
    def readers(self) -> dict[str, Callable[[str, datetime.date], Any]]:
        return {metric.name: self._reader(metric) for metric in self.registry.metrics}

    def values(self, partner: str, as_of: datetime.date) -> dict[str, Any]:
        """Every metric of the partner on that day, by name; None = unknown."""
        return {name: read(partner, as_of) for name, read in self.readers.items()}

    def value(self, name: str, partner: str, as_of: datetime.date) -> Any:
        if name not in self.readers:
            raise InvalidInput(unknown_name("metric", name, self.readers))
        return self.readers[name](partner, as_of)

    def _reader(self, metric: Metric) -> Callable[[str, datetime.date], Any]:
        measure = metric.measure
        if isinstance(measure, Difference):
            return lambda partner, as_of: _difference(
                self.value(measure.minuend, partner, as_of), self.value(measure.subtrahend, partner, as_of)
            )
        if isinstance(measure, Ratio):
            return lambda partner, as_of: _ratio(
                self.value(measure.numerator, partner, as_of), self.value(measure.denominator, partner, as_of)
            )
        if isinstance(measure, Growth):
            return lambda partner, as_of: self._growth(metric.name, measure, partner, as_of)
        if isinstance(measure, Peak):
            return lambda partner, as_of: self._peak(measure, partner, as_of)
        return lambda partner, as_of: self._measured(metric, partner, self._window(metric, as_of), as_of)

    def _window(self, metric: Metric, as_of: datetime.date) -> DateRange:
        key = (metric.name, as_of)
        if key not in self._windows:
            window = metric.window.within if isinstance(metric.window, ValidOn) else metric.window
            self._windows[key] = (
                DateRange(None, as_of + _DAY) if window is None else window.on(as_of, self.calendar)
            )
        return self._windows[key]

    def _window_before(self, name: str, window: Window, as_of: datetime.date) -> DateRange:
        """The window of a growth as it was a year before."""
        key = (name, as_of)  # a growth has no window of its own
        if key not in self._windows:
            self._windows[key] = year_before(window, as_of, self.calendar)
        return self._windows[key]

    def _measured(self, metric: Metric, partner: str, window: DateRange, as_of: datetime.date) -> Any:
        if metric.source not in self._rows:
            return None
        series = self._series_of(metric, partner)
        if isinstance(metric.window, ValidOn):
            source = self.registry.source(metric.source)
            place = source.fields.place(metric.window.until)
            series = _Series(metric, source, _in_force(series.rows, metric.window, place, window, as_of))
        return series.over(window)

    def _series_of(self, metric: Metric, partner: str) -> _Series:
        key = (metric.name, partner)
        if key not in self._series:
            source = self.registry.source(str(metric.source))
            self._series[key] = _Series(metric, source, self._counted(metric, partner))
        series: _Series = self._series[key]
        return series

    def _counted(self, metric: Metric, partner: str) -> Rows:
        """The partner's rows that the metric's filter lets through."""
        rows = self._rows[str(metric.source)].get(partner, Rows((), ()))
        passes = self._filters.get(metric.name)
        if passes is None:
            return rows
        kept = [
            (day, values) for day, values in zip(rows.days, rows.values, strict=True) if passes(values, day)
        ]
        return Rows([day for day, _ in kept], [values for _, values in kept])

    @cached_property
    def _filters(self) -> dict[str, Callable[[tuple[Any, ...], datetime.date], bool]]:
        return {
            metric.name: _filter(metric, self.registry.source(str(metric.source)))
            for metric in self.registry.metrics
            if metric.where is not None
        }

    def _growth(self, name: str, measure: Growth, partner: str, as_of: datetime.date) -> Rate | None:
        metric = self.registry.metric(measure.of)
        assert metric.window is not None
        assert not isinstance(metric.window, ValidOn)
        before = self._window_before(name, metric.window, as_of)
        first = self._first_day.get(str(metric.source))
        if first is None or before.start is None or before.start < first:
            return None
        now, then = self.value(measure.of, partner, as_of), self._measured(metric, partner, before, as_of)
        if now is None or then is None or _plain(then) <= 0:
            return None
        return Rate.of(Fraction(_plain(now) - _plain(then)) / _plain(then))

    def _peak(self, measure: Peak, partner: str, as_of: datetime.date) -> Any:
        window = measure.window.on(as_of, self.calendar)
        if window.start is None:
            raise InvalidInput("the best day needs a window with a first day; accepted: any but lifetime")
        days = (window.start + datetime.timedelta(days=number) for number in range(window.days))
        found = [self.value(measure.of, partner, day) for day in days]
        return max((value for value in found if value is not None), default=None)


class _Series:
    """One metric of one partner: running totals over its rows."""

    def __init__(self, metric: Metric, source: Source, rows: Rows) -> None:
        self.measure, self.rows = metric.measure, rows
        field = getattr(self.measure, "field", None)
        self.field = None if field is None else source.fields.field(field)
        place = None if field is None else source.fields.place(field)
        self.column: list[Any] = [] if place is None else [values[place] for values in rows.values]
        self.currency = self._currency()

    def over(self, window: DateRange) -> Any:
        first, after = self.rows.span(window)
        measure = self.measure
        if isinstance(measure, Count):
            return after - first
        if isinstance(measure, DistinctCount):
            return len({value for value in self.column[first:after] if value is not None})
        if isinstance(measure, Latest):
            return self.column[after - 1] if after > first else None
        if self.field is not None and self.field.kind is Kind.MONEY and self.currency is None:
            return None  # no row and no declaration says which currency a zero would be of
        total = self.totals[after] - self.totals[first]
        if isinstance(measure, Sum):
            return total if self.currency is None else Money(self.currency, total)
        known = self.known[after] - self.known[first]
        if not isinstance(measure, Average) or known == 0:
            return None
        if self.currency is None:
            return Fraction(total, known)
        return Money(self.currency, total).times(Fraction(1, known), rounding=ROUND_HALF_EVEN)

    @cached_property
    def totals(self) -> list[Any]:
        """The sum of all rows before each place; a row without the field adds nothing."""
        return list(accumulate([0 if value is None else _plain(value) for value in self.column], initial=0))

    @cached_property
    def known(self) -> list[int]:
        return list(accumulate((value is not None for value in self.column), initial=0))

    def _currency(self) -> str | None:
        """The one currency of a money field: declared, or that of the rows; two are refused, never added."""
        found = {value.currency for value in self.column if isinstance(value, Money)}
        if self.field is not None and self.field.currency is not None:
            found.add(self.field.currency)
        if len(found) > 1:
            raise InvalidInput(
                f"{self.field and self.field.name}: rows in {', '.join(sorted(found))}; convert them first"
            )
        return found.pop() if found else None


def _in_force(rows: Rows, valid: ValidOn, place: int, window: DateRange, as_of: datetime.date) -> Rows:
    """The rows inside the window that are in force on the day; the end of each is at this place of its fields."""
    first, after = rows.span(window)
    more = relativedelta(months=valid.months_more)
    kept: list[int] = []
    for at in range(first, after):
        end = rows.values[at][place]
        if end is None or as_of < end or as_of < end + more:
            kept.append(at)
    return Rows([rows.days[at] for at in kept], [rows.values[at] for at in kept])


def _check_same(field: FactField, ours: FactSchema, faults: Faults, path: str) -> None:
    if field.name not in ours:
        faults.add(unknown_name("field", field.name, ours.names), path)
    elif (ours.field(field.name).kind, ours.field(field.name).currency) != (field.kind, field.currency):
        faults.add("is of another kind or currency in the two versions", path)


def _in_order(days: list[datetime.date], values: list[tuple[Any, ...]]) -> Rows:
    if all(earlier <= later for earlier, later in pairwise(days)):
        return Rows(days, values)
    order = sorted(range(len(days)), key=days.__getitem__)
    return Rows([days[place] for place in order], [values[place] for place in order])


def _filter(metric: Metric, source: Source) -> Callable[[tuple[Any, ...], datetime.date], bool]:
    assert metric.where is not None
    places = {leaf: place for place, leaf in enumerate(leaves_in([metric.where]))}
    judge = compiled(places, [metric.where], source.fields)
    return lambda values, day: judge(FactSheet(source.fields, values), day)[0] == 0


def _plain(value: Any) -> Any:
    """An amount as an exact number: sums of Decimals would be rounded to the 28 digits of the context."""
    if isinstance(value, Money):
        return value.minor
    if isinstance(value, Rate):
        return value.fraction
    return Fraction(value) if isinstance(value, Decimal) else value


def _difference(minuend: Any, subtrahend: Any) -> Any:
    return None if minuend is None or subtrahend is None else minuend - subtrahend


def _ratio(numerator: Any, denominator: Any) -> Rate | None:
    if numerator is None or denominator is None or not _plain(denominator):
        return None
    if (
        isinstance(numerator, Money)
        and isinstance(denominator, Money)
        and numerator.currency != denominator.currency
    ):
        raise CurrencyMismatch(numerator, denominator)
    return Rate.of(Fraction(_plain(numerator)) / Fraction(_plain(denominator)))
