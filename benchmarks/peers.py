"""Rule engines that people use instead, each set up once and asked the way its documentation shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import rule_engine
import zen
from business_rules.actions import BaseActions, rule_action
from business_rules.engine import run_all
from business_rules.variables import (
    BaseVariables,
    boolean_rule_variable,
    numeric_rule_variable,
    string_rule_variable,
)
from rule import LEVELS, bounds

__all__ = ["PEERS"]

Plain = dict[str, Any]
Decide = Callable[[Plain], str]
NUMBERS = {"revenue": ">=", "users": ">=", "people": ">=", "retention": ">=", "disputes": "<="}


def _tests(level: str) -> list[str]:
    asked = bounds(level)
    return [f"{name} {sign} {asked[name]}" for name, sign in NUMBERS.items()]


def zen_expression() -> Decide:
    """One compiled expression that gives the level."""
    text = "'registered'"
    for level in reversed(LEVELS):
        every = " and ".join([*_tests(level), "country in ['JP', 'CN', 'DE']", "trained"])
        text = f"({every}) ? '{level}' : ({text})"
    evaluate: Decide = zen.compile_expression(text).evaluate
    return evaluate


def zen_graph(trace: bool) -> Decide:
    """A decision table in a graph; the trace says which row was taken.

    By a static loader, which is ten times as fast as the same graph by `create_decision`.
    """
    fields = [*NUMBERS, "country", "trained"]
    inputs = [{"id": name, "name": name, "field": name} for name in fields]
    rows = [_row(level) for level in LEVELS] + [{"_id": "registered", "level": "'registered'"}]
    table = {
        "hitPolicy": "first",
        "inputs": inputs,
        "outputs": [{"id": "level", "name": "level", "field": "level"}],
        "rules": rows,
    }
    graph = {
        "nodes": [
            {"id": "in", "name": "request", "type": "inputNode"},
            {"id": "table", "name": "tiers", "type": "decisionTableNode", "content": table},
            {"id": "out", "name": "response", "type": "outputNode"},
        ],
        "edges": [
            {"id": "1", "sourceId": "in", "targetId": "table", "type": "edge"},
            {"id": "2", "sourceId": "table", "targetId": "out", "type": "edge"},
        ],
    }
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"tiers": graph}}})
    return lambda facts: str(engine.evaluate("tiers", facts, {"trace": trace})["result"]["level"])


def _row(level: str) -> dict[str, str]:
    asked = bounds(level)
    cells = {name: f"{sign} {asked[name]}" for name, sign in NUMBERS.items()}
    return {"_id": level, **cells, "country": "'JP', 'CN', 'DE'", "trained": "true", "level": f"'{level}'"}


def rule_engine_rules() -> Decide:
    """One compiled rule a rung, the best asked first."""
    rules = [
        (level, rule_engine.Rule(" and ".join([*_tests(level), "country in ['JP', 'CN', 'DE']", "trained"])))
        for level in LEVELS
    ]

    def decide(facts: Plain) -> str:
        return next((level for level, rule in rules if rule.matches(facts)), "registered")

    return decide


class _Variables(BaseVariables):  # type: ignore[misc]  # untyped
    def __init__(self, facts: Plain) -> None:
        self.facts = facts

    @numeric_rule_variable  # type: ignore[untyped-decorator]
    def revenue(self) -> Any:
        return self.facts["revenue"]

    @numeric_rule_variable  # type: ignore[untyped-decorator]
    def users(self) -> Any:
        return self.facts["users"]

    @numeric_rule_variable  # type: ignore[untyped-decorator]
    def people(self) -> Any:
        return self.facts["people"]

    @numeric_rule_variable  # type: ignore[untyped-decorator]
    def retention(self) -> Any:
        return self.facts["retention"]

    @numeric_rule_variable  # type: ignore[untyped-decorator]
    def disputes(self) -> Any:
        return self.facts["disputes"]

    @string_rule_variable  # type: ignore[untyped-decorator]
    def country(self) -> Any:
        return self.facts["country"]

    @boolean_rule_variable  # type: ignore[untyped-decorator]
    def trained(self) -> Any:
        return self.facts["trained"]


class _Actions(BaseActions):  # type: ignore[misc]  # untyped
    def __init__(self) -> None:
        self.level = "registered"

    @rule_action(params={"level": "text"})  # type: ignore[untyped-decorator]
    def place(self, level: str) -> None:
        self.level = level


def business_rules_rules() -> Decide:
    """One rule a rung, stopping at the first that triggers."""
    words = {">=": "greater_than_or_equal_to", "<=": "less_than_or_equal_to"}
    rules = []
    for level in LEVELS:
        asked = bounds(level)
        every: list[dict[str, Any]] = [
            {"name": name, "operator": words[sign], "value": asked[name]} for name, sign in NUMBERS.items()
        ]
        countries = [
            {"name": "country", "operator": "equal_to", "value": code} for code in ("JP", "CN", "DE")
        ]
        every += [{"any": countries}, {"name": "trained", "operator": "is_true", "value": True}]
        rules.append(
            {"conditions": {"all": every}, "actions": [{"name": "place", "params": {"level": level}}]}
        )

    def decide(facts: Plain) -> str:
        actions = _Actions()
        run_all(rules, _Variables(facts), actions, stop_on_first_trigger=True)
        return actions.level

    return decide


PEERS: dict[str, Callable[[], Decide]] = {
    "zen-engine, compiled expression": zen_expression,
    "zen-engine, decision graph": lambda: zen_graph(trace=False),
    "zen-engine, decision graph with trace": lambda: zen_graph(trace=True),
    "rule-engine": rule_engine_rules,
    "business-rules": business_rules_rules,
}
