"""Coverage models for Hypothesis: small trees, few words, short lines of numbers, so that every account can be tried."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st

from prmcore.decisions import Decision, Kind, recorded
from prmcore.territory.coverage import (
    AccountMove,
    Alternative,
    Among,
    Analysis,
    Assignment,
    CodeDimension,
    CoverageModel,
    CoveragePolicy,
    CoverageRule,
    Distribution,
    Handed,
    Hole,
    Member,
    NoneOf,
    Overlaps,
    PostcodeDimension,
    PostcodeRange,
    Postcodes,
    Ranking,
    Result,
    Role,
    Span,
    SpanDimension,
    Step,
    Territory,
    TreeDimension,
    Turns,
    Under,
    Winner,
    Within,
    analysed,
    handed,
    would_change,
)
from prmcore.territory.coverage.repository import AccountAssignment, AssignmentStep, KeptTurns, Pin
from prmcore.values import DateRange, Tree

PLACES = Tree(
    "places", {"world": None, "east": "world", "west": "world", "e1": "east", "e2": "east", "w1": "west"}
)
GOODS = Tree("goods", {"bikes": None, "road": "bikes", "parts": None})
DIMENSIONS: tuple[Any, ...] = (
    TreeDimension(name="place", tree=PLACES),
    SpanDimension(name="size", kind=Kind.COUNT),
    CodeDimension(name="segment"),
    TreeDimension(name="goods", tree=GOODS),
    CodeDimension(name="kind", accepted=frozenset({"a", "b"})),
)
DAYS = [
    datetime.date(2026, 1, 1),
    datetime.date(2026, 4, 1),
    datetime.date(2026, 4, 2),
    datetime.date(2026, 7, 1),
]
RANKINGS = [
    (Ranking.PRIORITY, Ranking.NAMED, Ranking.SPECIFICITY),
    (Ranking.NAMED, Ranking.PRIORITY),
    (Ranking.SPECIFICITY,),
    (Ranking.PRIORITY, Ranking.SPECIFICITY, Ranking.DIMENSIONS),
    (Ranking.PRIORITY, Ranking.NAMED, Ranking.DIMENSIONS, Ranking.ID),
]


def some(words: list[str]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(words), min_size=1, max_size=2)


def spans() -> st.SearchStrategy[Span]:
    bounds = st.integers(0, 6)
    return st.one_of(
        st.builds(Span, at_least=bounds),
        st.builds(Span, less_than=bounds),
        st.builds(Span, at_least=bounds, at_most=bounds),
        st.builds(Span, more_than=bounds, less_than=bounds),
    )


def under(tree: Tree) -> st.SearchStrategy[Under]:
    codes = list(tree.parents)
    return st.one_of(
        st.builds(Under, codes=some(codes), unknown=st.booleans()),
        st.builds(Under, codes=some(codes), outside=some(codes)),
        st.builds(Under, outside=some(codes), unknown=st.booleans()),
    )


CELLS: dict[str, st.SearchStrategy[Any]] = {
    "place": under(PLACES),
    "size": st.builds(
        Within, spans=st.lists(spans(), min_size=1, max_size=2).map(tuple), unknown=st.booleans()
    ),
    "segment": st.one_of(
        st.builds(Among, codes=some(["x", "y"]), unknown=st.booleans()),
        st.builds(NoneOf, codes=some(["x", "y"])),
    ),
    "goods": under(GOODS),
    "kind": st.builds(Among, codes=some(["a", "b"]), unknown=st.booleans()),
}
PERIODS = st.one_of(
    st.just(DateRange()),
    st.lists(st.sampled_from(DAYS), min_size=2, max_size=2, unique=True).map(
        lambda two: DateRange(min(two), max(two))
    ),
)


@st.composite
def coverage_models(draw: st.DrawFn, most_dimensions: int = 5, most_rules: int = 30) -> CoverageModel:
    dimensions = DIMENSIONS[: draw(st.integers(1, most_dimensions))]
    names = [one.name for one in dimensions]
    rules = []
    for number in range(draw(st.integers(0, most_rules))):
        role = draw(st.sampled_from([Role.PRIMARY] * 6 + [Role.HOUSE, Role.OVERLAY, Role.EXCLUSION]))
        asked = draw(st.lists(st.sampled_from(names), max_size=min(3, len(names)), unique=True))
        of_nobody = role is Role.EXCLUSION and draw(st.booleans())
        rules.append(
            CoverageRule(
                id=f"r{number}",
                territory=None if of_nobody else draw(st.sampled_from(["t1", "t2", "t3"])),
                role=role,
                cells={name: draw(CELLS[name]) for name in asked},
                accounts=draw(st.one_of(st.none(), st.none(), st.none(), some(["n1", "n2"]))),
                priority=draw(st.sampled_from([0, 0, 0, 1])),
                effective=draw(PERIODS),
            )
        )
    return CoverageModel(
        name="coverage/test",
        dimensions=dimensions,
        territories=(Territory(name="t1"), Territory(name="t2"), Territory(name="t3")),
        rules=tuple(rules),
        ranking=draw(st.sampled_from(RANKINGS)),
    )


# one account and what is decided about it

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "place": st.sampled_from([None, *PLACES.parents]),
    "size": st.none() | st.integers(0, 7),
    "segment": st.sampled_from([None, "x", "y", "z"]),
    "goods": st.sampled_from([None, *GOODS.parents]),
    "kind": st.sampled_from([None, "a", "b"]),
}
NAMES = ("n1", "n2", "n3")


def coverage_policies(most_dimensions: int = 4, most_rules: int = 8) -> st.SearchStrategy[CoveragePolicy]:
    """Policies of small models."""
    return coverage_models(most_dimensions, most_rules).map(CoveragePolicy)


def assignments(policy: CoveragePolicy) -> st.SearchStrategy[Decision[Assignment]]:
    """Decisions of a policy about drawn accounts."""
    values = st.fixed_dictionaries({one.name: VALUES[one.name] for one in policy.model.dimensions})
    accounts = st.builds(lambda id, known: policy.account(id, **known), st.sampled_from(NAMES), values)
    return st.builds(policy.decide, accounts, st.sampled_from(DAYS))


@st.composite
def account_moves(draw: st.DrawFn) -> AccountMove:
    before, after = (draw(coverage_policies().flatmap(assignments)) for _ in range(2))
    return AccountMove(draw(st.sampled_from(NAMES)), before, after)


def members() -> st.SearchStrategy[Member]:
    return st.builds(
        Member,
        id=st.sampled_from(NAMES),
        weight=st.integers(1, 3),
        capacity=st.none() | st.integers(0, 3),
    )


def territories() -> st.SearchStrategy[Territory]:
    """Territories of few members, some of which are full soon."""
    several = st.lists(members(), max_size=3, unique_by=lambda one: one.id).map(tuple)
    return st.builds(
        Territory, name=st.just("t1"), members=several, distribution=st.sampled_from(Distribution)
    )


def turns() -> st.SearchStrategy[Turns]:
    given = st.dictionaries(st.sampled_from(NAMES), st.integers(0, 9)).map(
        lambda found: tuple(sorted(found.items()))
    )
    return st.builds(Turns, territory=st.just("t1"), given=given)


def _handed() -> st.SearchStrategy[Handed]:
    loads = st.dictionaries(st.sampled_from(NAMES), st.integers(0, 3))

    def given(territory: Territory, counted: Turns, taken: dict[str, int]) -> Handed:
        model = CoverageModel(name="coverage/test", dimensions=(), territories=(territory,), rules=())
        return handed(model, "t1", {"t1": counted}, loads=taken)

    return st.builds(given, territories(), turns(), loads)


def postcode_ranges() -> st.SearchStrategy[PostcodeRange]:
    """Ranges of digits, of letters and digits, and British districts and areas."""
    digits = st.lists(st.text("0159", min_size=1, max_size=3), min_size=2, max_size=2).map(sorted)
    written = st.one_of(
        digits.map(lambda two: f"JP {two[0]}..{two[1]}9"),
        st.sampled_from(["CA K1A", "CA A0A..K9Z", "IE D24..D6W", "NL 1000..1011ZZ", "GB SW1A", "GB M"]),
    )
    return written.map(PostcodeRange.read)


def pins() -> st.SearchStrategy[Pin]:
    until = st.none() | st.just(DAYS[-1])
    return st.builds(
        Pin, territory=st.just("t1"), member=st.none() | st.sampled_from(NAMES), by=st.just("kim"),
        reason=st.just("a promise"), on=st.sampled_from(DAYS[:-1]), until=until,
    )  # fmt: skip


def assignment_steps() -> st.SearchStrategy[AssignmentStep]:
    def step(decision: Decision[Assignment], member: str | None) -> AssignmentStep:
        return AssignmentStep(
            on=decision.as_of, model=decision.policy.name, result=decision.outcome.result,
            territory=decision.outcome.territory, member=member, record=recorded(decision),
        )  # fmt: skip

    return st.builds(step, coverage_policies().flatmap(assignments), st.none() | st.sampled_from(NAMES))


def account_assignments() -> st.SearchStrategy[AccountAssignment]:
    steps = st.lists(assignment_steps(), max_size=3).map(
        lambda found: tuple(sorted(found, key=lambda one: one.on))
    )
    return st.builds(
        AccountAssignment,
        program=st.just("channel"),
        account=st.sampled_from(NAMES),
        steps=steps,
        pin=st.none() | pins(),
    )


def _analyses() -> st.SearchStrategy[Analysis]:
    return coverage_policies(3, 5).map(analysed)


def _alternatives() -> st.SearchStrategy[tuple[Alternative, ...]]:
    found = coverage_policies().flatmap(
        lambda policy: assignments(policy).map(lambda one: would_change(policy.index, one))
    )
    return found.filter(bool)


def _steps() -> st.SearchStrategy[tuple[Step, ...]]:
    found = coverage_policies().flatmap(lambda policy: assignments(policy).map(policy.steps))
    return found.filter(bool)


def _dimensions(kind: type[Any]) -> Callable[[], st.SearchStrategy[Any]]:
    return lambda: st.sampled_from([one for one in DIMENSIONS if isinstance(one, kind)])


STRATEGIES: Mapping[type, Callable[[], st.SearchStrategy[Any]]] = {
    AccountAssignment: account_assignments,
    AccountMove: account_moves,
    Alternative: lambda: _alternatives().map(lambda found: found[0]),
    Among: lambda: st.builds(Among, codes=some(["a", "b"]), unknown=st.booleans()),
    Analysis: _analyses,
    Assignment: lambda: coverage_policies().flatmap(assignments).map(lambda one: one.outcome),
    AssignmentStep: assignment_steps,
    CodeDimension: _dimensions(CodeDimension),
    CoverageModel: coverage_models,
    CoveragePolicy: coverage_policies,
    CoverageRule: lambda: coverage_models().filter(lambda model: model.rules).map(lambda model: model.rules[0]),
    Handed: _handed,
    Hole: lambda: _analyses().filter(lambda found: found.holes).map(lambda found: found.holes[0]),
    KeptTurns: lambda: st.builds(KeptTurns, program=st.just("channel"), turns=turns()),
    Member: members,
    NoneOf: lambda: st.builds(NoneOf, codes=some(["x", "y"]), unknown=st.booleans()),
    Overlaps: lambda: _analyses().map(lambda found: found.overlaps),
    Pin: pins,
    PostcodeDimension: lambda: st.just(PostcodeDimension(name="postcode")),
    PostcodeRange: postcode_ranges,
    Postcodes: lambda: st.builds(
        Postcodes, ranges=st.lists(postcode_ranges(), min_size=1, max_size=3).map(tuple), unknown=st.booleans()
    ),
    Span: spans,
    SpanDimension: _dimensions(SpanDimension),
    Step: lambda: _steps().map(lambda found: found[0]),
    Territory: territories,
    TreeDimension: _dimensions(TreeDimension),
    Turns: turns,
    Under: lambda: under(PLACES),
    Winner: lambda: st.builds(Winner, st.sampled_from(Result), st.none() | st.just("t1"), st.none() | st.just("r0")),
    Within: lambda: st.builds(
        Within, spans=st.lists(spans(), min_size=1, max_size=2).map(tuple), unknown=st.booleans()
    ),
}  # fmt: skip
