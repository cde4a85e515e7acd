"""The policy of a coverage model: what it takes and refuses, its steps, and what it writes; one by one and many at once."""

import datetime
import json
import pickle
from typing import Any

import attrs
import pytest

from prmcore.decisions import Kind, Truth
from prmcore.errors import Fault, InvalidInput
from prmcore.territory.coverage import (
    Among,
    Assignment,
    CodeDimension,
    CoverageModel,
    CoveragePolicy,
    CoverageRule,
    CoverageState,
    PostcodeDimension,
    PostcodeRange,
    Postcodes,
    Ranking,
    Result,
    Role,
    Span,
    SpanDimension,
    Territory,
    TreeDimension,
    Under,
    Within,
)
from prmcore.territory.coverage.index import Winner
from prmcore.values import Text, Tree

TODAY = datetime.date(2026, 4, 1)
PLACES = Tree("places", {"world": None, "JP": "world", "US": "world"})
DIMENSIONS = (
    TreeDimension(name="geography", tree=PLACES),
    SpanDimension(name="employees", kind=Kind.COUNT),
    CodeDimension(name="brand", accepted=frozenset({"a", "b"})),
    CodeDimension(name="segment"),
    PostcodeDimension(name="postcode"),
)


def rule(id: str, territory: str | None, role: Role = Role.PRIMARY, /, **told: Any) -> CoverageRule:
    more = {word: told.pop(word) for word in ("priority", "accounts", "text") if word in told}
    return CoverageRule(id=id, territory=territory, role=role, cells=told, **more)


def policy(*rules: CoverageRule, **told: Any) -> CoveragePolicy:
    names = sorted({one.territory for one in rules if one.territory is not None})
    territories = tuple(Territory(name=name) for name in names)
    return CoveragePolicy(
        CoverageModel(name="coverage/1", dimensions=DIMENSIONS, territories=territories, rules=rules, **told)
    )


def band(first: int, last: int) -> Within:
    return Within(spans=(Span(at_least=first, at_most=last),))


RULES = (
    rule("japan", "east", geography=Under(codes=frozenset({"JP"}))),
    rule("tokyo", "north", postcode=Postcodes(ranges=(PostcodeRange.read("JP 100"),)), text=Text.of("the centre")),
    rule("big", "field", employees=band(100, 999), priority=1),
    rule("mine", "field", segment=Among(codes=frozenset({"mine"}))),
    rule("house", "vendor", Role.HOUSE),
    rule("beside", "cloud", Role.OVERLAY, brand=Among(codes=frozenset({"a"}))),
    rule("again", "cloud", Role.OVERLAY),
    rule("not east", "east", Role.EXCLUSION, accounts=frozenset({"acme"})),
)  # fmt: skip
POLICY = policy(*RULES)
ACME = POLICY.account("acme", geography="JP", postcode="100-0001", brand="a")


def test_a_decision_holds_what_covers_the_account_what_was_excluded_and_who_is_beside() -> None:
    decision = POLICY.decide(ACME, TODAY)
    assert decision.outcome == Assignment(
        Result.ASSIGNED, "north", "tokyo", overlays=("cloud",), excluded=("japan",)
    )
    assert (decision.policy, decision.as_of, decision.facts) == (POLICY, TODAY, ACME)
    assert [one.id for one in POLICY.held(decision)] == [
        "tokyo",
        "japan",
        "house",
        "not east",
        "beside",
        "again",
    ]
    assert [
        (reason.criterion.name, reason.criterion.text, reason.truth)  # type: ignore[union-attr]  # a rule
        for reason in decision.reasons
    ] == [
        ("tokyo", Text.of("the centre"), Truth.MET), ("japan", None, Truth.UNMET),
        *((name, None, Truth.MET) for name in ("house", "not east", "beside", "again")),
    ]  # fmt: skip
    criterion: Any = decision.reasons[0].criterion
    assert criterion.function(ACME, TODAY).truth is Truth.UNKNOWN  # what a rule asks is data of its own


