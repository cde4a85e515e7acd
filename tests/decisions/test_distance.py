"""Distance: what is missing, and every smallest set of changes that would do it."""

import datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.decisions import (
    FactField,
    FactSchema,
    FactSheet,
    Kind,
    Rule,
    RuleReason,
    Truth,
    all_of,
    any_of,
    at_least_of,
    comparisons,
    fact,
    not_,
)  # fmt: skip
from prmcore.decisions.criteria import Criterion
from prmcore.decisions.distance import Change, Distance, Way, distance_to, said_of_way
from prmcore.decisions.explain import put_into_words
from prmcore.decisions.lint import Undecided, facts_meeting, truth_in
from prmcore.testing import strategies
from prmcore.values import Money, PercentagePoints, Rate, Text

D = datetime.date
DAY = D(2026, 3, 31)
KINDS = FactSchema("facts", tuple(FactField(kind.value, kind) for kind in Kind))
SCHEMA = FactSchema(
    "facts",
    (
        FactField("users", Kind.COUNT), FactField("certified", Kind.COUNT), FactField("retention", Kind.RATE),
        FactField("revenue", Kind.MONEY), FactField("score", Kind.NUMBER), FactField("since", Kind.DATE),
        FactField("country", Kind.CODE), FactField("skills", Kind.CODES), FactField("active", Kind.BOOL),
    ),
)  # fmt: skip


def distance(criterion: Criterion, **facts: Any) -> Distance:
    sheet = FactSheet.of(SCHEMA, facts)
    return distance_to(criterion, SCHEMA, SCHEMA.values_of(sheet), sheet, DAY)


def steps(found: Distance) -> set[frozenset[tuple[str, Any]]]:
    return {frozenset((change.fact, change.target) for change in way.changes) for way in found.ways}


def test_what_is_missing_for_a_level_worked_by_hand() -> None:
    """50 users more in any case; one of two; and one more of three, the cheapest country of those named first."""
    criterion = all_of(
        fact("users").at_least(150),
        any_of(fact("certified").at_least(3), fact("retention").at_least(Rate.percent(80))),
        at_least_of(
            2, fact("active").is_true(), fact("country").one_of("JP", "CN"), fact("skills").includes("x")
        ),
    )
    found = distance(
        criterion, users=100, certified=2, retention=Rate.percent(70), country="DE", active=False,
        skills=frozenset({"x"}),
    )  # fmt: skip
    users, people, rate = ("users", 150), ("certified", 3), ("retention", Rate.percent(80))
    active, country = ("active", True), ("country", "CN")
    assert steps(found) == {
        frozenset({users, people, active}), frozenset({users, people, country}),
        frozenset({users, rate, active}), frozenset({users, rate, country}),
    }  # fmt: skip
    assert found.is_complete
    assert not found.is_met
    missing = {change.fact: (change.observed, change.missing) for way in found.ways for change in way.changes}
    assert missing == {
        "users": (100, 50), "certified": (2, 1), "retention": (Rate.percent(70), PercentagePoints.of(10)),
        "active": (False, None), "country": ("DE", None),
    }  # fmt: skip


def eur(amount: str) -> Money:
    return Money.of(amount, "EUR")


@pytest.mark.parametrize(
    ("criterion", "observed", "target", "missing"),
    [
        (fact("users").at_least(10), 4, 10, 6),
        (fact("users").more_than(10), 4, 11, 7),
        (fact("users").at_most(3), 4, 3, -1),
        (fact("users").less_than(3), 4, 2, -2),
        (fact("users").between(10, 20), 25, 20, -5),
        (fact("users").between(10, 20), 4, 10, 6),
        (not_(fact("users").between(10, 20)), 12, 9, -3),
        (fact("users").at_least(10), None, 10, None),  # unknown: no amount is missing, the fact is
        (not_(fact("users").equals(0)), None, -1, None),  # of two as near to zero as each other the lower
        (not_(fact("users").between(-1, 0)), None, 1, None),
        (fact("revenue").at_least(eur("80000")), eur("79999.99"), eur("80000"), eur("0.01")),
        (fact("revenue").more_than(eur("5")), eur("1"), eur("5.01"), eur("4.01")),
        (fact("score").at_least(Fraction(5, 2)), 2, Fraction(5, 2), Fraction(1, 2)),
        (fact("retention").at_least(Rate(2, 3)), Rate(1, 2), Rate(2, 3), PercentagePoints(Fraction(50, 3))),
        (fact("since").at_most(D(2025, 12, 31)), D(2026, 1, 31), D(2025, 12, 31), -31),
        (fact("active").is_true(), False, True, None),
        (fact("country").equals("JP"), "CN", "JP", None),
        (not_(fact("country").equals("JP")), "JP", "(other)", None),
        (fact("skills").includes_all("a", "b"), frozenset("bc"), frozenset("abc"), frozenset("a")),
        (fact("skills").includes_any("a", "b"), frozenset("c"), frozenset("ac"), frozenset("a")),
        (fact("skills").within("a", "b"), frozenset("bc"), frozenset("b"), frozenset()),
    ],
)  # fmt: skip
def test_the_nearest_value_that_does_it(criterion: Any, observed: Any, target: Any, missing: Any) -> None:
    name = next(iter(comparisons(criterion))).fact
    found = distance(criterion, **{name: observed})
    assert [(change.target, change.missing) for way in found.ways for change in way.changes] == [
        (target, missing)
    ]


