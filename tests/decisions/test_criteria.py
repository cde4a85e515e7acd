"""Criteria: what each word means, what unknown does, and what is refused before it decides anything."""

import datetime
import itertools
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

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
    Rule,
    RuleReason,
    Truth,
    Word,
    all_of,
    any_of,
    at_least_of,
    comparisons,
    fact,
    not_,
    rung,
)  # fmt: skip
from prmcore.decisions.criteria import DEEPEST
from prmcore.decisions.reasons import truth_of
from prmcore.errors import InvalidInput
from prmcore.values import Money, Rate, Text

D = datetime.date
DAY = D(2026, 3, 31)
SCHEMA = FactSchema(
    "PartnerFacts",
    (
        FactField("active", Kind.BOOL), FactField("users", Kind.COUNT), FactField("score", Kind.NUMBER),
        FactField("revenue", Kind.MONEY, currency="EUR"), FactField("margin", Kind.MONEY),
        FactField("retention", Kind.RATE), FactField("since", Kind.DATE), FactField("country", Kind.CODE),
        FactField("skills", Kind.CODES),
    ),
)  # fmt: skip


def eur(amount: str) -> Money:
    return Money.of(amount, "EUR")


def codes(*found: str) -> frozenset[str]:
    return frozenset(found)


def ladder(*criteria: Any) -> Ladder[FactSheet, str]:
    return Ladder("tiers/2026", facts=SCHEMA, otherwise="none", rungs=(rung("gold", *criteria),))


# Every word at, just below and just above its bound: bounds are inclusive where the word says "at" or "between".
WORDS: list[tuple[Comparison, list[Any], list[Any]]] = [
    (fact("users").at_least(10), [10, 11], [9, -1]),
    (fact("users").more_than(10), [11], [10]),
    (fact("users").at_most(10), [10, 9], [11]),
    (fact("users").less_than(10), [9], [10]),
    (fact("users").equals(10), [10], [9, 11]),
    (fact("users").between(10, 20), [10, 15, 20], [9, 21]),
    (fact("users").between(10, 10), [10], [9, 11]),
    (fact("score").at_least(Decimal("2.5")), [Fraction(5, 2), Decimal("2.50"), 3], [Fraction(49, 20), 2]),
    (fact("score").equals(Fraction(1, 3)), [Fraction(2, 6)], [Decimal("0.3333333333333333333333333333")]),
    (fact("score").between(0, Decimal("0.1")), [0, Decimal("0.1"), Fraction(1, 20)], [Fraction(11, 100)]),
    (fact("revenue").at_least(eur("80000")), [eur("80000")], [eur("79999.99")]),
    (fact("revenue").between(eur("1"), eur("2")), [eur("1"), eur("2")], [eur("0.99"), eur("2.01")]),
    (fact("retention").at_least(Rate.percent(70)), [Rate.percent(70), Rate(7, 10)], [Rate.percent("69.99")]),
    (fact("retention").more_than(Rate(2, 3)), [Rate.percent("66.67")], [Rate(2, 3), Rate.percent("66.66")]),
    (fact("since").at_least(D(2024, 2, 29)), [D(2024, 2, 29)], [D(2024, 2, 28)]),
    (fact("since").less_than(D(2024, 2, 29)), [D(2024, 2, 28)], [D(2024, 2, 29)]),
    (fact("active").is_true(), [True], [False]),
    (fact("active").is_false(), [False], [True]),
    (fact("country").equals("JP"), ["JP"], ["jp", ""]),
    (fact("country").one_of("JP", "CN"), ["JP", "CN"], ["J", "JPCN"]),
    (fact("skills").includes("a"), [codes("a"), codes("a", "b")], [codes("b"), codes()]),
    (fact("skills").includes_all("a", "b"), [codes("a", "b", "c")], [codes("a"), codes("b", "c")]),
    (fact("skills").includes_any("a", "b"), [codes("a"), codes("b", "c")], [codes("c"), codes()]),
    (fact("skills").within("a", "b"), [codes("a"), codes("a", "b"), codes()], [codes("a", "c"), codes("c")]),
]


@pytest.mark.parametrize(("comparison", "met", "unmet"), WORDS)
def test_a_comparison_holds_as_its_word_says(
    comparison: Comparison, met: list[Any], unmet: list[Any]
) -> None:
    policy = ladder(comparison)
    for values, expected in ((met, Truth.MET), (unmet, Truth.UNMET), ([None], Truth.UNKNOWN)):
        for value in values:
            assert Truth.of(comparison.holds(value)) is expected
            decision = policy.decide(FactSheet.of(SCHEMA, {comparison.fact: value}), DAY)
            assert decision.outcome == ("gold" if expected is Truth.MET else "none")
            assert [reason.truth for reason in decision.reasons] == [expected]