def test_a_decision_is_written_as_plain_json() -> None:
    decision = POLICY.decide(ACME, TODAY)
    written = json.loads(json.dumps(POLICY.written(decision)))
    assert written == {
        "facts": {
            "account": "acme", "geography": "JP", "employees": None, "brand": "a", "segment": None, "postcode": "100-0001",
        },
        "outcome": {
            "result": "assigned", "territory": "north", "rule": "tokyo", "tied": [], "overlays": ["cloud"], "excluded": ["japan"],
            "is_arbitrary": False,
        },
        "mask": decision.mask,
    }  # fmt: skip
    assert POLICY.facts_from(written["facts"]) == ACME


def test_a_policy_crosses_processes_as_its_model_and_tells_its_name() -> None:
    assert POLICY.index
    again = pickle.loads(pickle.dumps(POLICY))
    assert (again, vars(again)) == (POLICY, {"model": POLICY.model})
    assert (repr(POLICY), POLICY.name, POLICY.facts) == (
        "CoveragePolicy('coverage/1')", "coverage/1", POLICY.model.facts,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("state", "decides"), [(one, one is not CoverageState.DRAFT) for one in CoverageState]
)
def test_a_draft_is_looked_at_only(state: CoverageState, decides: bool) -> None:
    assert policy(state=state).decides is decides


def test_what_a_policy_cannot_decide_is_refused() -> None:
    with pytest.raises(InvalidInput, match="found account among the values of 'acme'; accepted: dimensions"):
        POLICY.account("acme", account="other")
    with pytest.raises(InvalidInput, match=r"^as_of: found 'today'"):
        POLICY.decide(ACME, "today")  # type: ignore[arg-type]
    other = CoveragePolicy(attrs.evolve(POLICY.model, name="coverage/2"))
    with pytest.raises(
        InvalidInput,
        match="found facts of 'accounts of coverage/2'; these are asked of 'accounts of coverage/1'",
    ):
        POLICY.decide(other.account("acme"), TODAY)


def test_an_account_is_checked_for_all_that_its_dimensions_do_not_know() -> None:
    POLICY.check(ACME)
    POLICY.check(POLICY.account("acme", employees=7, segment="anything"))
    with pytest.raises(InvalidInput, match="the account 'acme' cannot be covered") as refused:
        POLICY.check(POLICY.account("acme", geography="FR", brand="c", postcode="75001"))
    assert list(refused.value.faults) == [
        Fault("unknown code of places 'FR'. There are: JP, US, world", "geography"),
        Fault("unknown brand 'c'. There are: a, b", "brand"),
    ]


# step by step


def steps(*rules: CoverageRule, account: str = "acme", **told: Any) -> list[tuple[str | None, list[str], list[str]]]:  # fmt: skip
    """What each step leaves and what falls out at it."""
    of = policy(*rules, **told)
    decision = of.decide(of.account(account, geography="JP", employees=50), TODAY)
    return [
        (one.ranking, [each.id for each in one.left], [each.id for each in one.fell])
        for one in of.steps(decision)
    ]


HIGH, NAMED = (rule("high", "east", priority=1), rule("named", "east", accounts=frozenset({"acme"})))
NARROW, WIDE, JAPAN = (
    rule("narrow", "west", employees=band(40, 60)), rule("wide", "east", employees=band(0, 90)),
    rule("japan", "south", geography=Under(codes=frozenset({"JP"}))),
)  # fmt: skip
VENDOR = rule("house", "vendor", Role.HOUSE)


def test_the_ranking_is_told_step_by_step_until_one_rule_is_left() -> None:
    assert steps() == []
    assert steps(VENDOR) == [(None, ["house"], [])]
    assert steps(WIDE, VENDOR) == [(None, ["wide"], ["house"])]
    assert steps(WIDE, HIGH, VENDOR) == [
        (None, ["high", "wide"], ["house"]),
        ("priority", ["high"], ["wide"]),
    ]
    assert steps(WIDE, NAMED) == [
        (None, ["named", "wide"], []), ("priority", ["named", "wide"], []), ("named", ["named"], ["wide"]),
    ]  # fmt: skip
    assert steps(WIDE, NARROW) == [
        (None, ["narrow", "wide"], []), ("priority", ["narrow", "wide"], []), ("named", ["narrow", "wide"], []),
        ("specificity", ["narrow"], ["wide"]),
    ]  # fmt: skip


