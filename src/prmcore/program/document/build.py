"""From a document to a program: every section is read, everything checked, all faults at once."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from prmcore.decisions import FactSchema
from prmcore.errors import InvalidInput, unknown_name
from prmcore.program.document.agreements import AGREEMENTS_FORMAT, paper_from
from prmcore.program.document.builder import Builder
from prmcore.program.document.conflicts import conflicts_from
from prmcore.program.document.contracts import contracts_from
from prmcore.program.document.coverage import coverage_from, trees_from
from prmcore.program.document.leads import leads_from, routing_from
from prmcore.program.document.metrics import registry_from
from prmcore.program.document.names import name_fault
from prmcore.program.document.partial import partial
from prmcore.program.document.plans import incentives_from
from prmcore.program.document.registrations import products_from, registrations_from
from prmcore.program.document.responsibilities import responsibilities_from
from prmcore.program.document.sales import negotiation_from, sales_from
from prmcore.program.document.shapes import DECIDING, NodeDocument
from prmcore.program.document.tiers import benefits_from, tiers_from
from prmcore.program.model import Program
from prmcore.values import DateRange, FiscalCalendar, Text, is_points

__all__ = ["built"]

TITLE = "the program cannot be read"


def built(written: Mapping[str, Any]) -> Program:
    """The program that plain values describe."""
    part = partial(written, TITLE)
    if part.document is None:
        raise InvalidInput(TITLE, part.faults)
    builder = Builder(part.document, part)
    made = None
    with suppress(InvalidInput):  # so many faults that gathering them was given up
        made = _made(builder)
    found = (*part.faults, *map(part.original, builder.faults.found))
    if found or made is None:
        raise InvalidInput(builder.faults.title, found)
    return made


def _made(builder: Builder) -> Program | None:
    document = builder.document
    _check_names(builder)
    calendar = _calendar(builder)
    given = tuple(builder.field(name, one, "facts") for name, one in document.facts.items())
    registry = registry_from(builder)
    counted = [registry.field_of(one) for one in registry.metrics if one.name not in document.facts]
    facts = FactSchema(f"{document.name} facts", (*given, *counted))
    tiers = tiers_from(builder, facts, calendar)
    benefits = benefits_from(builder)
    incentives = None if document.incentives is None else incentives_from(builder, document.incentives, given)
    trees = trees_from(builder, document.trees)
    coverage = None if document.coverage is None else coverage_from(builder, document.coverage, trees)
    products_from(builder, document.products, trees)
    conflicts = None if document.conflicts is None else conflicts_from(builder, document.conflicts)
    registrations = (
        None if document.registrations is None else registrations_from(builder, document.registrations)
    )
    contracts = None if document.contracts is None else contracts_from(builder, document.contracts, calendar)
    paper = _paper(builder)
    deals = _deals(builder)
    if builder.faults.found or builder.part.faults or tiers is None:
        return None
    return Program(
        name=document.name,
        version=document.version,
        tiers=tiers,
        effective=DateRange(document.effective.start, document.effective.end),
        given=given,
        registry=registry,
        sources=document.sources,
        benefits=benefits,
        incentives=incentives,
        trees=trees,
        tree_words=_tree_words(document.trees),
        coverage=coverage,
        products=document.products,
        registrations=registrations,
        conflicts=None if conflicts is None else conflicts[0],
        appeals=None if conflicts is None else conflicts[1],
        **deals,
        currency=document.currency,
        text=document.text,
        contracts=contracts,
        **paper,
        cites=document.cites,
    )


def _check_names(builder: Builder) -> None:
    document, faults = builder.document, builder.faults
    if all(getattr(document, name) is None for name in DECIDING) and builder.lost.isdisjoint(DECIDING):
        faults.add(f"decides nothing; accepted: {', '.join(DECIDING)}, or several of them")
    for path, name in (("name", document.name), ("version", document.version)):
        fault = name_fault(name, free=True)
        if fault:
            faults.add(fault, path)
    if is_points(document.currency):
        faults.add(
            f"found {document.currency}; accepted: a currency; points are the unit of a component", "currency"
        )
    elif document.currency is not None:
        builder.currency = builder.known_currency(document.currency, "currency")
    with faults.within("effective"):
        DateRange(document.effective.start, document.effective.end)
    for part in ("sources", "facts", "metrics", "benefits"):
        builder.check_keys(getattr(document, part), part)
    for name, source in document.sources.items():
        builder.check_keys(source.fields, f"sources.{name}.fields")
    for name in document.facts:
        if name in document.metrics:
            faults.add(f"{name!r} is a metric too; one name, one meaning", f"facts.{name}")


def _calendar(builder: Builder) -> FiscalCalendar:
    with builder.faults.within("calendar"):
        return FiscalCalendar(builder.document.calendar.start_month, builder.document.calendar.named_by)
    return FiscalCalendar()


def _deals(builder: Builder) -> dict[str, Any]:
    """What a program says of leads, sales, and who does what, by the names of its fields."""
    document = builder.document
    builder.check_keys(document.quantity_bands, "quantity_bands", free=True)
    leads, routing, sales = document.leads, document.routing, document.sales
    negotiation, matrix = document.negotiation, document.responsibilities
    return {
        "leads": None if leads is None else leads_from(builder, leads),
        "lead_hours": None if leads is None else leads.hours,
        "routing": None if routing is None else routing_from(builder, routing),
        "pools": {} if routing is None else routing.pools,
        "sales": None if sales is None else sales_from(builder, sales),
        "negotiation": None if negotiation is None else negotiation_from(builder, negotiation),
        "quantity_bands": document.quantity_bands,
        "responsibilities": None if matrix is None else responsibilities_from(builder, matrix),
    }


def _paper(builder: Builder) -> dict[str, Any]:
    """The agreements that stand in the file itself, and what parties have to do under them."""
    document = builder.document
    if not document.agreements and not document.obligations:
        return {}
    written = {
        "format": AGREEMENTS_FORMAT, "agreements": document.agreements, "obligations": document.obligations
    }  # fmt: skip
    with builder.faults.within(""):
        agreements, obligations = paper_from(written, read_at=None)
        ids = {one.id for one in agreements}
        for place, one in enumerate(obligations):
            if one.agreement not in ids:
                builder.faults.add(
                    unknown_name("agreement of this file", one.agreement, ids),
                    f"obligations[{place}].agreement",
                )
        return {"agreements": agreements, "obligations": obligations}
    return {}


def _tree_words(trees: Mapping[str, Mapping[str, NodeDocument]]) -> dict[str, dict[str, Text]]:
    """What people call the codes of each tree."""
    return {
        name: {code: node.text for code, node in nodes.items() if node.text is not None}
        for name, nodes in trees.items()
    }