def test_the_words_above_are_all_the_words() -> None:
    assert {comparison.word for comparison, _, _ in WORDS} == set(Word)


T, F, U = Truth.MET, Truth.UNMET, Truth.UNKNOWN
NEGATION = {T: F, F: T, U: U}
# Kleene's strong three-valued logic (S. C. Kleene, Introduction to Metamathematics, 1952, paragraph 64)
AND = {(T, T): T, (T, F): F, (T, U): U, (F, T): F, (F, F): F, (F, U): F, (U, T): U, (U, F): F, (U, U): U}
OR = {(T, T): T, (T, F): T, (T, U): T, (F, T): T, (F, F): F, (F, U): U, (U, T): T, (U, F): U, (U, U): U}
# at least two of three, by hand: met with two met, unmet with two unmet, else unknown
TWO_OF_THREE = {
    "TTT": T, "TTF": T, "TTU": T, "TFT": T, "TFF": F, "TFU": U, "TUT": T, "TUF": U, "TUU": U,
    "FTT": T, "FTF": F, "FTU": U, "FFT": F, "FFF": F, "FFU": F, "FUT": U, "FUF": F, "FUU": U,
    "UTT": T, "UTF": U, "UTU": U, "UFT": U, "UFF": F, "UFU": U, "UUT": U, "UUF": U, "UUU": U,
}  # fmt: skip
LETTERS = {"T": T, "F": F, "U": U}
PARTS = (fact("users").at_least(1), fact("active").is_true(), fact("country").equals("JP"))
VALUES: dict[Truth, tuple[Any, ...]] = {T: (1, True, "JP"), F: (0, False, "CN"), U: (None, None, None)}


def truth(criterion: Criterion, *truths: Truth) -> Truth:
    """How the criterion comes out when its parts come out so: read plainly, and as decided by a compiled policy."""
    plainly = truth_of(criterion, dict(zip(PARTS, truths, strict=False)).__getitem__)  # type: ignore[arg-type]  # comparisons
    values = {
        one.fact: VALUES[held][place] for place, (one, held) in enumerate(zip(PARTS, truths, strict=False))
    }
    sheet = FactSheet.of(SCHEMA, values)
    decision, opposite = ladder(criterion).decide(sheet, DAY), ladder(not_(criterion)).decide(sheet, DAY)
    assert (decision.outcome == "gold") == (plainly is T)
    assert (opposite.outcome == "gold") == (plainly is F)
    assert decision.reasons[0].truth is plainly
    return plainly


@pytest.mark.parametrize(("one", "other"), list(itertools.product((T, F, U), repeat=2)))
def test_all_any_and_not_follow_kleene(one: Truth, other: Truth) -> None:
    assert truth(all_of(*PARTS[:2]), one, other) is AND[one, other]
    assert truth(any_of(*PARTS[:2]), one, other) is OR[one, other]
    assert truth(at_least_of(1, *PARTS[:2]), one, other) is OR[one, other]
    assert truth(at_least_of(2, *PARTS[:2]), one, other) is AND[one, other]
    assert truth(not_(PARTS[0]), one) is NEGATION[one]
    assert truth(not_(all_of(*PARTS[:2])), one, other) is OR[NEGATION[one], NEGATION[other]]


@pytest.mark.parametrize(("letters", "expected"), list(TWO_OF_THREE.items()))
def test_at_least_two_of_three_follow_kleene(letters: str, expected: Truth) -> None:
    assert truth(at_least_of(2, *PARTS), *(LETTERS[letter] for letter in letters)) is expected


ORDERED = "at_least more_than at_most less_than equals between"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Kind.BOOL, "is"), (Kind.COUNT, ORDERED), (Kind.NUMBER, ORDERED), (Kind.MONEY, ORDERED), (Kind.RATE, ORDERED),
        (Kind.DATE, ORDERED), (Kind.CODE, "equals one_of"), (Kind.CODES, "includes_all includes_any within"),
    ],
)  # fmt: skip
def test_a_kind_of_fact_is_asked_for_in_its_own_words(kind: Kind, words: str) -> None:
    assert [word.value for word in Word if word.suits(kind)] == words.split()


