"""Program files: TOML or JSON, or plain dicts, in and out; how a file is read is in `reading.py`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from prmcore.decisions import Kind
from prmcore.decisions.wire import criterion_to, value_to
from prmcore.errors import InvalidInput
from prmcore.performance import (
    Average,
    Count,
    Difference,
    DistinctCount,
    Growth,
    Latest,
    Measure,
    Peak,
    Ratio,
    Sum,
    ValidOn,
)
from prmcore.program.document.agreements import agreements_to
from prmcore.program.document.build import built
from prmcore.program.document.conflicts import conflicts_to
from prmcore.program.document.contracts import contracts_to
from prmcore.program.document.coverage import coverage_to, trees_to
from prmcore.program.document.leads import leads_to, routing_to
from prmcore.program.document.plans import incentives_to
from prmcore.program.document.reading import loaded, parsed
from prmcore.program.document.registrations import registrations_to
from prmcore.program.document.responsibilities import responsibilities_to
from prmcore.program.document.sales import without_name
from prmcore.program.document.shapes import FORMAT
from prmcore.program.model import Program
from prmcore.tiers import PointsLine
from prmcore.values import RollingDays, RollingMonths, TrailingQuarters, Window, YearToDate
from prmcore.values.wire import to_plain

__all__ = ["from_document", "load_program", "parse_program", "to_document", "to_toml"]


def load_program(path: str | Path) -> Program:
    """The program in a file; `.json` is read as JSON, everything else as TOML."""
    return loaded(path, from_document, "the program cannot be read")


def parse_program(text: str, *, is_json: bool = False) -> Program:
    """The program that a text describes; faults carry their lines."""
    return parsed(text, from_document, "the program cannot be read", is_json=is_json)


def from_document(document: Mapping[str, Any]) -> Program:
    """The program that plain values describe."""
    if not isinstance(document, Mapping):
        raise InvalidInput(
            "the program cannot be read", [f"found {type(document).__name__}; accepted: a table"]
        )
    return built(document)


def to_toml(program: Program) -> str:
    """The program as a TOML file, without loss; needs the extra `toml`."""
    try:
        import tomli_w
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError("tomli_w is missing; install prmcore[toml]", name=error.name) from error

    return tomli_w.dumps(to_document(program))


def to_document(program: Program) -> dict[str, Any]:
    """The program as plain values: the exact way back from `from_document`. Function rules are refused by name."""
    period, calendar = program.effective, program.calendar
    document: dict[str, Any] = _compact(
        {
            "format": FORMAT,
            "name": program.name,
            "version": program.version,
            "cites": program.cites,
            "currency": program.currency,
            "text": to_plain(program.text),
            "effective": to_plain(period),
            "calendar": to_plain(calendar),
            "sources": to_plain(dict(program.sources)),
            "facts": {field.name: _field(field, program.currency) for field in program.given},
            "metrics": {metric.name: _metric(metric) for metric in program.registry.metrics},
            "scorecard": _scorecard(program),
            "tiers": _tiers(program),
            "products": program.products,
            "conflicts": conflicts_to(program.conflicts, program.appeals),
            "registrations": registrations_to(program.registrations),
            "leads": leads_to(program.leads, program.lead_hours),
            "routing": routing_to(program.routing, program.pools),
            "sales": without_name(program.sales),
            "negotiation": without_name(program.negotiation),
            "quantity_bands": to_plain(dict(program.quantity_bands)),
            "responsibilities": responsibilities_to(
                program.responsibilities, lambda field: _field(field, program.currency)
            ),
            "contracts": contracts_to(program.contracts),
            "agreements": agreements_to(program.agreements)["agreements"] or None,
            "obligations": to_plain(program.obligations) or None,
            "coverage": coverage_to(program.coverage, program.currency),
            "incentives": incentives_to(program.incentives, _window),
            "benefits": {benefit.name: _benefit(benefit) for benefit in program.benefits.benefits},
        }
    )
    if program.trees:
        document["trees"] = trees_to(
            program.trees, program.tree_words
        )  # a code at the top may have nothing to say
    return document


def _compact(value: Any) -> Any:
    """Without what is not said: None and empty tables."""
    if isinstance(value, dict):
        kept = {key: _compact(part) for key, part in value.items()}
        return {key: part for key, part in kept.items() if part is not None and part != {}}
    return [_compact(part) for part in value] if isinstance(value, (list, tuple)) else value


def _field(field: Any, program_currency: str | None) -> dict[str, Any]:
    currency = None if field.currency == program_currency else field.currency
    words = {code: to_plain(text) for code, text in field.words}
    return {"kind": field.kind.value, "text": to_plain(field.text), "currency": currency, "words": words}


def _metric(metric: Any) -> dict[str, Any]:
    return {
        "source": metric.source,
        "measure": _measure(metric.measure),
        "window": None if metric.window is None else _window(metric.window),
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
    Peak: lambda measure: {"peak": measure.of, "within": _window(measure.window)},
}


def _measure(measure: Measure) -> dict[str, Any]:
    return _MEASURES[type(measure)](measure)


def _window(window: Window | ValidOn) -> dict[str, Any]:
    if isinstance(window, RollingMonths):
        return {"rolling_months": window.months, **({"aligned": True} if window.aligned else {})}
    if isinstance(window, RollingDays):
        return {"rolling_days": window.days}
    if isinstance(window, TrailingQuarters):
        return {"trailing_quarters": window.quarters, **({} if window.complete else {"complete": False})}
    if isinstance(window, ValidOn):
        within = {} if window.within is None else _window(window.within)
        more = {"months_more": window.months_more} if window.months_more else {}
        return {"valid_until": window.until, **more, **within}
    return {"year_to_date": True} if isinstance(window, YearToDate) else {"lifetime": True}


def _tiers(program: Program) -> dict[str, Any]:
    policy = program.tiers
    movement = to_plain(policy.movement)
    return {
        "otherwise": policy.ladder.otherwise,
        "otherwise_text": to_plain(policy.ladder.otherwise_text),
        "best_day_of": None if policy.best_day_of is None else _window(policy.best_day_of),
        "movement": {**movement, "approval": movement["approval"] or None},
        "rungs": [
            {
                "level": one.level,
                "text": to_plain(one.text),
                "requires": [criterion_to(criterion) for criterion in one.criteria],
            }
            for one in policy.ladder.rungs
        ],
    }


def _scorecard(program: Program) -> dict[str, Any] | None:
    scorecard = program.tiers.scorecard
    if scorecard is None:
        return None
    return {
        "tracks": [
            {"name": track.name, "text": to_plain(track.text), "lines": [_line(line) for line in track.lines]}
            for track in scorecard.tracks
        ]
    }


def _line(line: PointsLine) -> dict[str, Any]:
    return {
        "fact": line.fact,
        "maximum": str(line.maximum),
        "full_at": value_to(line.full_at),
        "floor": str(line.floor) if line.floor else None,
        "gate": None if line.gate is None else criterion_to(line.gate),
        "text": to_plain(line.text),
    }


def _benefit(benefit: Any) -> dict[str, Any]:
    text = to_plain(benefit.text)
    if benefit.kind is Kind.BOOL and all(value is True for _, value in benefit.by_level):
        return {"levels": [level for level, _ in benefit.by_level], "text": text}
    return {
        "kind": benefit.kind.value,
        "values": {level: value_to(value) for level, value in benefit.by_level},
        "text": text,
    }
