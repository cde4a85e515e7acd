"""What a person reads of an assignment: the rules that hold and what they ask, who wins and why, and what would change it.

The model is small, so that every line was worked out by hand.
"""

import datetime
from fractions import Fraction
from typing import Any

import pytest

from prmcore.decisions import Decision, Kind, Truth
from prmcore.decisions.explain import Said, explain, put_into_words
from prmcore.territory.coverage import (
    Alternative,
    Among,
    Assignment,
    Cell,
    CodeDimension,
    CoverageModel,
    CoveragePolicy,
    CoverageRule,
    NoneOf,
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
    would_change,
)
from prmcore.territory.coverage.said import said_of_cell, said_of_outcome
from prmcore.values import DateRange, Money, Text, Tree

D = datetime.date
TODAY = D(2026, 4, 1)
PLACES = Tree("geography", {"world": None, "JP": "world", "JP-13": "JP", "DE": "world", "FR": "world"})
INDUSTRIES = Tree("industries", {"all": None, "retail": "all"})
DIMENSIONS = (
    TreeDimension(name="geography", tree=PLACES),
    TreeDimension(name="industry", tree=INDUSTRIES, words=(("retail", Text.of("Shops")),)),
    SpanDimension(name="employees", kind=Kind.COUNT),
    CodeDimension(name="segment"),
    PostcodeDimension(name="postcode"),
)
NAMES = ("east", "north", "field", "vendor", "cloud")
TERRITORIES = tuple(
    Territory(name=name, text=Text.of("Northern team") if name == "north" else None) for name in NAMES
)


def under(*codes: str, outside: tuple[str, ...] = (), unknown: bool = False) -> Under:
    return Under(codes=frozenset(codes), outside=frozenset(outside), unknown=unknown)


def employees(**bounds: int) -> Within:
    return Within(spans=(Span(**bounds),))


def rule(id: str, territory: str | None, role: Role = Role.PRIMARY, /, **told: Any) -> CoverageRule:
    more = {word: told.pop(word) for word in ("priority", "accounts", "effective", "text") if word in told}
    return CoverageRule(id=id, territory=territory, role=role, cells=told, **more)


def policy(*rules: CoverageRule, **told: Any) -> CoveragePolicy:
    return CoveragePolicy(
        CoverageModel(name="coverage/1", dimensions=DIMENSIONS, territories=TERRITORIES, rules=rules, **told)
    )


TOKYO = Postcodes(ranges=(PostcodeRange.read("JP 100..102"),))


def whole() -> CoveragePolicy:
    return policy(
        rule("japan", "east", geography=under("JP")),
        rule("tokyo", "north", postcode=TOKYO, text=Text.of("the wards of the centre")),
        rule("large", "field", employees=employees(at_least=100), priority=1, effective=DateRange(D(2026, 1, 1), D(2026, 7, 1))),
        rule("house", "vendor", Role.HOUSE),
        rule("beside", "cloud", Role.OVERLAY, segment=NoneOf(codes=frozenset({"bank"}))),
        rule("not east", "east", Role.EXCLUSION, accounts=frozenset({"acme"})),
        rule("nobody", None, Role.EXCLUSION, accounts=frozenset({"gone"})),
    )  # fmt: skip


def decided(of: CoveragePolicy, id: str, /, **values: Any) -> Decision[Assignment]:
    return of.decide(of.account(id, **values), TODAY)


def told(decision: Decision[Assignment]) -> list[str]:
    return str(explain(decision)).splitlines()


