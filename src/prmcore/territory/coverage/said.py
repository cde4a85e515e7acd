"""Assignments in words: which rules hold, why the winner won, who fell out at which step, and what would change it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from prmcore.decisions import Decision, Truth
from prmcore.decisions.explain import Place, Said
from prmcore.territory.coverage.assignment import Assignment, Step, rules_at, steps
from prmcore.territory.coverage.cells import Among, Cell, NoneOf, Postcodes, Span, Under, Within
from prmcore.territory.coverage.index import CoverageIndex, Result, places_in
from prmcore.territory.coverage.model import (
    ACCOUNT,
    CoverageModel,
    CoverageRule,
    Ranking,
    Role,
    TreeDimension,
)
from prmcore.territory.coverage.would_change import Alternative, would_change

__all__ = ["said_of_alternative", "said_of_assignment", "said_of_cell", "said_of_outcome"]

_STEPS = {
    None: "a primary rule goes before a house rule: {left} before {fell}",
    Ranking.PRIORITY: "the higher priority goes first: {left} before {fell}",
    Ranking.NAMED: "a rule that names the account goes first: {left} before {fell}",
    Ranking.SPECIFICITY: "the narrower region goes first: {left} before {fell}",
    Ranking.DIMENSIONS: "the narrower on the first dimension on which they differ: {left} before {fell}",
    Ranking.ID: "told apart by their names alone, which is arbitrary: {left} before {fell}",
}
_SPANS = {
    "at_least": "at least {bound}",
    "more_than": "more than {bound}",
    "at_most": "at most {bound}",
    "less_than": "less than {bound}",
}


def said_of_assignment(index: CoverageIndex, decision: Decision[Assignment]) -> Said:
    """Who covers the account, and everything that led there."""
    outcome, model = decision.outcome, index.model
    account = decision.facts[ACCOUNT]
    values = {
        "policy": model.name,
        "day": decision.as_of,
        "account": account,
        "outcome": said_of_outcome(model, outcome),
    }
    parts = [
        *(_said_of_rule(model, decision, rule) for rule in rules_at(index, places_in(decision.mask))),
        *(_said_of_step(step) for step in steps(index, decision.mask) if step.fell),
    ]
    if outcome.result is Result.AMBIGUOUS:
        parts.append(Said("nothing tells {rules} apart", {"rules": outcome.tied}, Truth.UNKNOWN))
    parts.extend(_said_of_beside(model, name) for name in outcome.overlays)
    changes = [said_of_alternative(model, one) for one in would_change(index, decision)]
    if changes:
        parts.append(Said("what would change it", {}, None, tuple(changes)))
    return Said("{policy} on {day}, {account}: {outcome}", values, None, tuple(parts))


def said_of_outcome(model: CoverageModel, outcome: Assignment) -> Said:
    """Who covers it, in a few words."""
    if outcome.result is Result.AMBIGUOUS:
        names = sorted({str(model.rule(rule).territory) for rule in outcome.tied})
        return Said(
            "ambiguous between {territories}: a person decides",
            {"territories": [territory_called(model, one) for one in names]},
        )
    if outcome.territory is None:
        return Said("nobody covers it")
    message = "{territory}, as house account" if outcome.result is Result.HOUSE else "{territory}"
    return Said(message, {"territory": territory_called(model, outcome.territory)})


def territory_called(model: CoverageModel, territory: str) -> Any:
    """What people call a territory."""
    return model.territory(territory).text or territory


_ROLES = {
    Role.PRIMARY: "{rule} holds, for {territory}",
    Role.HOUSE: "{rule} holds as a house rule, for {territory}",
    Role.OVERLAY: "{rule} holds beside the winner, for {territory}",
    Role.EXCLUSION: "{rule} holds, and excludes {territory}",
}


def _said_of_rule(model: CoverageModel, decision: Decision[Assignment], rule: CoverageRule) -> Said:
    excluded = rule.id in decision.outcome.excluded
    asks = tuple(_said_of_asked(model, decision, rule))
    values = {"rule": rule.text or rule.id, "territory": _territory_of(model, rule)}
    if excluded:
        return Said("{rule} holds for {territory}, and is excluded", values, Truth.UNMET, asks)
    return Said(_ROLES[rule.role], values, Truth.MET, asks)


def _territory_of(model: CoverageModel, rule: CoverageRule) -> Any:
    return Said("every territory") if rule.territory is None else territory_called(model, rule.territory)


def _said_of_asked(model: CoverageModel, decision: Decision[Any], rule: CoverageRule) -> Iterable[Said]:
    """What the rule asks of each dimension, and what the account has."""
    if rule.accounts is not None:
        yield Said("names the account {account}", {"account": decision.facts[ACCOUNT]}, Truth.MET)
    for name, cell in rule.cells.items():
        values = {
            "fact": model.facts.label(name),
            "observed": called(model, name, decision.facts[name]),
            "bound": said_of_cell(model, name, cell),
        }
        yield Said("{fact}: {observed}, asked for {bound}", values, Truth.MET)
    if rule.effective.start is not None or rule.effective.end is not None:
        yield Said("in force {period}", {"period": str(rule.effective)}, Truth.MET)


def _said_of_step(step: Step) -> Said:
    left, fell = ([rule.text or rule.id for rule in rules] for rules in (step.left, step.fell))
    return Said(_STEPS[step.ranking], {"left": left, "fell": fell})


def _said_of_beside(model: CoverageModel, territory: str) -> Said:
    return Said("{territory} covers it, too", {"territory": territory_called(model, territory)}, Truth.MET)


def said_of_alternative(model: CoverageModel, one: Alternative) -> Said:
    """One change and what would come of it."""
    outcome = said_of_outcome(model, one.outcome)
    if one.dimension is None:
        return Said("from {day} on: {outcome}", {"day": one.value, "outcome": outcome})
    shown = called(model, one.dimension, one.value)
    values = {"fact": model.facts.label(one.dimension), "value": shown, "outcome": outcome}
    if one.below is not None:
        return Said("if {fact} were less than {value}: {outcome}", {**values, "value": one.below})
    return Said("if {fact} were {value}: {outcome}", values)


def called(model: CoverageModel, name: str, value: Any) -> Any:
    """What people call a value of a dimension: a place by its name, a code by its words."""
    if name != ACCOUNT and isinstance(value, str):
        dimension = model.dimension(name)
        if isinstance(dimension, TreeDimension) and dimension.tree.name == "geography":
            return Place(value)
    return model.facts.called(name, value)


def said_of_cell(model: CoverageModel, name: str, cell: Cell) -> Said:
    """What a cell asks for."""
    known = _said_of_known(model, name, cell)
    if not cell.unknown:
        return known or Said("any")
    return Said("unknown") if known is None else Said("{asked}, or unknown", {"asked": known})


def _said_of_known(model: CoverageModel, name: str, cell: Cell) -> Said | None:
    if isinstance(cell, Under):
        return _said_of_under(model, name, cell)
    if isinstance(cell, NoneOf):
        return Said("none of {codes}", {"codes": _all_called(model, name, cell.codes)})
    if isinstance(cell, Among):
        return Said("{codes}", {"codes": _all_called(model, name, cell.codes)}) if cell.codes else None
    if isinstance(cell, Postcodes):
        return Said("{codes}", {"codes": [str(one) for one in cell.ranges]}) if cell.ranges else None
    assert isinstance(cell, Within)
    return Said("{spans}", {"spans": [_said_of_span(span) for span in cell.spans]}) if cell.spans else None


def _said_of_under(model: CoverageModel, name: str, cell: Under) -> Said | None:
    codes, outside = (_all_called(model, name, one) for one in (cell.codes, cell.outside))
    if not cell.outside:
        return Said("{codes}", {"codes": codes}) if cell.codes else None
    if not cell.codes:
        return Said("anything without {outside}", {"outside": outside})
    return Said("{codes} without {outside}", {"codes": codes, "outside": outside})


def _all_called(model: CoverageModel, name: str, codes: Iterable[str]) -> list[Any]:
    return [called(model, name, code) for code in sorted(codes)]


def _said_of_span(span: Span) -> Said:
    parts = [Said(_SPANS[word], {"bound": bound}) for word, bound in span.bounds.items()]
    return parts[0] if len(parts) == 1 else Said("{low} and {high}", {"low": parts[0], "high": parts[1]})
