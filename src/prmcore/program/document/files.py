"""Program files: TOML or JSON, or plain dicts, in and out; how a file is read is in `reading.py`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from prmcore.errors import InvalidInput
from prmcore.program.document.agreements import agreements_to
from prmcore.program.document.build import built
from prmcore.program.document.builder import field_to
from prmcore.program.document.conflicts import conflicts_to
from prmcore.program.document.contracts import contracts_to
from prmcore.program.document.coverage import coverage_to, trees_to
from prmcore.program.document.leads import leads_to, routing_to
from prmcore.program.document.metrics import metric_to
from prmcore.program.document.plans import incentives_to
from prmcore.program.document.reading import loaded, parsed
from prmcore.program.document.registrations import registrations_to
from prmcore.program.document.responsibilities import responsibilities_to
from prmcore.program.document.sales import without_name
from prmcore.program.document.shapes import FORMAT
from prmcore.program.document.tiers import benefit_to, scorecard_to, tiers_to
from prmcore.program.model import Program
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
            "facts": {field.name: field_to(field, program.currency) for field in program.given},
            "metrics": {metric.name: metric_to(metric) for metric in program.registry.metrics},
            "scorecard": scorecard_to(program.tiers.scorecard),
            "tiers": tiers_to(program.tiers),
            "products": program.products,
            "conflicts": conflicts_to(program.conflicts, program.appeals),
            "registrations": registrations_to(program.registrations),
            "leads": leads_to(program.leads, program.lead_hours),
            "routing": routing_to(program.routing, program.pools),
            "sales": without_name(program.sales),
            "negotiation": without_name(program.negotiation),
            "quantity_bands": to_plain(dict(program.quantity_bands)),
            "responsibilities": responsibilities_to(
                program.responsibilities, lambda field: field_to(field, program.currency)
            ),
            "contracts": contracts_to(program.contracts),
            "agreements": agreements_to(program.agreements)["agreements"] or None,
            "obligations": to_plain(program.obligations) or None,
            "coverage": coverage_to(program.coverage, program.currency),
            "incentives": incentives_to(program.incentives),
            "benefits": {benefit.name: benefit_to(benefit) for benefit in program.benefits.benefits},
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