def test_an_assignment_tells_every_rule_that_holds_why_one_wins_and_what_would_change_it() -> None:
    acme = decided(whole(), "acme", geography="JP-13", employees=50, segment="shop", postcode="100-0001")
    assert told(acme) == [
        "coverage/1 on April 1, 2026, acme: Northern team",
        "  ✓ the wards of the centre holds, for Northern team",
        "    ✓ postcode: 100-0001, asked for JP 100..102",
        "  ✗ japan holds for east, and is excluded",
        "    ✓ geography: JP-13, asked for Japan",
        "  ✓ house holds as a house rule, for vendor",
        "  ✓ not east holds, and excludes east",
        "    ✓ names the account acme",
        "  ✓ beside holds beside the winner, for cloud",
        "    ✓ segment: shop, asked for none of bank",
        "  a primary rule goes before a house rule: the wards of the centre before house",
        "  ✓ cloud covers it, too",
        "  what would change it",
        "    if geography were Germany: vendor, as house account",
        "    if employees were 100: field",
        "    if postcode were 103: vendor, as house account",
        "    if postcode were 000: vendor, as house account",
    ]


def test_an_assignment_by_a_rule_of_some_days_tells_them() -> None:
    assert told(decided(whole(), "zeta", geography="DE", employees=500)) == [
        "coverage/1 on April 1, 2026, zeta: field",
        "  ✓ large holds, for field",
        "    ✓ employees: 500, asked for at least 100",
        "    ✓ in force 2026-01-01 to 2026-06-30",
        "  ✓ house holds as a house rule, for vendor",
        "  a primary rule goes before a house rule: large before house",
        "  what would change it",
        "    if employees were less than 100: vendor, as house account",
        "    from July 1, 2026 on: vendor, as house account",
    ]


def test_an_exclusion_of_every_territory_is_said_so() -> None:
    lines = told(decided(whole(), "gone", geography="JP", employees=1))
    assert lines[0] == "coverage/1 on April 1, 2026, gone: vendor, as house account"
    assert "  ✓ nobody holds, and excludes every territory" in lines


def test_a_rule_from_or_until_a_day_alone_tells_it() -> None:
    until = rule("until", "east", effective=DateRange(None, D(2026, 7, 1)))
    since = rule("since", "east", effective=DateRange(D(2026, 1, 1), None))
    always = rule("always", "east")
    lines = told(decided(policy(until, since, always), "acme"))
    assert lines[1:6] == [
        "  ✓ always holds, for east",
        "  ✓ since holds, for east",
        f"    ✓ in force {since.effective}",
        "  ✓ until holds, for east",
        f"    ✓ in force {until.effective}",
    ]


@pytest.mark.parametrize(
    ("ranking", "told_apart", "line"),
    [
        (Ranking.PRIORITY, {"priority": 1}, "the higher priority goes first: one before two"),
        (Ranking.NAMED, {"accounts": frozenset({"acme"})}, "a rule that names the account goes first: one before two"),
        (Ranking.SPECIFICITY, {"geography": under("JP")}, "the narrower region goes first: one before two"),
        (
            Ranking.DIMENSIONS, {"geography": under("JP")},
            "the narrower on the first dimension on which they differ: one before two",
        ),
        (Ranking.ID, {}, "told apart by their names alone, which is arbitrary: one before two"),
    ],
)  # fmt: skip
def test_the_step_that_tells_two_rules_apart_is_said(ranking: Ranking, told_apart: dict[str, Any], line: str) -> None:  # fmt: skip
    of = policy(rule("one", "east", **told_apart), rule("two", "field"), ranking=(ranking,))
    assert f"  {line}" in told(decided(of, "acme", geography="JP"))


def test_what_nothing_tells_apart_is_for_a_person() -> None:
    of = policy(rule("one", "field"), rule("two", "north"), rule("three", "field"))
    decision = decided(of, "acme")
    assert told(decision)[0] == (
        "coverage/1 on April 1, 2026, acme: ambiguous between field and Northern team: a person decides"
    )
    assert "  ? nothing tells one, three, and two apart" in told(decision)
    said = whole().said(decided(whole(), "acme"))
    assert not any("apart" in part.message for part in said.parts)


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Assignment(Result.UNASSIGNED), "nobody covers it"),
        (Assignment(Result.ASSIGNED, "north"), "Northern team"),
        (Assignment(Result.HOUSE, "vendor"), "vendor, as house account"),
        (Assignment(Result.AMBIGUOUS, tied=("japan", "tokyo")), "ambiguous between east and Northern team: a person decides"),
    ],
)  # fmt: skip
def test_who_covers_an_account_in_a_few_words(outcome: Assignment, words: str) -> None:
    assert in_words(said_of_outcome(whole().model, outcome)) == words


