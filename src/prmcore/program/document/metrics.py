"""Metrics in a program document: how facts are counted from rows, and the way back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import attrs

from prmcore.decisions import Criterion, FactSchema
from prmcore.decisions.wire import criterion_to
from prmcore.errors import InvalidInput
from prmcore.performance import (
    Average,
    Count,
    Difference,
    DistinctCount,
    Growth,
    Latest,
    Measure,
    Metric,
    MetricRegistry,
    Peak,
    Ratio,
    Source,
    Sum,
    ValidOn,
)
from prmcore.performance.model import metrics_in
from prmcore.program.document.builder import Builder
from prmcore.program.document.shapes import MeasureDocument, MetricDocument, WindowDocument
from prmcore.values import Lifetime, RollingDays, RollingMonths, TrailingQuarters, Window, YearToDate
from prmcore.values.wire import to_plain

__all__ = ["metric_to", "plain_window", "registry_from", "window_to"]


def registry_from(builder: Builder) -> MetricRegistry:
    """The sources that were written, and the metrics that can be used."""
    sources = []
    for name, source in builder.document.sources.items():
        path = f"sources.{name}.fields"
        fields = tuple(builder.field(key, one, path) for key, one in source.fields.items())
        sources.append(Source(name, FactSchema(f"rows of {name}", fields), source.text))
    builder.schemas = schemas = {source.name: source.fields for source in sources}
    found = [_metric(builder, name, one, schemas) for name, one in builder.document.metrics.items()]
    metrics = tuple(metric for metric in found if metric is not None)
    try:
        return MetricRegistry(tuple(sources), metrics)
    except InvalidInput as error:
        with builder.faults.within("metrics"):
            raise
        wrong = {fault.path.partition(".")[0] for fault in error.faults}
    builder.lost |= wrong
    right = tuple(metric for metric in metrics if not _is_lost(builder, metric))
    return MetricRegistry(tuple(sources), right)


def _is_lost(builder: Builder, metric: Metric) -> bool:
    """Whether a metric, or something that it is made of, cannot be used; those made of it are lost then, too."""
    names = {
        metric.name,
        metric.source,
        getattr(metric.measure, "field", None),
        *metrics_in(metric.measure),
    }
    if isinstance(metric.window, ValidOn):
        names.add(metric.window.until)
    if not builder.lost.isdisjoint(names):
        builder.lost.add(metric.name)
    return metric.name in builder.lost


def _metric(
    builder: Builder, name: str, document: MetricDocument, schemas: Mapping[str, FactSchema]
) -> Metric | None:
    path = f"metrics.{name}"
    where: Criterion | None = None
    if document.where is not None and document.source in schemas:
        where = builder.criterion(document.where, schemas[str(document.source)], f"{path}.where")
    measure = _measure(builder, document.measure, f"{path}.measure")
    window = None if document.window is None else _window_from(builder, document.window, f"{path}.window")
    if measure is None or (window is None and document.window is not None):
        builder.lost.add(name)
        return None
    made = Metric(name, measure, document.source, window, where, document.text)
    return None if _is_lost(builder, made) else made


def _measure(builder: Builder, document: MeasureDocument, path: str) -> Measure | None:
    chosen = _one_key(builder, document, path, companions={"within": "peak"})
    if chosen is None:
        return None
    value = getattr(document, chosen)
    if chosen == "count":
        return Count()
    if chosen in ("difference", "ratio"):
        return _of_two(builder, chosen, value, path)
    if chosen == "peak":
        window = None if document.within is None else _window_from(builder, document.within, f"{path}.within")
        if window is None or isinstance(window, ValidOn):
            builder.faults.add("has no window to look for the best day in; accepted: within = {...}", path)
            return None
        return Peak(value, window)
    kinds: dict[str, Any] = {
        "sum": Sum, "distinct": DistinctCount, "average": Average, "latest": Latest, "growth": Growth,
    }  # fmt: skip
    made: Measure = kinds[chosen](value)
    return made


def _of_two(builder: Builder, chosen: str, names: tuple[str, ...], path: str) -> Measure | None:
    if len(names) != 2:
        builder.faults.add(f"found {len(names)} metrics; accepted: two", f"{path}.{chosen}")
        return None
    return Ratio(*names) if chosen == "ratio" else Difference(*names)


def _window_from(builder: Builder, document: WindowDocument, path: str) -> Window | ValidOn | None:
    if document.valid_until is not None:
        return _valid_on(builder, document, path)
    companions = {
        "aligned": "rolling_months", "complete": "trailing_quarters", "months_more": "valid_until",
    }  # fmt: skip
    chosen = _one_key(builder, document, path, companions)
    if chosen is None:
        return None
    try:
        return _as_window(chosen, document)
    except InvalidInput as error:
        builder.faults.add(error.title, path)
        return None


def plain_window(builder: Builder, document: WindowDocument, path: str) -> Window | None:
    """A window of days."""
    window = _window_from(builder, document, path)
    if isinstance(window, ValidOn):
        builder.faults.add("valid_until is not a window of days", path)
        return None
    return window


def _valid_on(builder: Builder, document: WindowDocument, path: str) -> ValidOn | None:
    """Rows in force, of those in the window that is said beside it."""
    rest = attrs.evolve(document, valid_until=None, months_more=None)
    within = None if rest == WindowDocument() else _window_from(builder, rest, path)
    try:
        return ValidOn(str(document.valid_until), document.months_more or 0, within)  # type: ignore[arg-type]  # not ValidOn
    except InvalidInput as error:
        builder.faults.add(error.title, path)
        return None


def _one_key(builder: Builder, document: Any, path: str, companions: Mapping[str, str]) -> str | None:
    """The one key that is given, beside the companion that belongs to it."""
    given = [
        one.name
        for one in attrs.fields(type(document))
        if getattr(document, one.name) is not None and getattr(document, one.name) is not False
    ]
    chosen = [name for name in given if name not in companions]
    accepted = [one.name for one in attrs.fields(type(document)) if one.name not in companions]
    if len(chosen) != 1:
        if chosen or not builder.is_left_out(path):  # else the one that was meant has told what is wrong
            builder.faults.add(
                f"found {', '.join(chosen) or 'none'}; accepted: exactly one of {', '.join(accepted)}", path
            )
        return None
    for name in set(given) & set(companions):
        if companions[name] != chosen[0]:
            builder.faults.add(f"goes with {companions[name]} only", f"{path}.{name}")
    return str(chosen[0])


def _as_window(chosen: str, document: WindowDocument) -> Window:
    if chosen == "rolling_months":
        return RollingMonths(document.rolling_months or 0, bool(document.aligned))
    if chosen == "rolling_days":
        return RollingDays(document.rolling_days or 0)
    if chosen == "trailing_quarters":
        return TrailingQuarters(document.trailing_quarters or 0, document.complete is not False)
    return YearToDate() if chosen == "year_to_date" else Lifetime()


def metric_to(metric: Any) -> dict[str, Any]:
    """A metric as it is written."""
    return {
        "source": metric.source,
        "measure": _measure_to(metric.measure),
        "window": None if metric.window is None else window_to(metric.window),
        "where": None if metric.where is None else criterion_to(metric.where),
        "text": to_plain(metric.text),
    }


_MEASURES: dict[type, Callable[[Any], dict[str, Any]]] = {
    Sum: lambda measure: {"sum": measure.field},
    Count: lambda measure: {"count": True},
    DistinctCount: lambda measure: {"distinct": measure.field},
    Average: lambda measure: {"average": measure.field},
    Latest: lambda measure: {"latest": measure.field},
    Difference: lambda measure: {"difference": [measure.minuend, measure.subtrahend]},
    Ratio: lambda measure: {"ratio": [measure.numerator, measure.denominator]},
    Growth: lambda measure: {"growth": measure.of},
    Peak: lambda measure: {"peak": measure.of, "within": window_to(measure.window)},
}


def _measure_to(measure: Measure) -> dict[str, Any]:
    return _MEASURES[type(measure)](measure)


def window_to(window: Window | ValidOn) -> dict[str, Any]:
    """A window as it is written."""
    if isinstance(window, RollingMonths):
        return {"rolling_months": window.months, **({"aligned": True} if window.aligned else {})}
    if isinstance(window, RollingDays):
        return {"rolling_days": window.days}
    if isinstance(window, TrailingQuarters):
        return {"trailing_quarters": window.quarters, **({} if window.complete else {"complete": False})}
    if isinstance(window, ValidOn):
        within = {} if window.within is None else window_to(window.within)
        more = {"months_more": window.months_more} if window.months_more else {}
        return {"valid_until": window.until, **more, **within}
    return {"year_to_date": True} if isinstance(window, YearToDate) else {"lifetime": True}
