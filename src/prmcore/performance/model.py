"""Metrics as data: what is counted, over which rows, in which window."""

from __future__ import annotations

from typing import TypeAlias

import attrs

from prmcore.decisions import Criterion, FactField, FactSchema, Kind
from prmcore.decisions.criteria import check_criterion
from prmcore.errors import Faults, unknown_name
from prmcore.values import Text, Window

__all__ = [
    "Average", "Count", "DistinctCount", "Growth", "Latest", "Measure", "Metric", "MetricRegistry", "Peak", "Ratio", "Source",
    "Sum", "ValidOn",
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


Measure: TypeAlias = Sum | Count | DistinctCount | Average | Latest | Ratio | Growth | Peak
DERIVED = (Ratio, Growth, Peak)


@attrs.frozen
class ValidOn:
    """Instead of a window: the rows that are in force on the day, from their own day until before a date they hold."""

    until: str  # a date field; unknown = without end


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
        for metric in self.metrics:
            if metric.name in earlier:
                faults.add(f"the metric {metric.name!r} is defined twice", metric.name)
            self._check(metric, earlier, faults)
            earlier[metric.name] = metric
        faults.raise_if_any()

    def _check(self, metric: Metric, earlier: dict[str, Metric], faults: Faults) -> None:
        path = metric.name
        if isinstance(metric.measure, DERIVED):
            self._check_derived(metric, earlier, faults)
            return
        sources = {source.name: source for source in self.sources}
        if metric.source not in sources:
            faults.add(unknown_name("source", str(metric.source), sources), f"{path}.source")
            return
        fields = sources[metric.source].fields
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
        elif isinstance(measure, (Sum, Average)) and _kind(fields, field) not in (
            Kind.MONEY,
            Kind.COUNT,
            Kind.NUMBER,
        ):
            kind = fields.field(field).kind.value
            faults.add(f"{field} is a {kind}; accepted: money, count or number", f"{metric.name}.measure")

    def _check_derived(self, metric: Metric, earlier: dict[str, Metric], faults: Faults) -> None:
        measure = metric.measure
        names = (measure.numerator, measure.denominator) if isinstance(measure, Ratio) else (measure.of,)  # type: ignore[union-attr]  # Growth, Peak
        for name in names:
            if name not in earlier:
                message = unknown_name("metric", name, earlier) + "; a metric stands below those it refers to"
                faults.add(message, f"{metric.name}.measure")
        if metric.source is not None or metric.where is not None or metric.window is not None:
            faults.add("a measure of other metrics has no source, window or filter of its own", metric.name)

    def metric(self, name: str) -> Metric:
        return next(metric for metric in self.metrics if metric.name == name)

    def source(self, name: str) -> Source:
        return next(source for source in self.sources if source.name == name)

    def field_of(self, metric: Metric) -> FactField:
        """The metric as a fact that criteria can ask for: its kind and currency follow from its measure."""
        measure = metric.measure
        if isinstance(measure, (Ratio, Growth)):
            return FactField(metric.name, Kind.RATE, metric.text)
        if isinstance(measure, Peak):
            return attrs.evolve(self.field_of(self.metric(measure.of)), name=metric.name, text=metric.text)
        if isinstance(measure, (Count, DistinctCount)):
            return FactField(metric.name, Kind.COUNT, metric.text)
        field = self.source(str(metric.source)).fields.field(measure.field)
        kind = Kind.NUMBER if isinstance(measure, Average) and field.kind is Kind.COUNT else field.kind
        return FactField(metric.name, kind, metric.text, field.currency)


def _kind(fields: FactSchema, name: str) -> Kind | None:
    return fields.field(name).kind if name in fields else None
