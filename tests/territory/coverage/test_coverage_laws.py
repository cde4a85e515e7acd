"""Laws of coverage: the index decides what plain sets decide, and the analysis finds what trying every account finds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prmcore.decisions import recorded, replayed
from prmcore.territory.coverage import (
    ACCOUNT,
    Assignment,
    CoverageModel,
    CoveragePolicy,
    Result,
    Role,
    analysed,
    as_account,
    would_change,
)

from .models import models
from .oracle import Oracle

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def account(policy: CoveragePolicy, values: Mapping[str, Any]) -> Any:
    return policy.account(values[ACCOUNT], **{name: value for name, value in values.items() if name != ACCOUNT})


def short(outcome: Assignment) -> tuple[Any, ...]:
    tied = outcome.tied if outcome.result is Result.AMBIGUOUS else ()
    return (outcome.result.value, outcome.territory, tied)


@settings(max_examples=150, deadline=None, suppress_health_check=SLOW)
@given(models(), st.data())
def test_an_account_is_covered_as_plain_sets_say(model: CoverageModel, data: st.DataObject) -> None:
    policy, oracle = CoveragePolicy(model), Oracle(model)
    for _ in range(12):
        values = {name: data.draw(st.sampled_from(oracle.values[name])) for name in oracle.names}
        day = data.draw(st.sampled_from(oracle.days))
        decision = policy.decide(account(policy, values), day)
        assert short(decision.outcome) == oracle.decide(values, day)
        assert {rule.id for rule in policy.held(decision)} == {rule.id for rule in oracle.holding(values, day)}
        assert replayed(recorded(decision), [policy]) == decision
        columns = {name: [value] for name, value in values.items()}
        (winner,) = policy.winners(columns, day)
        assert (winner.result, winner.territory, winner.rule) == (
            decision.outcome.result,
            decision.outcome.territory,
            decision.outcome.rule,
        )


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(models(), st.data())
def test_the_order_of_the_rules_in_the_file_does_not_matter(model: CoverageModel, data: st.DataObject) -> None:
    shuffled = CoveragePolicy(attrs.evolve(model, rules=tuple(data.draw(st.permutations(model.rules)))))
    policy, oracle = CoveragePolicy(model), Oracle(model)
    for _ in range(8):
        values = {name: data.draw(st.sampled_from(oracle.values[name])) for name in oracle.names}
        day = data.draw(st.sampled_from(oracle.days))
        one, other = (each.decide(account(each, values), day) for each in (policy, shuffled))
        assert one.outcome == other.outcome
        assert str(policy.said(one)) == str(shuffled.said(other))


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(models(most_dimensions=3, most_rules=9))
def test_the_analysis_finds_what_trying_every_account_finds(model: CoverageModel) -> None:
    policy, oracle = CoveragePolicy(model), Oracle(model)
    found = analysed(policy)
    assert found.is_complete
    by_code: dict[str, set[str]] = {}
    for finding in found.findings:
        by_code.setdefault(finding.code, set()).add(finding.path.removeprefix("rules."))
    everything = [(values, day, oracle.decide(values, day)) for values, day in oracle.everything()]
    gaps = [(values, day) for values, day, outcome in everything if outcome[0] == "unassigned"]
    assert bool(gaps) == any(code.endswith("gap") or code.startswith("gap") for code in by_code)
    tied = {outcome[2] for _, _, outcome in everything if outcome[0] == "ambiguous"}
    ambiguous = by_code.get("ambiguous", set()) | by_code.get("boundary-overlap", set())
    assert {rule for rules in tied for rule in rules} >= ambiguous
    assert bool(tied) == bool(ambiguous)
    held: set[str] = set()
    winning: set[str] = set()
    for values, day, _ in everything:
        held |= {rule.id for rule in oracle.holding(values, day)}
        winning |= oracle.winning(values, day)
    for rule in model.rules:
        if rule.role is Role.EXCLUSION:
            continue
        assert (rule.id not in held) == (rule.id in by_code.get("unsatisfiable", set()))
        shadowed = by_code.get("shadowed", set()) | by_code.get("shadowed-by-several", set())
        assert (rule.id in held and rule.id not in winning) == (rule.id in shadowed)
        if rule.role is not Role.OVERLAY and rule.id in winning:
            needed = any(outcome != oracle.decide(values, day, rule.id) for values, day, outcome in everything)
            assert needed == (rule.id not in by_code.get("redundant", set())), rule.id


@settings(max_examples=80, deadline=None, suppress_health_check=SLOW)
@given(models())
def test_every_witness_shows_what_its_finding_says(model: CoverageModel) -> None:
    policy = CoveragePolicy(model)
    for finding in analysed(policy).findings:
        if finding.witness is None:
            continue
        facts, day = as_account(policy, finding)
        decision = policy.decide(facts, day)
        rule = finding.path.removeprefix("rules.")
        held = {one.id for one in policy.held(decision)}
        if "gap" in finding.code:
            assert decision.outcome.result is Result.UNASSIGNED
        elif finding.code in ("ambiguous", "boundary-overlap"):
            assert decision.outcome.result is Result.AMBIGUOUS
            assert rule in decision.outcome.tied
        elif finding.code.startswith("shadowed"):
            assert rule in held
            assert decision.outcome.rule != rule
        elif finding.code == "redundant":
            assert rule in held
        else:
            assert finding.code == "idle-exclusion"
            assert rule in held


@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
@given(models(), st.integers(0, 200))
def test_with_few_steps_the_answer_is_undecided_and_never_wrong(model: CoverageModel, budget: int) -> None:
    policy = CoveragePolicy(model)
    whole, part = analysed(policy), analysed(policy, budget=budget)
    if part.is_complete:
        assert part == whole
    else:
        assert "undecided" in {finding.code for finding in part.findings}
        known = {(one.code, one.path) for one in whole.findings}
        said = {(one.code, one.path) for one in part.findings if one.code != "undecided" and "gap" not in one.code}
        assert said <= known


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(models(), st.data())
def test_what_is_said_to_change_the_outcome_changes_it(model: CoverageModel, data: st.DataObject) -> None:
    policy, oracle = CoveragePolicy(model), Oracle(model)
    values = {name: data.draw(st.sampled_from(oracle.values[name])) for name in oracle.names}
    day = data.draw(st.sampled_from(oracle.days))
    decision = policy.decide(account(policy, values), day)
    for one in would_change(policy, decision):
        if one.dimension is None:
            again = policy.decide(decision.facts, one.value)
        else:
            again = policy.decide(decision.facts.with_values({one.dimension: one.value}), day)
        assert again.outcome == one.outcome
        assert short(again.outcome) != short(decision.outcome)