def test_the_words_read_aloud_and_build_the_tree() -> None:
    tree = all_of(
        fact("users").at_least(1), any_of(fact("active").is_true(), at_least_of(1, fact("score").at_most(2)))
    )
    assert tree == AllOf(
        (
            Comparison("users", Word.AT_LEAST, 1),
            AnyOf(
                (Comparison("active", Word.IS, True), AtLeastOf(1, (Comparison("score", Word.AT_MOST, 2),)))
            ),
        )
    )
    assert [one.fact for one in comparisons(tree)] == ["users", "active", "score"]
    assert hash(tree) == hash(all_of(*tree.parts))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: fact("users").at_least(0.5), "users at_least: found 0.5; accepted: an int, Decimal"),
        (lambda: fact("users").at_least(float("nan")), "users at_least: found nan; accepted: an int"),
        (lambda: fact("users").at_least(True), "users at_least: found True; accepted: an int"),
        (lambda: fact("users").at_least(None), "users at_least: a bound is missing"),
        (
            lambda: fact("score").at_least(Decimal("NaN")),
            "score at_least: found NaN; accepted: a finite number",
        ),
        (lambda: fact("score").at_least(Decimal("Infinity")), "score at_least: found Infinity"),
        (lambda: fact("score").at_most(Decimal("1E+999999999")), "a finite number of at most 100 digits"),
        (lambda: fact("since").at_least(datetime.datetime(2026, 1, 1)), "accepted: a date without a time"),
        (lambda: fact("users").between(2, 1), "the lowest, 2, is above the highest, 1"),
        (lambda: fact("users").between(1, 0.5), "found 0.5"),
        (lambda: fact("users").between(1, eur("1")), "1 and 1.00 EUR cannot be compared"),
        (
            lambda: fact("margin").between(eur("1"), Money.of(2, "USD")),
            "1.00 EUR and 2.00 USD cannot be compared",
        ),
        (lambda: Comparison("users", Word.BETWEEN, (1, 2, 3)), "accepted: a pair, lowest and highest"),
        (lambda: Comparison("users", Word.BETWEEN, [1, 2]), "accepted: a pair, lowest and highest"),
        (lambda: fact("users").between(None, 1), "users between: a bound is missing"),
        (lambda: fact("users").between(1, "2"), "1 and 2 cannot be compared"),
        (lambda: Comparison("users", Word.BETWEEN, 5), "found 5; accepted: a pair, lowest and highest"),
        (lambda: Comparison("active", Word.IS, 1), "found 1; accepted: True or False"),
        (lambda: Comparison("country", Word.ONE_OF, "JP"), "found 'JP' .str.; accepted: a frozenset of str"),
        (lambda: fact("country").one_of(), "country one_of: the list is empty"),
        (lambda: fact("skills").within(), "skills within: the list is empty"),
        (lambda: fact("skills").includes(5), "accepted: a frozenset of str"),  # type: ignore[arg-type]
        (lambda: at_least_of(0, *PARTS), "at least 0 of 3; accepted: 1 to the number of parts"),
        (lambda: at_least_of(4, *PARTS), "at least 4 of 3"),
        (lambda: at_least_of(True, *PARTS), "at least True of 3"),
        (lambda: at_least_of(1.5, *PARTS), "at least 1.5 of 3"),  # type: ignore[arg-type]
    ],
)
def test_a_bound_that_makes_no_sense_is_refused(make: Callable[[], object], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        make()


def nested(levels: int) -> Criterion:
    tree: Criterion = fact("users").at_least(1)
    for _ in range(levels):
        tree = not_(tree)
    return tree


@pytest.mark.parametrize(
    ("criterion", "message"),
    [
        (
            fact("user").at_least(10),
            "unknown fact 'user'; did you mean 'users'? There are: active, country, margin, retention, revenue, score, "
            "since, skills, users (the facts of PartnerFacts)",
        ),
        (
            fact("active").at_least(1),
            "active is a bool, it cannot be asked for at_least; accepted: is",
        ),
        (
            fact("country").includes("JP"),
            "country is a code, it cannot be asked for includes_all; accepted: equals, one_of",
        ),
        (
            fact("skills").equals("a"),
            "skills is a codes, it cannot be asked for equals; accepted: includes_all, includes_any, within",
        ),
        (
            fact("users").one_of("1"),
            "users is a count, it cannot be asked for one_of; accepted: at_least, more_than, at_most, less_than, equals, "
            "between",
        ),
        (fact("users").at_least(Decimal(1)), "users at_least: found Decimal('1') (Decimal); accepted: an int, or None for unknown"),
        (fact("retention").at_least(1), "retention at_least: found 1 (int); accepted: a Rate, or None for unknown"),
        (fact("revenue").at_least(100), "revenue at_least: found 100 (int); accepted: Money, or None for unknown"),
        (fact("revenue").at_least(Money.of(1, "USD")), "revenue is counted in EUR, the bound is 1.00 USD"),
        (all_of(), "holds no criteria"),
        (any_of(), "holds no criteria"),
        (all_of(5), "found 5; accepted: a criterion, such as fact('users').at_least(10)"),  # type: ignore[arg-type]
        (nested(DEEPEST + 1), "nested deeper than 32 levels"),
        (nested(5000), "nested deeper than 32 levels"),
    ],
)  # fmt: skip
def test_a_policy_refuses_a_criterion_that_does_not_suit_its_facts(
    criterion: Criterion, message: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        ladder(criterion)
    assert [fault.message for fault in caught.value.faults] == [message]
    assert caught.value.faults[0].path.startswith("rungs[0].requires[0]")


def test_money_of_two_currencies_is_never_compared() -> None:
    with pytest.raises(InvalidInput) as caught:
        ladder(
            fact("margin").at_least(eur("1")), any_of(fact("margin").at_most(Money.of(9, "USD")), PARTS[0])
        )
    assert [str(fault) for fault in caught.value.faults] == [
        "margin is compared in EUR elsewhere, here in USD @ rungs[0].requires[1]"
    ]


def test_the_deepest_tree_that_is_accepted_decides() -> None:
    assert ladder(nested(DEEPEST)).decide(FactSheet.of(SCHEMA, {"users": 1}), DAY).outcome == "gold"


def test_every_fault_of_a_policy_is_refused_at_once() -> None:
    with pytest.raises(InvalidInput) as caught:
        Ladder(
            "tiers/2026",
            facts=SCHEMA,
            otherwise="none",
            rungs=(
                rung("gold", fact("user").at_least(1), all_of(PARTS[0], any_of(fact("score").is_true()))),
                rung("none"),
                rung("gold", PARTS[0]),
            ),
        )
    assert [(fault.path, fault.message[:40]) for fault in caught.value.faults] == [
        ("rungs[0].requires[0]", "unknown fact 'user'; did you mean 'users"),
        ("rungs[0].requires[1][1][0]", "score is a number, it cannot be asked fo"),
        ("rungs[1].level", "the level 'none' stands here twice"),
        ("rungs[1].requires", "asks for nothing; the level of everyone "),
        ("rungs[2].level", "the level 'gold' stands here twice"),
    ]


@Rule.named("disputes-settled")
def disputes_settled(facts: FactSheet, as_of: datetime.date) -> RuleReason:
    """Met when the score on the day is even; says what it saw."""
    seen = facts["score"]
    return RuleReason(Truth.of(None if seen is None else seen % 2 == 0), seen)


def test_a_function_is_named_and_may_have_words_of_its_own() -> None:
    words = Text.of("All disputes are settled")
    named = Rule.named("settled", text=words)(disputes_settled.function)
    assert named == Rule("settled", disputes_settled.function, words)
    assert (disputes_settled.name, disputes_settled.text) == ("disputes-settled", None)
    assert RuleReason(T) == RuleReason(T, None, None)


@pytest.mark.parametrize(("score", "expected"), [(4, T), (3, F), (None, U)])
def test_a_function_says_what_data_cannot(score: int | None, expected: Truth) -> None:
    policy = ladder(fact("users").at_least(1), disputes_settled)
    decision = policy.decide(FactSheet.of(SCHEMA, {"users": 5, "score": score}), DAY)
    assert decision.outcome == ("gold" if expected is T else "none")
    reason = decision.reasons[0].parts[1]
    assert (reason.criterion, reason.truth, reason.observed) == (disputes_settled, expected, score)


def test_a_function_sees_the_day() -> None:
    not_before = Rule("2027-or-later", lambda _, as_of: RuleReason(Truth.of(as_of.year >= 2027)))
    policy, sheet = ladder(not_(not_before)), FactSheet.of(SCHEMA, {})
    assert policy.decide(sheet, D(2026, 12, 31)).outcome == "gold"
    assert policy.decide(sheet, D(2027, 1, 1)).outcome == "none"


def test_an_error_inside_a_function_comes_out_as_it_is() -> None:
    def broken(facts: FactSheet, as_of: datetime.date) -> RuleReason:
        raise TypeError("of its own")

    with pytest.raises(TypeError, match="of its own"):
        ladder(Rule("broken", broken)).decide(FactSheet.of(SCHEMA, {}), DAY)