def test_nothing_is_missing_for_what_is_met() -> None:
    found = distance(any_of(fact("users").at_least(1), fact("certified").at_least(9)), users=1)
    assert found.is_met
    assert found.ways == (Way((), ()),)


def test_there_is_no_way_to_a_contradiction() -> None:
    assert distance(all_of(fact("users").at_least(5), fact("users").at_most(4)), users=1).ways == ()


def test_a_change_that_does_it_alone_is_not_listed_with_another() -> None:
    found = distance(
        any_of(all_of(fact("users").at_least(10), fact("certified").at_least(5)), fact("users").at_least(8)),
        users=0, certified=0,
    )  # fmt: skip
    assert steps(found) == {frozenset({("users", 8)})}


def test_what_was_met_by_a_fact_that_has_to_change_is_met_by_another() -> None:
    """20 users are too many, and at 5 they no longer do for the first: certified people have to."""
    found = distance(
        all_of(any_of(fact("users").at_least(10), fact("certified").at_least(1)), fact("users").at_most(5)),
        users=20, certified=0,
    )  # fmt: skip
    assert steps(found) == {frozenset({("users", 5), ("certified", 1)})}


def test_a_function_rule_is_named_where_it_has_to_hold() -> None:
    settled = Rule("disputes-settled", lambda facts, as_of: RuleReason(Truth.UNMET))
    found = distance(all_of(fact("users").at_least(5), settled), users=1)
    assert [([change.fact for change in way.changes], way.rules) for way in found.ways] == [
        (["users"], ((settled, True),))
    ]
    assert distance(not_(settled)).is_met


def test_a_change_says_for_which_criteria_it_is() -> None:
    at_least, at_most = fact("users").at_least(10), fact("users").at_most(19)
    found = distance(all_of(at_least, not_(at_most), fact("active").is_true()), users=4, active=True)
    assert found.ways == (Way((Change("users", 4, 20, 16, ((at_least, True), (at_most, False))),)),)


def test_the_way_with_the_fewest_changes_comes_first_and_then_by_the_names_of_facts() -> None:
    settled, agreed = (
        Rule(name, lambda facts, as_of: RuleReason(Truth.UNMET)) for name in ("settled", "agreed")
    )
    found = distance(
        any_of(
            all_of(fact("users").at_least(5), fact("certified").at_least(5)), fact("score").at_least(5),
            all_of(settled, fact("active").is_true(), agreed), fact("country").equals("JP"),
        ),
        users=1, certified=1, score=1, active=False, country="CN",
    )  # fmt: skip
    assert [([one.fact for one in way.changes], way.rules) for way in found.ways] == [
        (["country"], ()), (["score"], ()), (["certified", "users"], ()),
        (["active"], ((agreed, True), (settled, True))),
    ]  # fmt: skip


def test_two_ways_of_the_same_changes_are_one() -> None:
    settled = Rule("settled", lambda facts, as_of: RuleReason(Truth.UNMET))
    found = distance(
        any_of(
            all_of(settled, fact("users").at_least(10)), all_of(settled, not_(fact("users").less_than(10))),
            all_of(fact("users").at_least(7), fact("active").is_true()),
            all_of(fact("active").is_true(), not_(fact("users").less_than(7))),
        ),
        users=1, active=False,
    )  # fmt: skip
    assert [([(one.fact, one.target) for one in way.changes], way.rules) for way in found.ways] == [
        ([("active", True), ("users", 7)], ()), ([("users", 10)], ((settled, True),)),
    ]  # fmt: skip