def test_the_last_steps_compare_dimensions_and_ids() -> None:
    last = (Ranking.DIMENSIONS, Ranking.ID)
    both = [(None, ["japan", "narrow"], []), ("dimensions", ["japan"], ["narrow"])]
    assert steps(NARROW, JAPAN, ranking=last) == both
    assert steps(NARROW, JAPAN, ranking=last, order=("employees",)) == [
        (None, ["narrow", "japan"], []), ("dimensions", ["narrow"], ["japan"]),
    ]  # fmt: skip
    assert steps(NARROW, JAPAN, ranking=(Ranking.SPECIFICITY, Ranking.ID))[1:] == [
        ("specificity", ["japan", "narrow"], []), ("id", ["japan"], ["narrow"]),
    ]  # fmt: skip


def test_what_is_excluded_takes_no_part_in_the_steps() -> None:
    gone = rule("not west", "west", Role.EXCLUSION)
    assert steps(NARROW, WIDE, gone) == [(None, ["wide"], [])]


# many at once


def winners(**columns: list[Any]) -> list[Winner]:
    return POLICY.winners(columns, TODAY)


def test_many_accounts_at_once_are_covered_each_as_alone() -> None:
    columns: dict[str, list[Any]] = {
        "account": ["acme", "b", "c", "d", "e"], "geography": ["JP", "JP", "US", None, "JP"], "employees": [None, 100, 99, 999, 1000],
        "segment": ["mine", "yours", "mine", None, None], "postcode": ["100", "100-0001", "100-0001", None, "101"],
    }  # fmt: skip
    alone = []
    for row in zip(*columns.values(), strict=True):
        values = dict(zip(columns, row, strict=True))
        outcome = POLICY.decide(POLICY.account(values.pop("account"), **values), TODAY).outcome
        alone.append(Winner(outcome.result, outcome.territory, outcome.rule, outcome.tied))
    assert winners(**columns) == alone
    assert [one.rule for one in alone] == [None, "big", "mine", "big", "japan"]
    assert alone[0].tied == ("mine", "tokyo")


def test_a_column_that_is_missing_is_not_known_of_anybody() -> None:
    names = {"account": ["b", "c"]}
    assert [one.rule for one in winners(**names)] == ["house", "house"]
    assert [one.rule for one in winners(**names, postcode=["100-0001", "1"])] == ["house", "house"]
    assert [one.rule for one in winners(**names, geography=["JP", None])] == ["japan", "house"]
    assert winners(account=[]) == []


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({}, "the column 'account' is missing; accepted: one value for each account"),
        (
            {"account": ["b"], "brnd": ["a"]},
            "there is no dimension 'brnd'; accepted: account, geography, employees, brand, segment, postcode",
        ),
        ({"account": ["b"], "brand": []}, "brand: found 0 values; accepted: 1, one for each account"),
        ({"account": ["b"], "brand": ["a", "b"]}, "brand: found 2 values; accepted: 1, one for each account"),
        ({"account": ["b", "c"], "employees": [7, 8], "brand": ["a", "c"]}, "unknown brand 'c'. There are: a, b"),
        ({"account": ["b"], "geography": ["FR"]}, "unknown code of places 'FR'. There are: JP, US, world"),
        ({"account": ["b", "c"], "employees": [1, True]}, "employees: found True (bool); accepted: an int"),
        ({"account": ["b", "c"], "employees": [None, True]}, "employees: found True (bool); accepted: an int"),
        ({"account": ["b", None]}, "unknown account 'None'"),
    ],
)  # fmt: skip
def test_columns_that_cannot_be_decided_are_refused(columns: dict[str, list[Any]], says: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        winners(**columns)
    assert str(refused.value).startswith(says)


def test_many_accounts_are_decided_for_a_day() -> None:
    with pytest.raises(InvalidInput, match=r"^as_of: found 'today'"):
        POLICY.winners({"account": ["b"]}, "today")  # type: ignore[arg-type]


def test_exclusions_and_ties_hold_for_many_as_for_one() -> None:
    of = policy(
        rule("one", "east"), rule("two", "west"), rule("not west", "west", Role.EXCLUSION, accounts=frozenset({"a"})),
        rule("nobody", None, Role.EXCLUSION, accounts=frozenset({"b"})),
    )  # fmt: skip
    assert of.winners({"account": ["a", "b", "c"]}, TODAY) == [
        Winner(Result.ASSIGNED, "east", "one"), Winner(Result.UNASSIGNED), Winner(Result.AMBIGUOUS, tied=("one", "two")),
    ]  # fmt: skip
