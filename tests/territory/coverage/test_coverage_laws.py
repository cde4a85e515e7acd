"""Laws of coverage: the index decides what plain sets decide, and the analysis finds what trying every account finds.

The oracle is a brute-force reading of coverage models: plain sets over elementary values, written from what the words mean.
It shares no code with the axes, the index and the search: a value is in a cell when a plain function says so, one rule goes
before another when its set of elementary values lies strictly inside, and every question is answered by trying every account.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from functools import reduce
from itertools import product
from operator import and_, or_
from typing import Any

import attrs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prmcore.decisions import recorded, replayed
from prmcore.territory.coverage import (
    ACCOUNT,
    Among,
    Assignment,
    CodeDimension,
    CoverageModel,
    CoveragePolicy,
    CoverageRule,
    NoneOf,
    Ranking,
    Result,
    Role,
    SpanDimension,
    TreeDimension,
    Under,
    Within,
    analysed,
    as_account,
    would_change,
)  # fmt: skip
from prmcore.territory.coverage.axes import code_axis
from prmcore.territory.coverage.index import Column
from prmcore.testing._territory import coverage_models as models

DAY = datetime.timedelta(days=1)
OTHER = "someone-else"


class Oracle:
    def __init__(self, model: CoverageModel) -> None:
        self.model = model
        self.names = [ACCOUNT, *(one.name for one in model.dimensions)]
        self.values = {name: self.elementary(name) for name in self.names}
        self.days = self.elementary_days()
        self.sets = {
            (rule.id, name): frozenset(v for v in self.values[name] if self.holds_on(rule, name, v))
            for rule in model.rules
            for name in self.names
        }

    # elementary values

    def elementary(self, name: str) -> list[Any]:
        """Values of a dimension of which some stand for every value there could be."""
        if name == ACCOUNT:
            named = sorted({one for rule in self.model.rules for one in rule.accounts or ()})
            return [*named, OTHER]
        dimension = next(one for one in self.model.dimensions if one.name == name)
        cells = [rule.cells[name] for rule in self.model.rules if name in rule.cells]
        if isinstance(dimension, TreeDimension):
            return [*dimension.tree.parents, None]
        if isinstance(dimension, CodeDimension):
            words = sorted({code for cell in cells for code in cell.codes})  # type: ignore[union-attr]
            return [
                *(sorted(dimension.accepted) if dimension.accepted is not None else [*words, OTHER]),
                None,
            ]
        assert isinstance(dimension, SpanDimension)  # of counts
        bounds = {
            bound
            for cell in cells
            if isinstance(cell, Within)
            for span in cell.spans
            for bound in span.bounds.values()
        }
        near = {one + step for one in bounds or {0} for step in (-1, 0, 1)}
        return [*sorted(one for one in near | {0} if one >= 0), None]

    def elementary_days(self) -> list[datetime.date]:
        """Days from the first on which a rule that covers is in force to the last, by what begins and ends."""
        ends = {day for rule in self.model.rules for day in (rule.effective.start, rule.effective.end) if day}
        if not ends:
            return [datetime.date(2000, 1, 1)]
        days = sorted({min(ends) - DAY, *ends})
        covering = [rule for rule in self.model.rules if rule.role in (Role.PRIMARY, Role.HOUSE)]
        in_force = [day for day in days if any(day in rule.effective for rule in covering)]
        return [day for day in days if in_force and in_force[0] <= day <= in_force[-1]] if in_force else days

    # what holds

    def holds_on(self, rule: CoverageRule, name: str, value: Any) -> bool:
        if name == ACCOUNT:
            return rule.accounts is None or value in rule.accounts
        cell = rule.cells.get(name)
        if cell is None:
            return True
        if value is None:
            return cell.unknown
        dimension = next(one for one in self.model.dimensions if one.name == name)
        if isinstance(cell, Under):
            assert isinstance(dimension, TreeDimension)
            path = self.path(dimension.name, value)
            if not cell.codes and not cell.outside:
                return False
            inside = not cell.codes or any(code in path for code in cell.codes)
            return inside and not any(code in path for code in cell.outside)
        if isinstance(cell, Among):
            return value in cell.codes
        if isinstance(cell, NoneOf):
            return value not in cell.codes
        assert isinstance(cell, Within)
        return any(
            (span.at_least is None or value >= span.at_least)
            and (span.more_than is None or value > span.more_than)
            and (span.at_most is None or value <= span.at_most)
            and (span.less_than is None or value < span.less_than)
            for span in cell.spans
        )

    def path(self, name: str, code: str) -> set[str]:
        """A code and everything above it, walked by hand."""
        tree = next(
            one.tree for one in self.model.dimensions if one.name == name and isinstance(one, TreeDimension)
        )
        found: set[str] = set()
        above: str | None = code
        while above is not None:
            found.add(above)
            above = tree.parents[above]
        return found

    def holding(self, values: Mapping[str, Any], day: datetime.date) -> list[CoverageRule]:
        return [
            rule
            for rule in self.model.rules
            if day in rule.effective and all(self.holds_on(rule, name, values[name]) for name in self.names)
        ]

    # which one goes before which

    def goes_before(self, first: CoverageRule, second: CoverageRule) -> bool:
        """Whether the first wins over the second wherever both hold."""
        if first.role is not second.role:
            return first.role is Role.PRIMARY
        for step in self.model.ranking:
            if step is Ranking.PRIORITY and first.priority != second.priority:
                return first.priority > second.priority
            if step is Ranking.NAMED and (first.accounts is None) != (second.accounts is None):
                return first.accounts is not None
            if step is Ranking.SPECIFICITY and self.inside(first, second):
                return True
            if step is Ranking.SPECIFICITY and self.inside(second, first):
                return False
            if step is Ranking.DIMENSIONS:
                for name in self.model.compared:
                    mine, yours = self.sets[first.id, name], self.sets[second.id, name]
                    if mine != yours:
                        if mine < yours or yours < mine:
                            return mine < yours
                        break
        return False

    def inside(self, first: CoverageRule, second: CoverageRule) -> bool:
        pairs = [(self.sets[first.id, name], self.sets[second.id, name]) for name in self.model.compared]
        return all(a <= b for a, b in pairs) and any(a < b for a, b in pairs)

    # what comes of it

    def decide(
        self, values: Mapping[str, Any], day: datetime.date, leaving_out: str | None = None
    ) -> tuple[Any, ...]:
        """The result, the territory, and the rules that are tied."""
        held = [rule for rule in self.holding(values, day) if rule.id != leaving_out]
        gone = [rule for rule in held if rule.role is Role.EXCLUSION]
        left = [
            rule
            for rule in held
            if rule.role is Role.HOUSE
            or (
                rule.role is Role.PRIMARY
                and not any(one.territory is None or one.territory == rule.territory for one in gone)
            )
        ]
        best = [rule for rule in left if not any(self.goes_before(other, rule) for other in left)]
        if not best:
            return ("unassigned", None, ())
        if len({rule.territory for rule in best}) > 1 and Ranking.ID in self.model.ranking:
            best = [min(best, key=lambda rule: rule.id)]  # arbitrary, as the model asks for
        if len({rule.territory for rule in best}) > 1:
            return ("ambiguous", None, tuple(sorted(rule.id for rule in best)))
        return ("house" if best[0].role is Role.HOUSE else "assigned", best[0].territory, ())

    def winning(self, values: Mapping[str, Any], day: datetime.date) -> set[str]:
        """The ids of the rules that nothing goes before, exclusions observed."""
        held = self.holding(values, day)
        gone = [rule for rule in held if rule.role is Role.EXCLUSION]
        left = [
            rule
            for rule in held
            if rule.role is not Role.EXCLUSION
            and not (
                rule.role is not Role.HOUSE
                and any(one.territory is None or one.territory == rule.territory for one in gone)
            )
        ]
        competing = [rule for rule in left if rule.role is not Role.OVERLAY]
        best = {
            rule.id for rule in competing if not any(self.goes_before(other, rule) for other in competing)
        }
        return best | {rule.id for rule in left if rule.role is Role.OVERLAY}

    def everything(self) -> Iterator[tuple[dict[str, Any], datetime.date]]:
        """Every elementary account on every elementary day."""
        for day in self.days:
            for values in product(*(self.values[name] for name in self.names)):
                yield dict(zip(self.names, values, strict=True)), day

    @property
    def size(self) -> int:
        found = len(self.days)
        for values in self.values.values():
            found *= len(values)
        return found


SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def account(policy: CoveragePolicy, values: Mapping[str, Any]) -> Any:
    return policy.account(
        values[ACCOUNT], **{name: value for name, value in values.items() if name != ACCOUNT}
    )


def short(outcome: Assignment) -> tuple[Any, ...]:
    tied = outcome.tied if outcome.result is Result.AMBIGUOUS else ()
    return (outcome.result.value, outcome.territory, tied)


@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
@given(models(), st.data())
def test_an_account_is_covered_as_plain_sets_say(model: CoverageModel, data: st.DataObject) -> None:
    policy, oracle = CoveragePolicy(model), Oracle(model)
    for _ in range(12):
        values = {name: data.draw(st.sampled_from(oracle.values[name])) for name in oracle.names}
        day = data.draw(st.sampled_from(oracle.days))
        decision = policy.decide(account(policy, values), day)
        assert short(decision.outcome) == oracle.decide(values, day)
        assert {rule.id for rule in policy.held(decision)} == {
            rule.id for rule in oracle.holding(values, day)
        }
        assert replayed(recorded(decision), [policy]) == decision
        columns = {name: [value] for name, value in values.items()}
        (winner,) = policy.winners(columns, day)
        assert (winner.result, winner.territory, winner.rule) == (
            decision.outcome.result,
            decision.outcome.territory,
            decision.outcome.rule,
        )


@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
@given(models(), st.data())
def test_many_accounts_at_once_are_covered_as_each_alone(model: CoverageModel, data: st.DataObject) -> None:
    policy, oracle = CoveragePolicy(model), Oracle(model)
    day = data.draw(st.sampled_from(oracle.days))
    one = st.fixed_dictionaries({name: st.sampled_from(oracle.values[name]) for name in oracle.names})
    many = data.draw(st.lists(one, max_size=30))
    left_out = data.draw(st.sampled_from([None, *(name for name in oracle.names if name != ACCOUNT)]))
    columns = {name: [values[name] for values in many] for name in oracle.names if name != left_out}
    for values, winner in zip(many, policy.winners(columns, day), strict=True):
        asked = {**values, left_out: None} if left_out else values
        outcome = policy.decide(account(policy, asked), day).outcome
        assert (winner.result, winner.territory, winner.rule) == (
            outcome.result, outcome.territory, outcome.rule,
        )  # fmt: skip


@settings(max_examples=20, deadline=None, suppress_health_check=SLOW)
@given(models(), st.data())
def test_the_order_of_the_rules_in_the_file_does_not_matter(
    model: CoverageModel, data: st.DataObject
) -> None:
    shuffled = CoveragePolicy(attrs.evolve(model, rules=tuple(data.draw(st.permutations(model.rules)))))
    policy, oracle = CoveragePolicy(model), Oracle(model)
    for _ in range(8):
        values = {name: data.draw(st.sampled_from(oracle.values[name])) for name in oracle.names}
        day = data.draw(st.sampled_from(oracle.days))
        one, other = (each.decide(account(each, values), day) for each in (policy, shuffled))
        assert one.outcome == other.outcome
        assert str(policy.said(one)) == str(shuffled.said(other))


@settings(max_examples=20, deadline=None, suppress_health_check=SLOW)
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
            needed = any(
                outcome != oracle.decide(values, day, rule.id) for values, day, outcome in everything
            )
            assert needed == (rule.id not in by_code.get("redundant", set())), rule.id


@settings(max_examples=25, deadline=None, suppress_health_check=SLOW)
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
        said = {
            (one.code, one.path) for one in part.findings if one.code != "undecided" and "gap" not in one.code
        }
        assert said <= known


@settings(max_examples=20, deadline=None, suppress_health_check=SLOW)
@given(models(), st.data())
def test_what_is_said_to_change_the_outcome_changes_it(model: CoverageModel, data: st.DataObject) -> None:
    policy, oracle = CoveragePolicy(model), Oracle(model)
    values = {name: data.draw(st.sampled_from(oracle.values[name])) for name in oracle.names}
    day = data.draw(st.sampled_from(oracle.days))
    decision = policy.decide(account(policy, values), day)
    for one in would_change(policy.index, decision):
        if one.dimension is None:
            again = policy.decide(decision.facts, one.value)
        else:
            again = policy.decide(decision.facts.with_values({one.dimension: one.value}), day)
        assert again.outcome == one.outcome
        assert short(again.outcome) != short(decision.outcome)


def test_rules_that_meet_or_hold_a_run_are_those_of_its_pieces_however_long_the_axis_is() -> None:
    for size in (1, 7, 8, 9, 64, 65, 130):
        axis = code_axis("brand", [Among(codes=frozenset(f"{word:03}" for word in range(size)))])
        pieces = len(axis.pieces)
        # rule n asks for n pieces from n on, so that every run meets some rules and lies in others
        cells = [((place, min(2 * place + 1, pieces)),) for place in range(pieces)]
        column = Column(axis, cells)
        every = (1 << pieces) - 1
        holds = [
            sum(1 << rule for rule, ((low, high),) in enumerate(cells) if low <= one < high)
            for one in range(pieces)
        ]
        for start in range(0, pieces, 3):
            for end in range(start + 1, pieces + 1, 5):
                inside = holds[start:end]
                assert column.meeting(((start, end),)) == reduce(or_, inside)
                if (start, end) != (
                    0,
                    pieces,
                ):  # of the whole axis only rules that do not ask are said to hold
                    assert column.holding(((start, end),), every) == reduce(and_, inside)