@pytest.mark.parametrize(("first", "second", "is_complete"), [(10, 20, True), (3, 67, False)])
def test_two_hundred_ways_are_followed_and_no_more(first: int, second: int, is_complete: bool) -> None:
    """One of ten and one of twenty are 200 ways; one of 3 and one of 67 are 201."""
    names = [f"f{number}" for number in range(first + second)]
    schema = FactSchema("many", tuple(FactField(name, Kind.BOOL) for name in names))
    asked = [fact(name).is_true() for name in names]
    sheet = FactSheet.of(schema, {})
    found = distance_to(
        all_of(any_of(*asked[:first]), any_of(*asked[first:])), schema, schema.values_of(sheet), sheet, DAY
    )
    assert (len(found.ways), found.is_complete) == (200, is_complete)


def test_what_has_to_happen_is_said_one_after_the_other() -> None:
    settled = Rule("disputes-settled", lambda facts, as_of: RuleReason(Truth.UNMET))
    blocked = Rule(
        "blocked",
        lambda facts, as_of: RuleReason(Truth.MET),
        Text.of("Deliveries are blocked", ja="出荷停止"),
    )
    schema = FactSchema("s", (
        FactField("users", Kind.COUNT, Text.of("Users", ja="利用者")),
        FactField("country", Kind.CODE, words=(("JP", Text.of("Japan", ja="日本")),)),
    ))  # fmt: skip
    sheet = FactSheet.of(schema, {"users": 1})
    asked = all_of(fact("users").at_least(5), fact("country").equals("JP"), settled, not_(blocked))
    (way,) = distance_to(asked, schema, schema.values_of(sheet), sheet, DAY).ways
    for locale, words in (
        ("en", ["Users: from 1 to 5", "country: from unknown to Japan", "Deliveries are blocked: must not hold", "disputes-settled: has to hold"]),
        ("ja", ["利用者：1 から 5 へ", "country：不明 から 日本 へ", "出荷停止：該当しないことが必要", "disputes-settled：満たすことが必要"]),
    ):  # fmt: skip
        said = [put_into_words(one, locale).text for one in said_of_way(way, schema)]
        assert sorted(said[:2]) == sorted(words[:2])
        assert said[2:] == words[2:]


def test_more_ways_than_are_followed_are_said_to_be_more() -> None:
    schema = FactSchema("many", tuple(FactField(f"f{number}", Kind.BOOL) for number in range(16)))
    asked = at_least_of(8, *(fact(field.name).is_true() for field in schema.fields))  # 12,870 ways
    sheet = FactSheet.of(schema, {})
    found = distance_to(asked, schema, schema.values_of(sheet), sheet, DAY)
    assert not found.is_complete
    assert {len(way.changes) for way in found.ways} == {8}


def meets(criterion: Criterion, values: dict[str, Any]) -> bool:
    return truth_in(criterion, values) is Truth.MET


@given(strategies.criteria(KINDS), strategies.fact_sheets(KINDS))
def test_every_way_leads_there_and_none_of_its_changes_can_be_left_out(
    criterion: Criterion, sheet: FactSheet
) -> None:
    values = KINDS.values_of(sheet)
    found = distance_to(criterion, KINDS, values, sheet, DAY)
    assert found.is_met == meets(criterion, values)
    for way in found.ways:
        changed = {change.fact: change.target for change in way.changes}
        assert len(changed) == len(way.changes)
        assert meets(criterion, {**values, **changed})
        FactSheet.of(KINDS, changed)  # values that the facts may have
        for fact_left_out in changed:
            assert not meets(criterion, {**values, **changed, fact_left_out: values[fact_left_out]})


FEW = FactSchema("few", (FactField("a", Kind.COUNT), FactField("b", Kind.CODES), FactField("c", Kind.BOOL)))


@given(st.data())
def test_where_no_way_is_found_there_is_none(data: st.DataObject) -> None:
    criterion, sheet = data.draw(strategies.criteria(FEW)), data.draw(strategies.fact_sheets(FEW))
    found = distance_to(criterion, FEW, FEW.values_of(sheet), sheet, DAY)
    if not found.ways and found.is_complete:
        try:
            assert facts_meeting(criterion, FEW) is None
        except Undecided:
            return
