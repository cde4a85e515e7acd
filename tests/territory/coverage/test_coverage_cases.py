"""Coverage on cases that others have described: decision tables, territories and postcodes of which the answer is known.

Every expected result comes from the source that is named beside it, or was worked out by hand from the words of the rules.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prmcore.decisions import Kind
from prmcore.decisions.lint import Finding
from prmcore.errors import InvalidInput
from prmcore.territory.coverage import (
    Among,
    Analysis,
    Assignment,
    Cell,
    CodeDimension,
    CoverageModel,
    CoveragePolicy,
    CoverageRule,
    Dimension,
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
    analysed,
    as_account,
    postcode_key,
)
from prmcore.values import DateRange, Money, Rate, Tree

TODAY = datetime.date(2026, 4, 1)
A_DAY = datetime.timedelta(days=1)
HOLES = ("gap", "boundary-gap", "gap-coarse", "gap-unknown")
ORDINARY_HOLES = ("gap", "boundary-gap")

EMPLOYEES = SpanDimension(name="employees", kind=Kind.COUNT)
SEGMENT = CodeDimension(name="segment")
PLACES = Tree("places", {
    "world": None, "emea": "world", "DE": "emea", "GB": "emea", "IE": "emea", "apac": "world", "JP": "apac", "JP-13": "JP",
    "amer": "world", "US": "amer", "MX": "amer",
})  # fmt: skip
GEOGRAPHY = TreeDimension(name="geography", tree=PLACES)
POSTCODE = PostcodeDimension(name="postcode")


def policy_of(
    *rules: CoverageRule, dimensions: tuple[Dimension, ...] = (EMPLOYEES,), **more: Any
) -> CoveragePolicy:
    names = sorted({rule.territory for rule in rules if rule.territory is not None})
    territories = tuple(Territory(name=name) for name in names)
    return CoveragePolicy(
        CoverageModel(name="coverage/1", dimensions=dimensions, territories=territories, rules=rules, **more)
    )


def rule(id: str, territory: str | None, role: Role = Role.PRIMARY, /, **cells: Any) -> CoverageRule:
    """A rule from the cells of its dimensions, and `priority`, `accounts` and `effective`."""
    more = {word: cells.pop(word) for word in ("priority", "accounts", "effective") if word in cells}
    return CoverageRule(id=id, territory=territory, role=role, cells=cells, **more)


def span(first: Any, last: Any) -> Within:
    """From the first to the last, both inside; None = open."""
    return Within(spans=(Span(at_least=first, at_most=last),))


def under(*codes: str) -> Under:
    return Under(codes=frozenset(codes))


def within(*ranges: str, unknown: bool = False) -> Postcodes:
    return Postcodes(ranges=tuple(PostcodeRange.read(one) for one in ranges), unknown=unknown)


def covered(policy: CoveragePolicy, day: datetime.date = TODAY, /, **values: Any) -> Assignment:
    """What is decided of the account acme, or another one, with these values."""
    return policy.decide(policy.account(values.pop("account", "acme"), **values), day).outcome


def territory(policy: CoveragePolicy, **values: Any) -> str | None:
    return covered(policy, **values).territory


def found(analysis: Analysis, *codes: str) -> list[Finding]:
    assert analysis.is_complete
    return [one for one in analysis.findings if one.code in codes]


def shown(policy: CoveragePolicy, finding: Finding) -> Assignment:
    """What is decided of the account that shows a finding."""
    return policy.decide(*as_account(policy, finding)).outcome


# a decision table of loan grades


# In the manner of the table of Calvanese et al., Semantics and Analysis of DMN Decision Tables (arXiv 1603.07466): income and
# size of a loan to a grade, where two rules overlap and others are missing. The numbers were not checked against those of
# the paper; what overlaps and what is missing was worked out by hand from the numbers below.
INCOME = SpanDimension(name="income", kind=Kind.COUNT)
SIZE = SpanDimension(name="size", kind=Kind.COUNT)
LOAN_GRADES = (
    rule("A", "very good", income=span(0, 1000), size=span(0, 1000)),
    rule("B", "good", income=span(250, 750), size=span(4000, 5000)),
    rule("C", "fair", income=span(500, 1500), size=span(500, 3000)),
    rule("D", "poor", income=span(2000, 2500), size=span(0, 2000)),
)
MISSING = {
    "left of B, above A": ((0, 249), (1001, None)),
    "below B, left of C": ((250, 499), (1001, 3999)),
    "between C and B": ((500, 750), (3001, 3999)),
    "above B": ((250, 750), (5001, None)),
    "right of B, above C": ((751, 1500), (3001, None)),
    "right of A, below C": ((1001, 1500), (0, 499)),
    "between C and D": ((1501, 1999), (0, None)),
    "above D": ((2000, 2500), (2001, None)),
    "right of D": ((2501, None), (0, None)),
}


def loan_policy(*more: CoverageRule) -> CoveragePolicy:
    return policy_of(*LOAN_GRADES, *more, dimensions=(INCOME, SIZE))


def rules_for_the_missing(but: str | None = None) -> list[CoverageRule]:
    return [
        rule(name, "no grade", income=span(*income), size=span(*size))
        for name, (income, size) in MISSING.items()
        if name != but
    ]


def lies_in(values: Mapping[str, Any], rectangle: tuple[tuple[int, int | None], ...]) -> bool:
    return all(
        low <= values[name] and (high is None or values[name] <= high)
        for name, (low, high) in zip(("income", "size"), rectangle, strict=True)
    )


def test_of_the_loan_grades_only_two_rules_overlap_and_an_applicant_in_both_shows_it() -> None:
    policy = loan_policy()
    analysis = analysed(policy)
    (overlap,) = found(analysis, "ambiguous", "boundary-overlap")
    assert overlap.code == "ambiguous"
    assert {overlap.said.values["rule"], overlap.said.values["other"]} == {"A", "C"}
    assert overlap.witness is not None
    assert lies_in(overlap.witness, ((500, 1000), (500, 1000)))  # what A and C share
    outcome = shown(policy, overlap)
    assert (outcome.result, outcome.tied) == (Result.AMBIGUOUS, ("A", "C"))
    assert (analysis.overlaps.ambiguous, analysis.overlaps.resolved, analysis.overlaps.same) == (1, 0, 0)


def test_every_missing_rule_of_the_loan_grades_is_shown_by_an_applicant_without_a_grade() -> None:
    policy = loan_policy()
    holes = found(analysed(policy), *ORDINARY_HOLES)
    assert holes
    for hole in holes:
        assert hole.witness is not None
        assert any(lies_in(hole.witness, rectangle) for rectangle in MISSING.values())
        assert shown(policy, hole).result is Result.UNASSIGNED


def test_the_loan_grades_are_complete_with_the_missing_rules_worked_out_by_hand() -> None:
    policy = loan_policy(*rules_for_the_missing())
    analysis = analysed(policy)
    assert not found(analysis, *ORDINARY_HOLES)
    (_,) = found(analysis, "ambiguous", "boundary-overlap")  # A and C, as before
    (unknown,) = {one.code for one in found(analysis, *HOLES)}
    assert unknown == "gap-unknown"  # an applicant whose income or size is not known is not in any rule


@pytest.mark.parametrize("name", MISSING)
def test_a_missing_rule_left_out_is_found_where_it_was(name: str) -> None:
    policy = loan_policy(*rules_for_the_missing(but=name))
    (hole,) = found(analysed(policy), *ORDINARY_HOLES)
    assert hole.witness is not None
    assert lies_in(hole.witness, MISSING[name])
    assert shown(policy, hole).result is Result.UNASSIGNED


# bounds


BOUNDS = [
    pytest.param(EMPLOYEES, 5000, 4999, 5001, id="count"),
    pytest.param(
        SpanDimension(name="ratio", kind=Kind.NUMBER),
        Fraction(5000),
        Fraction(49999, 10),
        Fraction(50001, 10),
        id="number",
    ),
    pytest.param(
        SpanDimension(name="revenue", kind=Kind.MONEY, currency="JPY"),
        Money("JPY", 5000),
        Money("JPY", 4999),
        Money("JPY", 5001),
        id="money",
    ),
    pytest.param(
        SpanDimension(name="share", kind=Kind.RATE),
        Rate.of(Fraction(1, 2)),
        Rate.of(Fraction(49, 100)),
        Rate.of(Fraction(51, 100)),
        id="rate",
    ),
    pytest.param(
        SpanDimension(name="founded", kind=Kind.DATE), TODAY, TODAY - A_DAY, TODAY + A_DAY, id="date"
    ),
]


@pytest.mark.parametrize(("dimension", "bound", "before", "after"), BOUNDS)
def test_bands_that_both_leave_out_their_bound_have_a_hole_of_one_value(
    dimension: SpanDimension, bound: Any, before: Any, after: Any
) -> None:
    name = dimension.name
    policy = policy_of(
        rule("small", "inside sales", **{name: Within(spans=(Span(less_than=bound),))}),
        rule("large", "field sales", **{name: Within(spans=(Span(more_than=bound),))}),
        dimensions=(dimension,),
    )
    (hole,) = found(analysed(policy), *ORDINARY_HOLES)
    assert hole.code == "boundary-gap"
    assert hole.witness is not None
    assert hole.witness[name] == bound
    assert shown(policy, hole).result is Result.UNASSIGNED
    assert territory(policy, **{name: before}) == "inside sales"
    assert territory(policy, **{name: after}) == "field sales"


@pytest.mark.parametrize(("dimension", "bound", "before", "after"), BOUNDS)
def test_bands_that_both_take_in_their_bound_overlap_in_one_value(
    dimension: SpanDimension, bound: Any, before: Any, after: Any
) -> None:
    name = dimension.name
    policy = policy_of(
        rule("small", "inside sales", **{name: Within(spans=(Span(at_most=bound),))}),
        rule("large", "field sales", **{name: Within(spans=(Span(at_least=bound),))}),
        dimensions=(dimension,),
    )
    analysis = analysed(policy)
    (overlap,) = found(analysis, "ambiguous", "boundary-overlap")
    assert overlap.code == "boundary-overlap"
    assert overlap.witness is not None
    assert overlap.witness[name] == bound
    assert shown(policy, overlap).tied == ("large", "small")
    assert not found(analysis, *ORDINARY_HOLES)
    assert territory(policy, **{name: before}) == "inside sales"
    assert territory(policy, **{name: after}) == "field sales"


def test_bands_that_meet_have_neither_a_hole_nor_an_overlap() -> None:
    policy = policy_of(
        rule("small", "inside sales", employees=Within(spans=(Span(less_than=5000),))),
        rule("large", "field sales", employees=Within(spans=(Span(at_least=5000),))),
    )
    assert not found(analysed(policy), *ORDINARY_HOLES, "ambiguous", "boundary-overlap")
    assert territory(policy, employees=4999) == "inside sales"
    assert territory(policy, employees=5000) == "field sales"


# masked and subsumed rules


def names_of(finding: Finding) -> Any:
    return finding.said.values["rules"]


def test_a_rule_masked_by_one_of_a_higher_priority_is_shadowed_by_it() -> None:
    # after KIE's static analysis of DMN tables: a row is masked when a row of higher priority matches all that it does
    policy = policy_of(
        rule("masked", "north", employees=span(100, 200)),
        rule("masking", "south", employees=span(50, None), priority=1),
        rule("beside", "west", employees=span(150, 170), priority=2),  # takes a part of it only
    )
    (finding,) = found(analysed(policy), "shadowed", "shadowed-by-several")
    assert (finding.code, finding.path, names_of(finding)) == ("shadowed", "rules.masked", ["masking"])
    assert shown(policy, finding).rule != "masked"
    assert all(covered(policy, employees=number).rule != "masked" for number in range(250))


def test_a_subsumed_rule_with_the_same_consequence_is_redundant_and_the_one_around_it_is_not() -> None:
    # the example of Red Hat Process Automation Manager, Real-time verification and validation of guided decision tables,
    # Subsumption: age above 10 and age above 20, with the same consequence
    policy = policy_of(
        rule("over 10", "adults", employees=Within(spans=(Span(more_than=10),))),
        rule("over 20", "adults", employees=Within(spans=(Span(more_than=20),))),
    )
    analysis = analysed(policy)
    (finding,) = found(analysis, "redundant", "shadowed", "shadowed-by-several")
    assert (finding.code, finding.path) == ("redundant", "rules.over 20")
    assert finding.witness is not None
    assert finding.witness["employees"] > 20
    assert (analysis.overlaps.resolved, analysis.overlaps.same, analysis.overlaps.ambiguous) == (1, 0, 0)
    without = policy_of(rule("over 10", "adults", employees=Within(spans=(Span(more_than=10),))))
    assert all(territory(policy, employees=age) == territory(without, employees=age) for age in range(9, 23))


def test_a_rule_inside_another_with_another_consequence_is_an_exception_and_nothing_is_wrong_with_it() -> (
    None
):
    policy = policy_of(
        rule("over 10", "adults", employees=Within(spans=(Span(more_than=10),))),
        rule("over 20", "elders", employees=Within(spans=(Span(more_than=20),))),
    )
    assert not found(analysed(policy), "redundant", "shadowed", "shadowed-by-several", "ambiguous")
    assert [territory(policy, employees=age) for age in (10, 11, 20, 21)] == [
        None,
        "adults",
        "adults",
        "elders",
    ]


def test_a_rule_is_shadowed_by_two_others_together_though_by_neither_alone() -> None:
    # 10..29 lies in 0..19 and 20..50 together; 15..24 goes before it, too, and is not needed to cover it
    hidden = rule("hidden", "east", employees=span(10, 29))
    low = rule("low", "north", employees=span(0, 19), priority=1)
    middle = rule("middle", "west", employees=span(15, 24), priority=2)
    high = rule("high", "south", employees=span(20, 50), priority=1)
    policy = policy_of(hidden, low, middle, high)
    (finding,) = found(analysed(policy), "shadowed", "shadowed-by-several")
    assert (finding.code, finding.path) == ("shadowed-by-several", "rules.hidden")
    assert sorted(names_of(finding)) == ["high", "low"]
    assert all(covered(policy, employees=number).rule != "hidden" for number in range(60))
    for left in ([low, middle], [middle, high]):
        assert not found(analysed(policy_of(hidden, *left)), "shadowed", "shadowed-by-several")


def test_a_parent_is_shadowed_by_rules_on_all_that_lies_below_it_but_for_what_is_known_of_the_parent_only() -> (
    None
):
    # MX and US are all of amer: the rule on amer wins only where no more is known of an account than that it is in amer
    whole = rule("amer", "region", geography=under("amer"))
    parts = [rule(code, code, geography=under(code), priority=1) for code in ("US", "MX")]
    policy = policy_of(whole, *parts, dimensions=(GEOGRAPHY,))
    assert not found(analysed(policy), "shadowed", "shadowed-by-several")
    assert [territory(policy, geography=code) for code in ("US", "MX", "amer")] == ["US", "MX", "region"]


# trees


def test_a_rule_on_a_parent_territory_includes_what_lies_below_it() -> None:
    # erpnext#18598, #55004 and Frappe crm#2209: a filter on a parent territory left out its children
    policy = policy_of(rule("emea", "europe", geography=under("emea")), dimensions=(GEOGRAPHY,))
    inside = {code for code in PLACES.parents if territory(policy, geography=code) == "europe"}
    assert inside == {"emea", "DE", "GB", "IE"}
    assert territory(policy, geography=None) is None


def test_a_rule_on_a_child_is_an_exception_to_the_rule_on_its_parent() -> None:
    policy = policy_of(
        rule("emea", "europe", geography=under("emea")),
        rule("DE", "germany", geography=under("DE")),
        rule("rest", "elsewhere", geography=Under(codes=frozenset({"world"}), outside=frozenset({"emea"}))),
        dimensions=(GEOGRAPHY,),
    )
    by_code = {code: territory(policy, geography=code) for code in PLACES.parents}
    assert by_code == {
        "emea": "europe", "DE": "germany", "GB": "europe", "IE": "europe",
        "world": "elsewhere", "apac": "elsewhere", "JP": "elsewhere", "JP-13": "elsewhere",
        "amer": "elsewhere", "US": "elsewhere", "MX": "elsewhere",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "place"),
    [
        (under("emea", "JP-13"), "amer"),  # whole, while of Asia only a part is left
        (
            Under(codes=frozenset({"world"}), outside=frozenset({"JP"})),
            "JP",
        ),  # rather than Tokyo, which lies in it
        (Under(codes=frozenset({"world"}), outside=frozenset({"JP-13"})), "JP-13"),
    ],
)
def test_a_hole_is_shown_by_the_largest_place_that_lies_in_it(cell: Under, place: str) -> None:
    policy = policy_of(rule("known", "east", geography=cell), dimensions=(GEOGRAPHY,))
    (hole,) = found(analysed(policy), *ORDINARY_HOLES)
    assert hole.witness is not None
    assert hole.witness["geography"] == place
    assert shown(policy, hole).result is Result.UNASSIGNED


# postcodes


def postcode_policy(*ranges: str) -> CoveragePolicy:
    return policy_of(rule("inside", "inside", postcode=within(*ranges)), dimensions=(GEOGRAPHY, POSTCODE))


def is_inside(policy: CoveragePolicy, country: str | None, postcode: str | None) -> bool:
    return territory(policy, geography=country, postcode=postcode) == "inside"


def test_a_range_of_postcodes_is_bound_to_its_country() -> None:
    # 10115 is in Berlin in Germany and in New York in the United States
    policy = postcode_policy("DE 10")
    assert is_inside(policy, "DE", "10115")
    assert not is_inside(policy, "US", "10115")
    assert not is_inside(
        policy, "emea", "10115"
    )  # of an account known only as one in EMEA, the country is not
    assert not is_inside(policy, None, "10115")
    assert not is_inside(policy, "DE", None)


def test_a_postcode_below_a_subdivision_is_in_the_country_of_it() -> None:
    assert is_inside(postcode_policy("JP 100"), "JP-13", "100-0001")


def test_a_rule_on_postcodes_is_narrower_than_one_on_their_country_and_than_one_on_a_wider_range() -> None:
    policy = policy_of(
        rule("country", "japan", geography=under("JP")),
        rule("range", "tokyo", postcode=within("JP 100..208")),
        rule("ward", "chiyoda", postcode=within("JP 100..102")),
        dimensions=(GEOGRAPHY, POSTCODE),
    )
    by_postcode = [
        territory(policy, geography="JP", postcode=one) for one in ("530-0001", "150-0001", "100-0001", None)
    ]
    assert by_postcode == ["japan", "tokyo", "chiyoda", "japan"]


@pytest.mark.parametrize("country", ["JP", "US"])
@pytest.mark.parametrize("others", [[], [rule("elsewhere", "west", postcode=within("US 94"))]])
@pytest.mark.parametrize("ranges", [(), ("JP 100",)])
def test_an_unknown_postcode_is_unknown_in_every_country_whatever_other_rules_ask(
    ranges: tuple[str, ...], others: list[CoverageRule], country: str
) -> None:
    asked = rule("unknown", "anybody", postcode=within(*ranges, unknown=True))
    policy = policy_of(asked, *others, dimensions=(GEOGRAPHY, POSTCODE))
    assert territory(policy, geography=country, postcode=None) == "anybody"
    assert territory(policy, geography=None, postcode=None) == "anybody"
    assert territory(policy, geography="JP", postcode="530-0001") is None


def test_a_rule_on_postcodes_of_one_country_in_another_can_hold_for_nobody() -> None:
    policy = policy_of(
        rule("mixed up", "nobody", geography=under("US"), postcode=within("JP 100")),
        rule("fits", "tokyo", geography=under("apac"), postcode=within("JP 100")),
        dimensions=(GEOGRAPHY, POSTCODE),
    )
    (finding,) = found(analysed(policy), "unsatisfiable")
    assert finding.path == "rules.mixed up"


def test_ranges_of_several_countries_in_one_rule_each_hold_in_their_own() -> None:
    policy = postcode_policy("DE 10", "US 94")
    expected = {("DE", "10115"), ("US", "94105")}
    asked = product(("DE", "US", "JP"), ("10115", "94105"))
    assert {one for one in asked if is_inside(policy, *one)} == expected


def test_zeros_at_the_beginning_of_a_postcode_count() -> None:
    # 021xx is Boston (USPS: a ZIP code is five digits; those of Massachusetts begin with 0)
    policy = postcode_policy("US 021..022")
    assert is_inside(policy, "US", "02134")
    assert is_inside(policy, "US", "02299")
    assert is_inside(policy, "US", "02134-1001")  # ZIP+4
    for outside in ("02099", "02300", "21340", "22134", "2134"):
        assert not is_inside(policy, "US", outside)


@pytest.mark.parametrize("written", ["100-0001", "1000001", "１００－０００１", "〒100-0001", "100 0001"])
def test_a_japanese_postcode_is_the_same_with_a_dash_without_and_in_full_width(written: str) -> None:
    assert postcode_key("JP", written) == "1000001"
    policy = postcode_policy("JP 100-0001..100-0005")
    assert is_inside(policy, "JP", written)


@pytest.mark.parametrize("written", ["JP 100-0000..102-9999", "JP 1000000..1029999", "JP 100..102"])
def test_a_range_of_japanese_postcodes_takes_in_both_ends(written: str) -> None:
    policy = postcode_policy(written)
    inside = [one for one in ("0999999", "1000000", "1029999", "1030000") if is_inside(policy, "JP", one)]
    assert inside == ["1000000", "1029999"]


def test_a_range_that_begins_with_fewer_signs_than_it_ends_holds_what_begins_like_one_inside_it() -> None:
    policy = postcode_policy("JP 10..100-0005")
    asked = ("0999999", "1000000", "1000005", "1000006")
    assert [one for one in asked if is_inside(policy, "JP", one)] == ["1000000", "1000005"]


def test_a_british_district_does_not_take_in_the_one_whose_name_begins_with_its_own() -> None:
    # Royal Mail: the inward code is the last three signs; SW1 and SW10 are districts apart
    policy = postcode_policy("GB SW1A")
    assert all(is_inside(policy, "GB", written) for written in ("SW1A 1AA", "sw1a1aa", "SW1A2AA"))
    assert not any(is_inside(policy, "GB", written) for written in ("SW1 1AA", "SW1B 1AA", "SW10 1AA"))
    short = postcode_policy("GB M1")
    assert is_inside(short, "GB", "M1 1AE")
    assert not is_inside(short, "GB", "M11 1AE")
    assert not is_inside(short, "GB", "M12 6JH")


def test_a_british_area_takes_in_its_districts_and_not_the_area_whose_name_begins_with_its_own() -> None:
    policy = postcode_policy("GB S")
    assert all(is_inside(policy, "GB", written) for written in ("S1 2HE", "S10 2TN", "S95 1AA"))
    assert not any(
        is_inside(policy, "GB", written) for written in ("SW1A 1AA", "SE1 9GF", "R1 1AA", "T1 1AA")
    )


def test_british_districts_are_in_no_order() -> None:
    with pytest.raises(InvalidInput, match="not in an order"):
        PostcodeRange.read("GB SW1..SW9")


def test_a_range_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(InvalidInput, match="begins with 102"):
        PostcodeRange.read("JP 102..100")


def test_a_hole_between_two_ranges_of_postcodes_is_shown_by_a_postcode_in_it() -> None:
    policy = policy_of(
        rule("first", "north", postcode=within("JP 0..4")),
        rule("last", "south", postcode=within("JP 6..9")),
        rule("rest", "abroad", geography=Under(outside=frozenset({"JP"}), unknown=True)),
        rule("unknown", "triage", geography=under("JP"), postcode=Postcodes(unknown=True)),
        dimensions=(GEOGRAPHY, POSTCODE),
    )
    (hole,) = found(analysed(policy), *HOLES)
    assert hole.witness is not None
    assert hole.witness["geography"] in ("JP", "JP-13")
    assert hole.witness["postcode"].startswith("5")
    assert shown(policy, hole).result is Result.UNASSIGNED


# ranking


def test_a_tie_is_ambiguous_and_names_what_is_tied_rather_than_nobody() -> None:
    # Salesforce's default code for territories of opportunities: a tie on the highest priority assigns none
    policy = policy_of(
        rule("one", "north", employees=span(0, 100)), rule("two", "south", employees=span(50, 150))
    )
    outcome = covered(policy, employees=75)
    assert (outcome.result, outcome.territory, outcome.tied) == (Result.AMBIGUOUS, None, ("one", "two"))
    assert covered(policy, employees=200).result is Result.UNASSIGNED


def test_rules_of_one_territory_that_nothing_tells_apart_are_no_tie() -> None:
    policy = policy_of(
        rule("one", "north", employees=span(0, 100)), rule("two", "north", employees=span(50, 150))
    )
    outcome = covered(policy, employees=75)
    assert (outcome.result, outcome.territory, outcome.tied) == (Result.ASSIGNED, "north", ())


@pytest.mark.parametrize(
    ("first", "second", "winner"), [(2, 1, "north"), (1, 2, "south"), (-2, -1, "south"), (0, -1, "north")]
)
def test_the_larger_priority_wins(first: int, second: int, winner: str) -> None:
    # Salesforce leaves open whether 001 is the highest or the lowest priority; here the larger number wins
    policy = policy_of(rule("one", "north", priority=first), rule("two", "south", priority=second))
    assert territory(policy, employees=75) == winner


def test_priority_goes_before_a_named_account_and_that_before_the_narrower_region() -> None:
    named = frozenset({"acme"})
    narrow = rule("narrow", "narrow", employees=span(70, 80))
    wide_but_named = rule("named", "named", employees=span(0, None), accounts=named)
    first = rule("first", "first", priority=1)
    assert territory(policy_of(narrow, wide_but_named), employees=75) == "named"
    assert territory(policy_of(narrow, wide_but_named), employees=75, account="other") == "narrow"
    assert territory(policy_of(narrow, wide_but_named, first), employees=75) == "first"


def test_a_tie_broken_by_ids_is_said_to_be_arbitrary() -> None:
    rules = (rule("b", "north", employees=span(0, 100)), rule("a", "south", employees=span(50, 150)))
    policy = policy_of(*rules, ranking=(Ranking.SPECIFICITY, Ranking.ID))
    decision = policy.decide(policy.account("acme", employees=75), TODAY)
    outcome = decision.outcome
    assert (outcome.result, outcome.rule, outcome.is_arbitrary) == (Result.ASSIGNED, "a", True)
    assert outcome.tied == ("a", "b")
    said = " ".join(part.message for part in policy.said(decision).parts)
    assert "arbitrary" in said
    assert not covered(policy, employees=25).is_arbitrary


def test_ids_are_not_asked_where_regions_tell_rules_apart() -> None:
    rules = (rule("b", "north", employees=span(60, 80)), rule("a", "south", employees=span(50, 150)))
    outcome = covered(policy_of(*rules, ranking=(Ranking.SPECIFICITY, Ranking.ID)), employees=75)
    assert (outcome.rule, outcome.is_arbitrary) == ("b", False)


# roles


def test_an_exclusion_takes_a_rule_away_before_rules_are_ranked() -> None:
    policy = policy_of(
        rule("high", "north", priority=9),
        rule("low", "south"),
        rule("not north", "north", Role.EXCLUSION, employees=span(100, None)),
    )
    assert territory(policy, employees=99) == "north"
    outcome = covered(policy, employees=100)
    assert (outcome.result, outcome.territory, outcome.excluded) == (Result.ASSIGNED, "south", ("high",))


def test_codes_that_are_no_neighbours_are_of_one_rule_all_the_same() -> None:
    rules = (
        rule("ends", "north", segment=Among(codes=frozenset({"a", "c"}))),
        rule("middle", "south", segment=Among(codes=frozenset({"b"}))),
    )
    policy = policy_of(*rules, dimensions=(SEGMENT,))
    assert [territory(policy, segment=code) for code in "abc"] == ["north", "south", "north"]
    assert not found(analysed(policy), "unsatisfiable", "shadowed", "redundant", "ambiguous")


def test_of_several_codes_that_are_not_listed_the_first_is_named() -> None:
    fault = GEOGRAPHY.fault_of(under("JP", "ZZ", "AA", "DE"))
    assert fault is not None
    assert fault.startswith("unknown code of places 'AA'")


def test_an_exclusion_where_no_rule_holds_is_idle() -> None:
    big = rule("big", "north", employees=span(100, None))
    south = rule("south", "south", employees=span(1, 49))  # of another territory: nothing to take away
    no_small = rule("no small", "north", Role.EXCLUSION, employees=span(1, 49))
    (finding,) = found(analysed(policy_of(big, south, no_small)), "idle-exclusion")
    assert (finding.path, finding.in_words("en").partition(" (")[0]) == (
        "rules.no small", "no small excludes nothing: no rule holds where it does",
    )  # fmt: skip
    no_huge = rule("no huge", "north", Role.EXCLUSION, employees=span(5000, None))
    assert not found(analysed(policy_of(big, south, no_huge)), "idle-exclusion")


def test_an_exclusion_resolves_a_tie_that_it_takes_one_side_of() -> None:
    policy = policy_of(
        rule("one", "north"), rule("two", "south"), rule("not north", "north", Role.EXCLUSION, priority=-9)
    )
    assert covered(policy, employees=1).territory == "south"


def test_an_exclusion_of_every_territory_leaves_the_house() -> None:
    policy = policy_of(
        rule("one", "north"),
        rule("specialists", "cloud", Role.OVERLAY),
        rule("direct", "vendor", Role.HOUSE),
        rule("nobody", None, Role.EXCLUSION, accounts=frozenset({"acme"})),
    )
    outcome = covered(policy, employees=1)
    assert (outcome.result, outcome.territory, outcome.overlays) == (Result.HOUSE, "vendor", ())
    assert outcome.excluded == ("one", "specialists")
    assert covered(policy, employees=1, account="other").territory == "north"


def test_overlays_never_compete() -> None:
    policy = policy_of(
        rule("one", "north", employees=span(0, 100)),
        rule("cloud", "cloud", Role.OVERLAY, priority=99, employees=span(50, 150)),
        rule("health", "health", Role.OVERLAY, accounts=frozenset({"acme"})),
    )
    both = covered(policy, employees=75)
    assert (both.result, both.territory, both.overlays) == (Result.ASSIGNED, "north", ("cloud", "health"))
    alone = covered(policy, employees=125)
    assert (alone.result, alone.territory, alone.overlays) == (
        Result.UNASSIGNED,
        None,
        ("cloud", "health"),
    )
    assert not found(analysed(policy), "ambiguous", "boundary-overlap")
    assert any(hole.code == "gap" for hole in found(analysed(policy), *HOLES))  # an overlay closes no hole


def test_the_house_covers_what_no_primary_rule_does_whatever_its_priority() -> None:
    # the catch-all territory of Oracle's, here a role that a model has to name
    policy = policy_of(
        rule("one", "north", employees=span(0, 100)),
        rule("direct", "vendor", Role.HOUSE, priority=99, accounts=frozenset({"acme"})),
    )
    first, second = covered(policy, employees=100), covered(policy, employees=101)
    assert (first.result, first.territory) == (Result.ASSIGNED, "north")
    assert (second.result, second.territory) == (Result.HOUSE, "vendor")
    assert covered(policy, employees=101, account="other").result is Result.UNASSIGNED


# what is not known


UNKNOWN_CELLS: list[tuple[str, Cell, bool]] = [
    ("employees", span(0, None), False),
    ("employees", Within(unknown=True), True),
    ("employees", Within(spans=(Span(at_least=9),), unknown=True), True),
    ("segment", Among(codes=frozenset({"bank"})), False),
    ("segment", Among(unknown=True), True),
    ("segment", Among(codes=frozenset({"bank"}), unknown=True), True),
    ("segment", NoneOf(codes=frozenset({"bank"})), False),
    ("segment", NoneOf(codes=frozenset({"bank"}), unknown=True), True),
    ("geography", under("world"), False),
    ("geography", Under(outside=frozenset({"emea"})), False),
    ("geography", Under(unknown=True), True),
    ("geography", Under(outside=frozenset({"emea"}), unknown=True), True),
    ("postcode", within("JP 0..9"), False),
    ("postcode", within("JP 0..9", unknown=True), True),
]


@pytest.mark.parametrize(("name", "cell", "matches"), UNKNOWN_CELLS)
def test_what_is_not_known_matches_only_a_cell_that_says_unknown(
    name: str, cell: Cell, matches: bool
) -> None:
    policy = policy_of(
        rule("asks", "asked", **{name: cell}), dimensions=(EMPLOYEES, SEGMENT, GEOGRAPHY, POSTCODE)
    )
    known: dict[str, Any] = {
        "employees": 1,
        "segment": "shop",
        "geography": "JP",
        "postcode": "100-0001",
        name: None,
    }
    assert (covered(policy, **known).territory == "asked") is matches


def test_what_is_not_known_matches_a_rule_that_does_not_ask() -> None:
    policy = policy_of(rule("any", "everywhere"), dimensions=(EMPLOYEES, SEGMENT, GEOGRAPHY, POSTCODE))
    assert territory(policy) == "everywhere"


def test_only_what_is_not_known_matches_a_cell_of_nothing_else() -> None:
    policy = policy_of(rule("triage", "triage", employees=Within(unknown=True)))
    assert [territory(policy, employees=number) for number in (None, 0, 1)] == ["triage", None, None]


# days


def test_a_rule_is_in_force_from_its_first_day_up_to_not_including_its_end() -> None:
    start, end = datetime.date(2026, 4, 1), datetime.date(2026, 7, 1)
    policy = policy_of(rule("spring", "north", effective=DateRange(start, end)))
    days = (start - A_DAY, start, end - A_DAY, end)
    covering = [covered(policy, day, employees=1).territory for day in days]
    assert covering == [None, "north", "north", None]


def test_rules_of_which_one_ends_as_the_other_begins_leave_no_day_out_and_share_none() -> None:
    change = datetime.date(2026, 7, 1)
    policy = policy_of(
        rule("old", "north", effective=DateRange(None, change)),
        rule("new", "south", effective=DateRange(change, None)),
    )
    assert covered(policy, change - A_DAY, employees=1).territory == "north"
    assert covered(policy, change, employees=1).territory == "south"
    assert not found(analysed(policy), *HOLES, "ambiguous", "boundary-overlap")


@pytest.mark.parametrize(
    ("ends", "code"), [(datetime.date(2026, 6, 30), "gap"), (datetime.date(2026, 7, 2), "ambiguous")]
)
def test_a_day_between_two_rules_or_in_both_is_found(ends: datetime.date, code: str) -> None:
    policy = policy_of(
        rule("old", "north", effective=DateRange(None, ends)),
        rule("new", "south", effective=DateRange(datetime.date(2026, 7, 1), None)),
    )
    codes = {"gap": ORDINARY_HOLES, "ambiguous": ("ambiguous", "boundary-overlap")}[code]
    (finding,) = found(analysed(policy), *codes)
    assert finding.witness is not None
    assert finding.witness["day"] == min(ends, datetime.date(2026, 7, 1))
    expected = Result.UNASSIGNED if code == "gap" else Result.AMBIGUOUS
    assert shown(policy, finding).result is expected


# a law with postcodes


# Postcodes of three digits, as in Iceland and the Faroe Islands.
ISLANDS = Tree(
    "islands", {"world": None, "north": "world", "IS": "north", "IS-1": "IS", "FO": "north", "DK": "world"}
)
COUNTRY = {"IS": "IS", "IS-1": "IS", "FO": "FO", "DK": "DK", "world": None, "north": None, None: None}
ABOVE = {
    "IS-1": {"IS-1", "IS", "north", "world"},
    "IS": {"IS", "north", "world"},
    "FO": {"FO", "north", "world"},
    "DK": {"DK", "world"},
    "north": {"north", "world"},
    "world": {"world"},
}
Range = tuple[str, str, str]  # a country, the first and the last postcode or beginning of one
BEGINNINGS = st.text("019", min_size=1, max_size=3)


@st.composite
def postcode_ranges(draw: st.DrawFn) -> Range:
    low, high = sorted((draw(BEGINNINGS), draw(BEGINNINGS)))
    return draw(st.sampled_from(["IS", "FO"])), low, high


@st.composite
def postcode_rules(draw: st.DrawFn) -> tuple[CoverageRule, ...]:
    rules = []
    for number in range(draw(st.integers(1, 7))):
        role = draw(st.sampled_from([Role.PRIMARY, Role.PRIMARY, Role.PRIMARY, Role.HOUSE, Role.EXCLUSION]))
        cells: dict[str, Cell] = {}
        if draw(st.booleans()):
            codes = draw(st.frozensets(st.sampled_from(sorted(ISLANDS.parents)), min_size=1, max_size=2))
            cells["geography"] = Under(codes=codes, unknown=draw(st.booleans()))
        if draw(st.integers(0, 3)):
            ranges = draw(st.lists(postcode_ranges(), min_size=1, max_size=3))
            cells["postcode"] = within(*(f"{country} {low}..{high}" for country, low, high in ranges))
        rules.append(
            rule(f"r{number}", f"t{draw(st.integers(1, 3))}", role, priority=draw(st.integers(0, 2)), **cells)
        )
    return tuple(rules)


def holds(one: CoverageRule, place: str | None, postcode: str | None) -> bool:
    """Whether a rule holds, from the words alone."""
    places, postcodes = one.cells.get("geography"), one.cells.get("postcode")
    if isinstance(places, Under):
        if place is None and not places.unknown:
            return False
        if place is not None and not ABOVE[place] & places.codes:
            return False
    if isinstance(postcodes, Postcodes):
        return postcode is not None and any(
            each.country == COUNTRY[place]
            and each.first <= postcode[: len(each.first)]
            and postcode[: len(each.last)] <= each.last
            for each in postcodes.ranges
        )
    return True


def by_hand(
    rules: tuple[CoverageRule, ...], place: str | None, postcode: str | None
) -> tuple[Result, str | None]:
    """Who covers an account, by priority alone."""
    holding = [one for one in rules if holds(one, place, postcode)]
    gone = {one.territory for one in holding if one.role is Role.EXCLUSION}
    primaries = [one for one in holding if one.role is Role.PRIMARY and one.territory not in gone]
    left = primaries or [one for one in holding if one.role is Role.HOUSE]
    highest = {one.territory for one in left if one.priority == max(each.priority for each in left)}
    if not highest:
        return Result.UNASSIGNED, None
    if len(highest) > 1:
        return Result.AMBIGUOUS, None
    return (Result.ASSIGNED if primaries else Result.HOUSE), highest.pop()


def elementary_postcodes(rules: tuple[CoverageRule, ...]) -> list[str | None]:
    """The postcodes at, just before and just after every bound, and an unknown one."""
    numbers = {0, 999}
    for one in rules:
        cell = one.cells.get("postcode")
        for each in cell.ranges if isinstance(cell, Postcodes) else ():
            low, high = int(each.first.ljust(3, "0")), int(each.last.ljust(3, "9"))
            numbers |= {low - 1, low, low + 1, high - 1, high, high + 1}
    return [*(f"{number:03}" for number in sorted(numbers) if 0 <= number <= 999), None]


LEAVES = ("IS-1", "FO", "DK")
SLOW = [HealthCheck.too_slow]


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(postcode_rules())
def test_accounts_with_postcodes_are_covered_as_plain_sets_say_and_no_hole_is_missed(
    rules: tuple[CoverageRule, ...],
) -> None:
    dimensions = (TreeDimension(name="geography", tree=ISLANDS), POSTCODE)
    policy = policy_of(*rules, dimensions=dimensions, ranking=(Ranking.PRIORITY,))
    unassigned = []
    for place, postcode in product(COUNTRY, elementary_postcodes(rules)):
        outcome = covered(policy, geography=place, postcode=postcode)
        assert (outcome.result, outcome.territory) == by_hand(rules, place, postcode), (place, postcode)
        if outcome.result is Result.UNASSIGNED:
            unassigned.append((place, postcode))
    holes = found(analysed(policy), *HOLES)
    assert holes or not unassigned
    is_ordinary = any(place in LEAVES and postcode is not None for place, postcode in unassigned)
    assert any(hole.code in ORDINARY_HOLES for hole in holes) or not is_ordinary
    for hole in holes:
        assert shown(policy, hole).result is Result.UNASSIGNED


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(st.lists(st.integers(1, 999), max_size=6, unique=True), st.data())
def test_bands_of_all_postcodes_have_a_hole_where_one_is_left_out_and_nowhere_else(
    cuts: list[int], data: st.DataObject
) -> None:
    starts = ["0", *(f"{cut:03}" for cut in sorted(cuts))]
    ends = [*(f"{cut - 1:03}" for cut in sorted(cuts)), "9"]
    bands = dict(enumerate(zip(starts, ends, strict=True)))
    left_out = data.draw(st.sets(st.sampled_from(sorted(bands))))
    elsewhere = Under(outside=frozenset({"IS"}), unknown=True)
    rules = [
        rule("elsewhere", "abroad", geography=elsewhere),
        rule("unknown", "triage", geography=under("IS"), postcode=Postcodes(unknown=True)),
        rule("Iceland at all", "specialists", Role.OVERLAY, postcode=within("IS 0..9")),
        *(
            rule(f"band {number}", f"t{number % 3}", postcode=within(f"IS {low}..{high}"))
            for number, (low, high) in bands.items()
            if number not in left_out
        ),
    ]
    policy = policy_of(*rules, dimensions=(TreeDimension(name="geography", tree=ISLANDS), POSTCODE))
    holes = found(analysed(policy), *HOLES)
    assert bool(holes) == bool(left_out)
    for hole in holes:
        assert hole.witness is not None
        shown_by = str(hole.witness["postcode"]).ljust(3, "0")
        assert any(bands[one][0].ljust(3, "0") <= shown_by <= bands[one][1].ljust(3, "9") for one in left_out)
        assert shown(policy, hole).result is Result.UNASSIGNED
    for number, (low, high) in bands.items():
        expected = None if number in left_out else f"t{number % 3}"
        for postcode in (low.ljust(3, "0"), high.ljust(3, "9")):
            assert territory(policy, geography="IS-1", postcode=postcode) == expected
