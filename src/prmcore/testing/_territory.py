"""Coverage models for Hypothesis: small trees, few words, short lines of numbers, so that every account can be tried."""

from __future__ import annotations

import datetime
from typing import Any

from hypothesis import strategies as st

from prmcore.decisions import Kind
from prmcore.territory.coverage import (
    Among,
    CodeDimension,
    CoverageModel,
    CoverageRule,
    NoneOf,
    Ranking,
    Role,
    Span,
    SpanDimension,
    Territory,
    TreeDimension,
    Under,
    Within,
)
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
