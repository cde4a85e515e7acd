"""The compiled reading and the plain one are the same function."""

import datetime
from fractions import Fraction
from typing import Any

import attrs
from hypothesis import given
from hypothesis import strategies as st

from prmcore.decisions import (
    AllOf,
    AnyOf,
    AtLeastOf,
    Comparison,
    Criterion,
    FactField,
    FactSchema,
    FactSheet,
    Kind,
    Ladder,
    Not,
    Rung,
    Truth,
    Word,
)  # fmt: skip
from prmcore.values import Money, Rate

DAY = datetime.date(2026, 3, 31)
SCHEMA = FactSchema("facts", tuple(FactField(kind.value, kind) for kind in Kind))
CODES = ("JP", "CN", "DE")
CODE_SETS = st.frozensets(st.sampled_from(CODES), max_size=3)
BOUNDS: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.BOOL: st.booleans(),
    Kind.COUNT: st.integers(-3, 3),
    Kind.NUMBER: st.one_of(
        st.fractions(-2, 2, max_denominator=4), st.decimals(-2, 2, places=1), st.integers(-2, 2)
    ),
    Kind.MONEY: st.builds(Money, st.just("EUR"), st.integers(-3, 3)),
    Kind.RATE: st.fractions(-2, 2, max_denominator=4).map(Rate.of),
    Kind.DATE: st.dates(DAY - datetime.timedelta(days=3), DAY + datetime.timedelta(days=3)),
    Kind.CODE: st.sampled_from(CODES),
    Kind.CODES: CODE_SETS,
}


@st.composite
def leaf(draw: st.DrawFn) -> Comparison:
    kind = draw(st.sampled_from(list(Kind)))
    word = draw(st.sampled_from([word for word in Word if word.suits(kind)]))
    if word in (Word.ONE_OF, Word.INCLUDES_ALL, Word.INCLUDES_ANY, Word.WITHIN):
        return Comparison(kind.value, word, draw(CODE_SETS.filter(bool)))
    if word is Word.BETWEEN:
        pair = sorted(
            draw(st.tuples(BOUNDS[kind], BOUNDS[kind])),
            key=lambda one: Fraction(one) if kind is Kind.NUMBER else one,
        )
        return Comparison(kind.value, word, tuple(pair))
    return Comparison(kind.value, word, draw(BOUNDS[kind]))


def groups(parts: st.SearchStrategy[Criterion]) -> st.SearchStrategy[Criterion]:
    several = st.lists(parts, min_size=1, max_size=4).map(tuple)
    counted = several.flatmap(lambda found: st.builds(AtLeastOf, st.integers(1, len(found)), st.just(found)))
    return st.one_of(st.builds(AllOf, several), st.builds(AnyOf, several), counted, st.builds(Not, parts))


CRITERIA: st.SearchStrategy[Criterion] = st.recursive(leaf(), groups, max_leaves=8)
LADDERS: st.SearchStrategy[Ladder[FactSheet, int]] = st.lists(
    st.lists(CRITERIA, min_size=1, max_size=3), min_size=1, max_size=4
).map(
    lambda rungs: Ladder(
        "tiers/test",
        facts=SCHEMA,
        otherwise=-1,
        rungs=tuple(Rung(level, tuple(found)) for level, found in enumerate(rungs)),
    )
)
SHEETS = st.tuples(*(st.one_of(st.none(), BOUNDS[kind]) for kind in Kind)).map(
    lambda values: FactSheet(SCHEMA, values)
)


@given(LADDERS, SHEETS)
def test_the_compiled_function_answers_what_the_interpreter_answers(
    ladder: Ladder[FactSheet, int], sheet: FactSheet
) -> None:
    assert ladder.judge(sheet, DAY) == ladder.interpret(sheet, DAY)


@given(LADDERS, SHEETS)
def test_the_reasons_agree_with_the_decision(ladder: Ladder[FactSheet, int], sheet: FactSheet) -> None:
    decision = ladder.decide(sheet, DAY)
    met = [reason.level for reason in decision.reasons if reason.truth is Truth.MET]
    assert decision.outcome == (met[0] if met else -1)


@given(LADDERS, SHEETS, st.data())
def test_what_becomes_known_never_turns_met_into_unmet(
    ladder: Ladder[FactSheet, int], sheet: FactSheet, data: st.DataObject
) -> None:
    known = FactSheet(
        SCHEMA,
        tuple(
            data.draw(BOUNDS[kind]) if value is None else value
            for kind, value in zip(Kind, sheet.values, strict=True)
        ),
    )
    for before, after in zip(
        ladder.decide(sheet, DAY).reasons, ladder.decide(known, DAY).reasons, strict=True
    ):
        assert before.truth in (Truth.UNKNOWN, after.truth)


@attrs.frozen
class TierFacts:
    revenue: Money | None
    people: int | None