def in_words(said: Said) -> str:
    return put_into_words(said, "en").text


TWO = (Span(less_than=10), Span(more_than=20, at_most=30))


@pytest.mark.parametrize(
    ("name", "cell", "words"),
    [
        ("geography", under("JP", "DE"), "Germany and Japan"),
        ("geography", under("JP", outside=("JP-13",)), "Japan without JP-13"),
        ("geography", under(outside=("JP", "DE")), "anything without Germany and Japan"),
        ("geography", under("DE", unknown=True), "Germany, or unknown"),
        ("geography", under(outside=("DE",), unknown=True), "anything without Germany, or unknown"),
        ("geography", under(unknown=True), "unknown"),
        ("industry", under("retail"), "Shops"),
        ("industry", under("all"), "all"),
        ("segment", Among(codes=frozenset("ba")), "a and b"),
        ("segment", Among(codes=frozenset("a"), unknown=True), "a, or unknown"),
        ("segment", Among(unknown=True), "unknown"),
        ("segment", NoneOf(codes=frozenset("ba")), "none of a and b"),
        ("postcode", TOKYO, "JP 100..102"),
        ("postcode", Postcodes(unknown=True), "unknown"),
        ("employees", employees(at_least=1), "at least 1"),
        ("employees", employees(more_than=1), "more than 1"),
        ("employees", employees(at_most=1), "at most 1"),
        ("employees", employees(less_than=1), "less than 1"),
        ("employees", Within(spans=TWO), "less than 10 and more than 20 and at most 30"),
        ("employees", Within(spans=TWO[1:], unknown=True), "more than 20 and at most 30, or unknown"),
        ("employees", Within(unknown=True), "unknown"),
    ],
)  # fmt: skip
def test_what_a_cell_asks_for_is_said(name: str, cell: Cell, words: str) -> None:
    assert in_words(said_of_cell(whole().model, name, cell)) == words


def test_each_line_says_whether_it_is_met() -> None:
    said = whole().said(decided(whole(), "acme", geography="JP-13", segment="shop"))
    assert [part.truth for part in said.parts[:5]] == [Truth.UNMET, *[Truth.MET] * 3, Truth.MET]
    assert said.truth is None


# what would change it


def changes(of: CoveragePolicy, most: int = 8, /, **values: Any) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    for one in would_change(of.index, decided(of, "acme", **values), most):
        assert isinstance(one, Alternative)
        found.append((one.dimension, one.value, one.outcome.territory, one.below))
    return found


def bands() -> CoveragePolicy:
    return policy(
        rule("none", "east", employees=employees(less_than=10)),
        rule("some", "field", employees=employees(at_least=10, less_than=20)),
        rule("same", "field", employees=employees(at_least=20, less_than=30)),
        rule("many", "vendor", employees=employees(at_least=30)),
    )


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (5, [("employees", 10, "field", None)]),
        (15, [("employees", 30, "vendor", None), ("employees", 0, "east", 10)]),
        (25, [("employees", 30, "vendor", None), ("employees", 0, "east", 10)]),
        (30, [("employees", 20, "field", 30)]),
    ],
)
def test_up_and_down_the_nearest_other_outcome_is_told(count: int, expected: list[tuple[Any, ...]]) -> None:
    assert changes(bands(), employees=count) == expected


