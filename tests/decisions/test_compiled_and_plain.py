"""The compiled reading and the plain one are the same function."""

import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest
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
    Rule,
    RuleReason,
    Rung,
    Truth,
    Word,
)  # fmt: skip
from prmcore.errors import InvalidInput
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
class Facts:
    """The same facts as a class; nothing checks what it is given."""

    bool: Any
    count: Any
    number: Any
    money: Any
    rate: Any
    date: Any
    code: Any
    codes: Any


Facts.__annotations__ = {
    "bool": bool, "count": int, "number": Fraction, "money": Money, "rate": Rate, "date": datetime.date, "code": str,
    "codes": frozenset[str],
}  # fmt: skip


def asks_about(name: str) -> Rule:
    """A function rule: unknown with its fact, and met where the fact counts as true."""

    def function(facts: Any, as_of: datetime.date) -> RuleReason:
        value = facts[name] if isinstance(facts, FactSheet) else getattr(facts, name)
        return RuleReason(Truth.of(None if value is None else bool(value)), value)

    return Rule(f"asks-about-{name}", function)


RULES = [asks_about(kind.value) for kind in Kind]
WITH_RULES = st.recursive(st.one_of(leaf(), st.sampled_from(RULES)), groups, max_leaves=8)


def ladder_of(criteria: list[list[Criterion]], facts: Any) -> Ladder[Any, int]:
    rungs = tuple(Rung(level, tuple(found)) for level, found in enumerate(criteria))
    return Ladder("tiers/test", facts=facts, otherwise=-1, rungs=rungs)


MANY = st.lists(st.lists(WITH_RULES, min_size=1, max_size=3), min_size=1, max_size=3)


@given(MANY, SHEETS)
def test_facts_of_a_class_and_of_a_sheet_are_decided_alike_by_data_and_functions(
    criteria: list[list[Criterion]], sheet: FactSheet
) -> None:
    of_sheet, of_class = ladder_of(criteria, SCHEMA), ladder_of(criteria, Facts)
    record = Facts(*sheet.values)
    answers = [of_sheet.judge(sheet, DAY), of_class.judge(record, DAY)]
    assert answers == [of_sheet.interpret(sheet, DAY), of_class.interpret(record, DAY)]
    assert answers[0] == answers[1]


MIXED = st.one_of(
    *BOUNDS.values(), st.none(), st.floats(), st.just(Money("USD", 1)), st.just(Decimal("NaN")),
    st.just(datetime.datetime(2026, 1, 1)), st.just(("JP",)), st.just(Decimal("1E+99999999")),
)  # fmt: skip


@given(
    MANY.filter(lambda criteria: any(isinstance(one, Comparison) for found in criteria for one in found)),
    st.data(),
)
def test_unsuitable_values_are_refused_by_both_in_the_same_words(
    criteria: list[list[Criterion]], data: st.DataObject
) -> None:
    policy = ladder_of(criteria, Facts)
    record = Facts(*(data.draw(st.one_of(BOUNDS[kind], MIXED)) for kind in Kind))
    answers: list[Any] = []
    for decide in (policy.judge, policy.interpret):
        try:
            answers.append(decide(record, DAY))
        except InvalidInput as error:
            answers.append(str(error))
    assert answers[0] == answers[1]


HOSTILE = (
    "__import__('os').system('id')",
    "x'); raise SystemExit #",
    '"""',
    "judge",
    "b0",
    "facts\n    import os",
    "{0}",
)


def code_of(name: str, word: str, level: str, count: int) -> Any:
    """The code object of a compiled policy that was written in these words."""
    kinds = (Kind.CODE, Kind.CODES, Kind.COUNT)
    schema = FactSchema(level, tuple(FactField(f"{name}{place}", kind) for place, kind in enumerate(kinds)))
    rule = Rule(word, lambda facts, as_of: RuleReason(Truth.MET))
    asked = AnyOf((
        Comparison(f"{name}0", Word.EQUALS, word), Comparison(f"{name}0", Word.ONE_OF, frozenset((word, "JP"))),
        Comparison(f"{name}1", Word.INCLUDES_ALL, frozenset((word,))),
        Not(Comparison(f"{name}2", Word.AT_LEAST, count)), rule,
    ))  # fmt: skip
    policy: Ladder[FactSheet, str] = Ladder(name, facts=schema, otherwise="", rungs=(Rung(level, (asked,)),))
    values = {f"{name}0": "CN", f"{name}1": frozenset((word,)), f"{name}2": count}
    assert policy.decide(FactSheet.of(schema, values), DAY).outcome == level
    compiled: Any = policy._judge
    return compiled.__code__


@pytest.mark.parametrize("text", HOSTILE)
def test_no_word_of_a_program_becomes_code(text: str) -> None:
    """Whatever names, codes, levels and bounds are written, the compiled function is the same, bit for bit."""
    plain, hostile = code_of("users", "US", "gold", 5), code_of(text, text, text, 10**30)
    assert hostile.co_code == plain.co_code
    assert (hostile.co_consts, hostile.co_names, hostile.co_varnames) == (
        plain.co_consts, plain.co_names, plain.co_varnames,
    )  # fmt: skip
    assert not any(isinstance(constant, str) for constant in hostile.co_consts)


def test_the_compiled_function_reaches_nothing_but_its_own_values() -> None:
    policy: Any = ladder_of([[Comparison("count", Word.AT_LEAST, 1)]], SCHEMA)
    assert policy._judge.__globals__["__builtins__"] == {"TypeError": TypeError}
