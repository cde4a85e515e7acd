"""Metrics as data: what is counted, over which rows, in which window."""

from __future__ import annotations

from functools import cached_property
from typing import Any, TypeAlias

import attrs

from prmcore.decisions import Criterion, FactField, FactSchema, Kind
from prmcore.decisions.criteria import check_criterion
from prmcore.errors import Faults, InvalidInput, unknown_name
from prmcore.values import Lifetime, Text, Window

__all__ = [
    "Average", "Count", "Difference", "DistinctCount", "Growth", "Latest", "Measure", "Metric", "MetricRegistry", "Peak",
    "Ratio", "Source", "Sum", "ValidOn", "metrics_in",
]  # fmt: skip


@attrs.frozen
class Source:
    """A kind of row that metrics look at: sales, registrations, certificates. Each row has a partner and a day."""

    name: str
    fields: FactSchema  # what a row holds beside its partner and its day
    text: Text | None = None


@attrs.frozen
class Sum:
    """The sum of a field: money, count or number. No rows: zero."""

    field: str


@attrs.frozen
class Count:
    """How many rows."""


@attrs.frozen
class DistinctCount:
    """How many different values a field has: people counted once, however many certificates they hold."""

    field: str


@attrs.frozen
class Average:
    """The mean of a field, over the rows where it is known; no rows: unknown. Money is rounded half-even."""

    field: str


@attrs.frozen
class Latest:
    """The field of the last row; no rows: unknown. Of several rows on one day, the last given."""

    field: str


@attrs.frozen
class Difference:
    """One metric less another of the same kind: users won less users lost. Unknown when one of them is."""

    minuend: str
    subtrahend: str


@attrs.frozen
class Ratio:
    """One metric divided by another, as a rate. 0/0, and anything over zero, is unknown."""

    numerator: str
    denominator: str


@attrs.frozen
class Growth:
    """A metric's growth over the same window a year before, as a rate.

    Unknown when the year before was zero or below, or when the rows do not reach back that far.
    """

    of: str


@attrs.frozen
class Peak:
    """The best value that a metric had on any day of a window."""

    of: str
    window: Window


Measure: TypeAlias = Sum | Count | DistinctCount | Average | Latest | Difference | Ratio | Growth | Peak
MOST_MEASURES = 8  # of measures of measures
_AMOUNTS = (Kind.MONEY, Kind.COUNT, Kind.NUMBER)


def metrics_in(measure: Measure) -> tuple[str, ...]:
    """The metrics that a measure is made of; none when it is counted from rows."""
    if isinstance(measure, Difference):
        return measure.minuend, measure.subtrahend
    if isinstance(measure, Ratio):
        return measure.numerator, measure.denominator
    return (measure.of,) if isinstance(measure, (Growth, Peak)) else ()


@attrs.frozen
class ValidOn:
    """Only the rows that are in force on the day: from their own day until before a date they hold.

    A retired exam that counts one more year: `ValidOn("retired_on", months_more=12)`. Customers won in three years and
    still active: `ValidOn("left_on", within=RollingMonths(36))`.
    """

    until: str  # a date field; unknown = without end
    months_more: int = 0  # how long after that date they still count
    within: Window | None = None  # their own day lies in this window; None = whenever it was

    def __attrs_post_init__(self) -> None:
        if type(self.months_more) is not int or not 0 <= self.months_more <= 1200:
            raise InvalidInput(f"months_more: found {self.months_more!r:.40}; accepted: 0 to 1200")


@attrs.frozen
class Metric:
    """One definition, one unit, one name in every language."""

    name: str
    measure: Measure
    source: str | None = None  # None for a measure of other metrics
    window: Window | ValidOn | None = None  # None for a measure of other metrics
    where: Criterion | None = None  # only rows that meet it count
    text: Text | None = None