def test_of_money_and_days_the_end_of_a_stretch_is_told_and_of_exact_numbers_it_cannot_be() -> None:
    kinds: list[tuple[SpanDimension, Any, Any]] = [
        (SpanDimension(name="size", kind=Kind.MONEY, currency="JPY"), Money("JPY", 10), Money("JPY", 10)),
        (SpanDimension(name="size", kind=Kind.DATE), TODAY, TODAY),
        (SpanDimension(name="size", kind=Kind.NUMBER), Fraction(10), None),
    ]
    for dimension, bound, below in kinds:
        cells: dict[str, Cell] = {"size": Within(spans=(Span(at_least=bound),))}
        model = CoverageModel(
            name="coverage/1", dimensions=(dimension,), territories=TERRITORIES,
            rules=(CoverageRule(id="r", territory="east", cells=cells),),
        )  # fmt: skip
        ((name, _, territory, found),) = changes(CoveragePolicy(model), size=bound)
        assert (name, territory, found) == ("size", None, below)


def test_of_words_and_places_one_value_for_each_other_outcome_is_told_the_nearest_first() -> None:
    of = policy(
        rule("a", "east", segment=Among(codes=frozenset({"a", "b"}))),
        rule("c", "field", segment=Among(codes=frozenset({"c", "d"}))),
    )
    assert changes(of, segment="a") == [
        ("segment", "c", "field", None),
        ("segment", "other-segment", None, None),
    ]
    assert changes(of, segment="d") == [
        ("segment", "other-segment", None, None),
        ("segment", "b", "east", None),
    ]


def test_postcodes_change_within_their_country_only() -> None:
    of = policy(
        rule("first", "east", postcode=Postcodes(ranges=(PostcodeRange.read("JP 0..4"),))),
        rule("last", "field", postcode=Postcodes(ranges=(PostcodeRange.read("JP 5..9"),))),
        rule("other", "vendor", postcode=Postcodes(ranges=(PostcodeRange.read("DE 0..9"),))),
    )
    assert ("postcode", "5", "field", None) in changes(of, geography="JP", postcode="300-0000")
    assert not any(one[2] == "vendor" and one[0] == "postcode" for one in changes(of, geography="JP", postcode="3"))  # fmt: skip


def test_the_next_day_on_which_somebody_else_covers_it_is_told() -> None:
    first, second, third = D(2026, 5, 1), D(2026, 6, 1), D(2026, 7, 1)
    of = policy(
        rule("now", "east", effective=DateRange(D(2026, 3, 1), first)),
        rule("then", "east", effective=DateRange(first, second)),
        rule("later", "field", effective=DateRange(second, third)),
    )
    assert changes(of) == [(None, second, "field", None)]


def test_where_there_are_more_the_dimensions_take_turns() -> None:
    of = policy(
        *(rule(word, name, segment=Among(codes=frozenset({word}))) for word, name in zip("abcd", NAMES, strict=False)),
        rule("few", "cloud", employees=employees(less_than=10), priority=1, effective=DateRange(None, D(2026, 9, 1))),
    )  # fmt: skip
    every = changes(of, segment="a", employees=10)
    assert [one[0] for one in every] == ["employees", *["segment"] * 4]
    assert [one[0] for one in changes(of, 2, segment="a", employees=10)] == ["employees", "segment"]
    assert changes(of, 3, segment="a", employees=10) == every[:3]
    assert [one[0] for one in changes(of, 2, segment="a", employees=9)] == ["employees", None]


def test_eight_changes_are_told_unless_more_are_asked_for() -> None:
    """Nine other words with a territory each, and a word that no rule names."""
    names = [f"t{number}" for number in range(10)]
    of = CoveragePolicy(
        CoverageModel(
            name="coverage/1", dimensions=(CodeDimension(name="segment"),), territories=tuple(Territory(name=name) for name in names),
            rules=tuple(rule(name, name, segment=Among(codes=frozenset({name}))) for name in names),
        )
    )  # fmt: skip
    decision = decided(of, "acme", segment="t0")
    assert [one.outcome.territory for one in would_change(of.index, decision)] == names[1:9]
    assert [one.outcome.territory for one in would_change(of.index, decision, 99)] == [*names[1:], None]
