"""Leads in a program document: how long partners have, to whom a lead is offered, the rounds of pools; and the way back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from prmcore.deals.leads import (
    ByTurn,
    CandidateFacts,
    LeadPolicy,
    RouteStep,
    RoutingPolicy,
    Turn,
    Unit,
)
from prmcore.decisions import ByOrder, ByScore, ByValue, Criterion, FactSchema, Prefer, ScoreLine
from prmcore.decisions.wire import criterion_to
from prmcore.program.document.builder import Builder
from prmcore.program.document.names import name_fault
from prmcore.program.document.shapes import (
    LeadsDocument,
    RouteStepDocument,
    RoutingDocument,
    ScoreLineDocument,
)
from prmcore.values import BusinessHours
from prmcore.values.wire import to_plain

__all__ = ["leads_from", "leads_to", "routing_from", "routing_to"]

CANDIDATES = FactSchema.of(CandidateFacts)
MOST_STEPS = 50


# from a document


def leads_from(builder: Builder, document: LeadsDocument) -> LeadPolicy | None:
    """The rules that were written; None, with faults, when they cannot be used."""
    given = attrs.asdict(document, recurse=False)
    has_hours = given.pop("hours") is not None or builder.is_left_out("leads.hours")
    if not has_hours and Unit.BUSINESS_HOURS in _units(document):
        builder.faults.add("is missing; times are counted in business hours", "leads.hours")
    with builder.faults.within("leads"):
        return LeadPolicy(name=builder.policy_name("leads"), **given)
    return None


def _units(document: LeadsDocument) -> set[Unit]:
    return {one.unit for one in (document.accept_within, document.work_within) if one is not None}


def routing_from(builder: Builder, document: RoutingDocument) -> RoutingPolicy | None:
    """The steps that were written; None, with faults, when they cannot be used."""
    builder.check_size(document.steps, MOST_STEPS, "routing.steps")
    eligible = builder.criteria(document.eligible, CANDIDATES, "routing.eligible")
    steps = [
        _step(builder, one, f"routing.steps[{place}]")
        for place, one in enumerate(document.steps[:MOST_STEPS])
    ]
    _check_pools(builder, document.pools)
    leads = builder.document.leads
    most = None if leads is None or builder.is_left_out("leads.offered_to") else leads.offered_to
    if most is not None and document.winners > most:
        message = f"found {document.winners}; accepted: at most {most}, to which a lead is offered at once"
        builder.faults.add(message, "routing.winners")
    with builder.faults.within("routing"):
        return RoutingPolicy(
            name=builder.policy_name("routing"),
            eligible=eligible,
            steps=tuple(steps),
            winners=document.winners,
            ties_by_id=document.ties_by_id,
        )
    return None


_KINDS: Mapping[str, type] = {
    "prefer": Prefer,
    "by_order": ByOrder,
    "by_value": ByValue,
    "by_score": ByScore,
    "by_turn": ByTurn,
}
_ALWAYS = ("name", "kind", "text")


def _step(builder: Builder, document: RouteStepDocument, path: str) -> RouteStep:
    """The step that was written; another of its name, with faults, when it cannot be used."""
    before = len(builder.faults.found)
    given = {key: value for key, value in attrs.asdict(document, recurse=False).items() if value is not None}
    for key in given:
        kinds = [name for name, kind in _KINDS.items() if key in attrs.fields_dict(kind)]
        if key not in _ALWAYS and document.kind not in kinds:
            builder.faults.add(f"goes with the kind {' or '.join(kinds)} only", f"{path}.{key}")
    if document.criteria is not None:
        given["criteria"] = builder.criteria(document.criteria, CANDIDATES, f"{path}.criteria")
    if document.lines is not None:
        lines = enumerate(document.lines)
        given["lines"] = tuple(_line(builder, line, f"{path}.lines[{place}]") for place, line in lines)
    kind = _KINDS[given.pop("kind")]
    is_whole = not builder.is_left_out(path)  # else what is missing may be what could not be read
    for field in attrs.fields(kind):
        if is_whole and field.default is attrs.NOTHING and field.name not in given:
            builder.faults.add("is missing", f"{path}.{field.name}")
    if not is_whole or len(builder.faults.found) > before:
        return ByTurn(name=document.name)
    made: RouteStep = kind(**given)
    return made


def _line(builder: Builder, document: ScoreLineDocument, path: str) -> ScoreLine:
    when = builder.criteria(document.when, CANDIDATES, f"{path}.when")
    return ScoreLine(**{**attrs.asdict(document, recurse=False), "when": when})


def _check_pools(builder: Builder, pools: Mapping[str, Mapping[str, int]]) -> None:
    for name, weights in pools.items():
        path = f"routing.pools.{name[:60]}"
        fault = name_fault(name, free=True)
        if not weights and not builder.is_left_out(path):
            fault = fault or "found none; accepted: one partner or more"
        if fault:
            builder.faults.add(fault, path)
            continue
        for partner, weight in weights.items():
            with builder.faults.within(f"{path}.{partner[:60]}"):
                Turn(partner=partner, weight=weight)


# to a document


def leads_to(policy: LeadPolicy | None, hours: BusinessHours | None) -> dict[str, Any] | None:
    """The rules as they are written."""
    if policy is None:
        return None
    plain: dict[str, Any] = to_plain(policy)
    return {key: value for key, value in {**plain, "hours": to_plain(hours)}.items() if key != "name"}


def routing_to(policy: RoutingPolicy | None, pools: Mapping[str, Mapping[str, int]]) -> dict[str, Any] | None:
    """The steps as they are written."""
    if policy is None:
        return None
    return {
        "eligible": _criteria(policy.eligible),
        "steps": [_written(step) for step in policy.steps],
        "winners": policy.winners,
        "ties_by_id": policy.ties_by_id,
        "pools": {name: dict(weights) for name, weights in pools.items()},
    }


def _criteria(criteria: tuple[Criterion, ...]) -> list[dict[str, Any]] | None:
    return [criterion_to(one) for one in criteria] or None


def _written(step: RouteStep) -> dict[str, Any]:
    kind = next(name for name, kind in _KINDS.items() if type(step) is kind)
    plain: dict[str, Any] = {"name": step.name, "kind": kind, "text": to_plain(step.text)}
    if isinstance(step, Prefer):
        return {**plain, "criteria": _criteria(step.criteria)}
    if isinstance(step, ByScore):
        return {**plain, "lines": [_line_written(line) for line in step.lines]}
    return {**to_plain(step), **plain}


def _line_written(line: ScoreLine) -> dict[str, Any]:
    plain: dict[str, Any] = to_plain(attrs.evolve(line, when=()))
    return {**plain, "when": _criteria(line.when)}