@attrs.frozen(slots=False)
class MetricRegistry:
    """All metrics of a program: each name once, each source, field and metric it refers to known."""

    sources: tuple[Source, ...]
    metrics: tuple[Metric, ...]

    def __attrs_post_init__(self) -> None:
        faults = Faults("the metrics cannot be used")
        earlier: dict[str, Metric] = {}
        right: dict[str, int] = {}  # how many measures lie between the metric and its rows
        for metric in self.metrics:
            found = len(faults.found)
            if metric.name in earlier:
                faults.add(f"the metric {metric.name!r} is defined twice", metric.name)
            self._check(metric, earlier, right, faults)
            earlier[metric.name] = metric
            parts = metrics_in(metric.measure)
            if len(faults.found) == found and all(name in right for name in parts):
                right[metric.name] = 1 + max((right[name] for name in parts), default=0)
        faults.raise_if_any()

    def _check(
        self, metric: Metric, earlier: dict[str, Metric], right: dict[str, int], faults: Faults
    ) -> None:
        path = metric.name
        if metrics_in(metric.measure):
            self._check_derived(metric, earlier, right, faults)
            return
        if metric.source not in self._sources:
            faults.add(unknown_name("source", str(metric.source), self._sources), f"{path}.source")
            return
        fields = self._sources[metric.source].fields
        if metric.window is None:
            faults.add(
                "has no window; accepted: one, such as rolling_months = 12, or lifetime", f"{path}.window"
            )
        elif isinstance(metric.window, ValidOn) and _kind(fields, metric.window.until) is not Kind.DATE:
            faults.add(
                f"{metric.window.until!r} is not a date field of {metric.source}",
                f"{path}.window.valid_until",
            )
        if metric.where is not None:
            check_criterion(metric.where, fields, faults, f"{path}.where")
        self._check_field(metric, fields, faults)

    def _check_field(self, metric: Metric, fields: FactSchema, faults: Faults) -> None:
        measure = metric.measure
        field = getattr(measure, "field", None)
        if field is None:
            return
        if field not in fields:
            faults.add(unknown_name("field", field, fields.names), f"{metric.name}.measure")
        elif isinstance(measure, (Sum, Average)) and _kind(fields, field) not in _AMOUNTS:
            kind = fields.field(field).kind.value
            faults.add(f"{field} is a {kind}; accepted: money, count or number", f"{metric.name}.measure")

    def _check_derived(
        self, metric: Metric, earlier: dict[str, Metric], right: dict[str, int], faults: Faults
    ) -> None:
        path, measure = f"{metric.name}.measure", metric.measure
        if metric.source is not None or metric.where is not None or metric.window is not None:
            faults.add("a measure of other metrics has no source, window or filter of its own", metric.name)
        missing = [name for name in metrics_in(measure) if name not in earlier]
        for name in missing:
            message = unknown_name("metric", name, earlier) + "; a metric stands below those it refers to"
            faults.add(message, path)
        if any(name not in right for name in metrics_in(measure)):
            return  # kinds can be told only of metrics that are right themselves
        if max(right[name] for name in metrics_in(measure)) >= MOST_MEASURES:
            faults.add(f"lies more than {MOST_MEASURES} measures above its rows", path)
            return
        fields = [self.field_of(earlier[name]) for name in metrics_in(measure)]
        for field in fields:
            if field.kind not in (*_AMOUNTS, Kind.RATE) and not isinstance(measure, Peak):
                faults.add(
                    f"{field.name} is a {field.kind.value}; accepted: money, count, number, rate", path
                )
            elif not field.kind.is_ordered:
                faults.add(f"{field.name} is a {field.kind.value}; there is no best of them", path)
        if isinstance(measure, Difference) and len({(field.kind, field.currency) for field in fields}) > 1:
            faults.add("the two metrics are not of one kind and currency", path)
        if isinstance(measure, Peak) and isinstance(measure.window, Lifetime):
            faults.add("a lifetime has no first day; accepted: any other window", path)
        if isinstance(measure, Growth) and isinstance(
            earlier[measure.of].window, (type(None), ValidOn, Lifetime)
        ):
            faults.add(f"{measure.of} is not counted in a window that could lie a year before", path)

    def metric(self, name: str) -> Metric:
        return self._metrics[name]

    def source(self, name: str) -> Source:
        return self._sources[name]

    @cached_property
    def _metrics(self) -> dict[str, Metric]:
        return {metric.name: metric for metric in self.metrics}

    @cached_property
    def _sources(self) -> dict[str, Source]:
        return {source.name: source for source in self.sources}

    def __getstate__(self) -> dict[str, Any]:
        return {"sources": self.sources, "metrics": self.metrics}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    def field_of(self, metric: Metric) -> FactField:
        """The metric as a fact that criteria can ask for: its kind and currency follow from its measure."""
        measure = metric.measure
        if isinstance(measure, (Ratio, Growth)):
            return FactField(metric.name, Kind.RATE, metric.text)
        if isinstance(measure, (Difference, Peak)):
            like = self.field_of(self.metric(metrics_in(measure)[0]))
            return attrs.evolve(like, name=metric.name, text=metric.text)
        if isinstance(measure, (Count, DistinctCount)):
            return FactField(metric.name, Kind.COUNT, metric.text)
        field = self.source(str(metric.source)).fields.field(measure.field)
        kind = Kind.NUMBER if isinstance(measure, Average) and field.kind is Kind.COUNT else field.kind
        return FactField(metric.name, kind, metric.text, field.currency, words=field.words)


def _kind(fields: FactSchema, name: str) -> Kind | None:
    return fields.field(name).kind if name in fields else None
