"""What the analysis finds in small models: each finding whole, with its words and the account that shows it.

Every model is small enough to see by eye what is wrong with it; what is expected was written down from that.
"""

import datetime
import random
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, product
from typing import Any

import pytest

from prmcore.decisions import Kind
from prmcore.decisions.explain import put_into_words
from prmcore.decisions.lint import Finding
from prmcore.territory.coverage import (
    Among,
    Analysis,
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
)
from prmcore.territory.coverage.analysis import Hole, Overlaps
from prmcore.territory.coverage.axes import Likeness
from prmcore.territory.coverage.index import bits
from prmcore.values import DateRange, Text, Tree

D = datetime.date
A_DAY = D(2000, 1, 1)  # where no rule and nobody says one
EMPLOYEES, SEGMENT = SpanDimension(name="employees", kind=Kind.COUNT), CodeDimension(name="segment")
PLACES = Tree("places", {"world": None, "emea": "world", "DE": "emea", "apac": "world", "JP": "apac"})
GEOGRAPHY, POSTCODE = TreeDimension(name="geography", tree=PLACES), PostcodeDimension(name="postcode")


def rule(id: str, territory: str | None, role: Role = Role.PRIMARY, /, **told: Any) -> CoverageRule:
    more = {word: told.pop(word) for word in ("priority", "accounts", "effective", "text") if word in told}
    return CoverageRule(id=id, territory=territory, role=role, cells=told, **more)


def model(
    *rules: CoverageRule, dimensions: Sequence[Dimension] = (EMPLOYEES,), **told: Any
) -> CoveragePolicy:
    names = sorted({one.territory for one in rules if one.territory is not None})
    told.setdefault("territories", tuple(Territory(name=name) for name in names))
    return CoveragePolicy(CoverageModel(name="coverage/1", dimensions=tuple(dimensions), rules=rules, **told))


def within(*spans: Span, unknown: bool = True) -> Within:
    """Ordered values, and what is not known: so that no hole is one of what is not known."""
    return Within(spans=spans, unknown=unknown)


def band(first: int, last: int | None, unknown: bool = False) -> Within:
    return within(Span(at_least=first, at_most=last), unknown=unknown)


def words(*codes: str, unknown: bool = False) -> Among:
    return Among(codes=frozenset(codes), unknown=unknown)


def under(*codes: str, unknown: bool = True) -> Under:
    return Under(codes=frozenset(codes), unknown=unknown)


def told(finding: Finding) -> str:
    return put_into_words(finding.said, "en").text


def lines(analysis: Analysis) -> list[tuple[str, str, str]]:
    return [(one.code, one.path, told(one)) for one in analysis.findings]


def look(policy: CoveragePolicy, **asked: Any) -> list[tuple[str, str, str]]:
    found = analysed(policy, **asked)
    assert found.is_complete
    return lines(found)


# holes


PLAIN, COARSE, UNKNOWN = Likeness.PLAIN, Likeness.COARSE, Likeness.UNKNOWN


@pytest.mark.parametrize(
    ("dimensions", "cells", "hole", "code", "says"),
    [
        ((), [], Hole({}, A_DAY, PLAIN), "gap", "nobody covers any account that no rule names"),
        (
            (EMPLOYEES, SEGMENT), [{"employees": within(Span(less_than=5), Span(more_than=6))}],
            Hole({"employees": 5, "segment": "other-segment"}, A_DAY, PLAIN, ("employees",)),
            "gap", "nobody covers accounts such as employees: 5",
        ),
        (
            (EMPLOYEES, SEGMENT), [{"employees": within(Span(less_than=5), Span(more_than=5))}],
            Hole({"employees": 5, "segment": "other-segment"}, A_DAY, PLAIN, ("employees",), ("employees",)),
            "boundary-gap", "nobody covers exactly this value of employees: employees: 5",
        ),
        (
            (EMPLOYEES, SEGMENT), [{"employees": within(Span(less_than=5))}, {"segment": words("a", unknown=True)}],
            Hole({"employees": 5, "segment": "other-segment"}, A_DAY, PLAIN, ("employees", "segment")),
            "gap", "nobody covers accounts such as employees: 5 and segment: other-segment",
        ),
        (
            (EMPLOYEES, SEGMENT), [{"employees": band(0, None)}],
            Hole({"employees": None, "segment": "other-segment"}, A_DAY, UNKNOWN, ("employees",)),
            "gap-unknown", "nobody covers an account of which this is not known: employees",
        ),
        (
            (GEOGRAPHY,), [{"geography": under("emea", "apac")}],
            Hole({"geography": "world"}, A_DAY, COARSE, ("geography",)),
            "gap-coarse", "nobody covers an account that is known only as geography: world",
        ),
        (
            (GEOGRAPHY,), [{"geography": under("emea")}], Hole({"geography": "apac"}, A_DAY, PLAIN, ("geography",)),
            "gap", "nobody covers accounts such as geography: apac",
        ),
        (
            (), [{"effective": DateRange(D(2026, 1, 1), D(2026, 2, 1))}, {"effective": DateRange(D(2026, 3, 1), D(2026, 4, 1))}],
            Hole({}, D(2026, 2, 1), PLAIN, ("day",)), "gap", "nobody covers accounts such as day: February 1, 2026",
        ),
        (
            (), [{"effective": DateRange(None, D(2026, 2, 1))}, {"effective": DateRange(D(2026, 2, 2), None)}],
            Hole({}, D(2026, 2, 1), PLAIN, ("day",), ("day",)),
            "boundary-gap", "nobody covers exactly this value of day: day: February 1, 2026",
        ),
    ],
)  # fmt: skip
def test_a_hole_is_shown_by_an_account_and_said(
    dimensions: Sequence[Dimension], cells: list[dict[str, Any]], hole: Hole, code: str, says: str
) -> None:
    policy = model(*(rule(f"r{n}", "east", **one) for n, one in enumerate(cells)), dimensions=dimensions)
    found = analysed(policy)
    (finding,) = (one for one in found.findings if "gap" in one.code)
    whole = {"account": "other-account", **hole.values}
    assert found.holes == (Hole(whole, hole.day, hole.likeness, hole.bounded, hole.singles),)
    assert (finding.code, finding.path, told(finding)) == (code, "rules", says)
    assert finding.witness == {**whole, "day": hole.day}
    assert policy.decide(*as_account(policy, finding)).outcome.result is Result.UNASSIGNED


def test_values_of_a_hole_are_called_as_people_call_them() -> None:
    size = SpanDimension(name="size", kind=Kind.NUMBER, text=Text.of("size of the firm"))
    policy = model(rule("r", "east", size=within(Span(less_than=Fraction(5)))), dimensions=(size,))
    assert look(policy) == [("gap", "rules", "nobody covers accounts such as size of the firm: 5")]


def test_of_holes_side_by_side_one_is_told_and_ordinary_ones_come_first() -> None:
    by_place = rule("r", "east", employees=band(5, None), segment=words("a"))
    found = analysed(model(by_place, dimensions=(EMPLOYEES, SEGMENT)))
    assert [hole.likeness for hole in found.holes] == sorted(hole.likeness for hole in found.holes)
    assert found.findings[0].code == "gap"


def combed(teeth: int) -> list[str]:
    """The codes of what is found where so many single counts are covered: behind each of them there is a hole."""
    spans = [Span(at_least=2 * number, at_most=2 * number) for number in range(teeth)]
    return [code for code, _, _ in look(model(rule("comb", "east", employees=within(*spans))))]


def test_beyond_fifty_holes_it_is_said_that_there_are_more() -> None:
    assert combed(50) == ["boundary-gap"]
    assert combed(51)[1:] == ["gap-more"]
    rest = rule("rest", "east", employees=band(0, None))
    assert look(model(rest, rule("unknown", "east", employees=Within(unknown=True)))) == []


# days


TWO_MONTHS = (
    rule("january", "east", effective=DateRange(D(2026, 1, 1), D(2026, 2, 1))),
    rule("march", "west", effective=DateRange(D(2026, 3, 1), D(2026, 4, 1))),
)
NO_JANUARY = ("unsatisfiable", "rules.january", "no account can meet january")
NO_MARCH = ("unsatisfiable", "rules.march", "no account can meet march")


def gap(day: str) -> tuple[str, str, str]:
    return ("gap", "rules", f"nobody covers accounts such as day: {day}")


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        (None, [gap("February 1, 2026")]),
        (DateRange(D(2026, 1, 1), D(2026, 4, 1)), [gap("February 1, 2026")]),
        (DateRange(D(2026, 1, 15), D(2026, 2, 1)), [NO_MARCH]),
        (DateRange(D(2026, 1, 15), D(2026, 2, 2)), [gap("February 1, 2026"), NO_MARCH]),
        (DateRange(D(2026, 3, 1), D(2026, 4, 1)), [NO_JANUARY]),
        (DateRange(D(2026, 3, 31), None), [gap("April 1, 2026"), NO_JANUARY]),
        (
            DateRange(None, D(2026, 1, 1)),
            [("gap", "rules", "nobody covers any account that no rule names"), NO_MARCH, NO_JANUARY],
        ),
    ],
)  # fmt: skip
def test_only_the_days_that_are_asked_for_are_looked_at(
    period: DateRange | None, expected: list[tuple[str, str, str]]
) -> None:
    assert sorted(look(model(*TWO_MONTHS), within=period)) == sorted(expected)


def test_a_hole_on_every_day_is_shown_on_the_first_that_is_asked_for() -> None:
    policy = model(rule("small", "east", employees=band(0, 4, unknown=True)))
    for period, day in ((None, A_DAY), (DateRange(D(2026, 3, 31), None), D(2026, 3, 31)), (DateRange(None, TODAY), A_DAY)):  # fmt: skip
        (hole,) = analysed(policy, period).holes
        assert hole.day == day


TODAY = D(2026, 4, 1)


def test_where_no_rule_covers_the_days_of_all_the_others_are_looked_at() -> None:
    only = rule("never", None, Role.EXCLUSION, effective=DateRange(TODAY, D(2026, 5, 1)))
    found = look(model(only))
    assert found == [
        ("gap", "rules", "nobody covers any account that no rule names"),
        ("idle-exclusion", "rules.never", "never excludes nothing: no rule holds where it does"),
    ]


# rules one by one


def test_a_rule_that_nobody_can_meet() -> None:
    cells = {
        "geography": under("DE", unknown=False),
        "postcode": Postcodes(ranges=(PostcodeRange.read("JP 1"),)),
    }
    policy = model(
        rule("all", "east"), rule("mixed", "west", text=Text.of("the mixed one"), **cells), dimensions=(GEOGRAPHY, POSTCODE)
    )  # fmt: skip
    assert look(policy) == [("unsatisfiable", "rules.mixed", "no account can meet the mixed one")]


def test_exclusions_that_take_something_away_and_one_that_does_not() -> None:
    policy = model(
        rule("all", "east"), rule("small", "west", employees=band(0, 9)),
        rule("not west", "west", Role.EXCLUSION, employees=band(5, 20)),
        rule("not the large west", "west", Role.EXCLUSION, employees=band(10, None)),
    )  # fmt: skip
    found = analysed(policy)
    assert lines(found) == [
        (
            "idle-exclusion", "rules.not the large west",
            "not the large west excludes nothing: no rule holds where it does",
        ),
    ]  # fmt: skip
    assert found.findings[0].witness == {"account": "other-account", "employees": 10, "day": A_DAY}


def test_rules_that_never_win_are_told_with_those_that_go_before_them() -> None:
    policy = model(
        rule("all", "east"),
        rule("low", "south", employees=band(10, 20)),
        rule("high", "north", employees=band(0, 50), priority=1),
        rule("rest", "west", employees=band(5, 60)),
        rule("more", "field", employees=band(51, 60), priority=1),
    )
    found = analysed(policy)
    assert lines(found) == [
        ("shadowed", "rules.low", "low never wins: wherever it holds, this goes before it: high"),
        ("shadowed-by-several", "rules.rest", "rest never wins: wherever it holds, this goes before it: more and high"),
    ]  # fmt: skip
    assert [one.witness for one in found.findings] == [
        {"account": "other-account", "employees": 10, "day": A_DAY},
        {"account": "other-account", "employees": 5, "day": A_DAY},
    ]


def test_an_exclusion_keeps_a_rule_from_winning_too() -> None:
    policy = model(
        rule("all", "east"), rule("small", "west", employees=band(0, 9)), rule("not west", "west", Role.EXCLUSION, employees=band(0, 20)),
    )  # fmt: skip
    assert look(policy) == [
        ("shadowed", "rules.small", "small never wins: wherever it holds, this goes before it: not west")
    ]


@pytest.mark.parametrize(
    ("others", "is_redundant"),
    [
        ([], True),
        ([rule("west", "west", priority=-1)], True),  # the rule around it goes before that one, too
        ([rule("west", "west", employees=band(15, 30))], False),  # ambiguous with the rule around it alone
        ([rule("west", "west", employees=band(8, 25))], False),  # which this one beats, and the one around it does not
        ([rule("house", "vendor", Role.HOUSE)], True),
        ([rule("cloud", "cloud", Role.OVERLAY)], True),
    ],
)  # fmt: skip
def test_a_rule_without_which_the_same_territory_covers_the_same_changes_nothing(
    others: list[CoverageRule], is_redundant: bool
) -> None:
    policy = model(rule("all", "east", employees=band(0, 99)), rule("some", "east", employees=band(10, 20)), *others)  # fmt: skip
    found = [one for one in look(policy) if one[0] == "redundant"]
    expected = (
        "redundant", "rules.some", "some changes nothing: without it, east covers the same accounts",
    )  # fmt: skip
    assert found == [expected] * is_redundant


def test_a_rule_that_is_needed_in_a_part_of_its_region_is_not_redundant() -> None:
    """Both cover 10..15; 16..20 only the second, 0..9 only the first."""
    both = (rule("first", "east", employees=band(0, 15)), rule("second", "east", employees=band(10, 20)))
    assert [one[0] for one in look(model(*both)) if one[0] == "redundant"] == []
    third = rule("third", "east", employees=band(5, 18))  # of which the two others cover all
    assert [one[:2] for one in look(model(*both, third)) if one[0] == "redundant"] == [
        ("redundant", "rules.third")
    ]


def test_where_ties_are_broken_by_ids_a_rule_matters_when_its_id_does() -> None:
    """Of b in the east, c in the west and a further one in the east: with a the east wins everywhere, with d nowhere more."""
    for id, matters in (("a", True), ("d", False)):
        rules = (rule("b", "west"), rule("c", "east"), rule(id, "east"))
        found = look(model(*rules, ranking=(Ranking.ID,)))
        assert ("redundant" not in {code for code, path, _ in found if path == f"rules.{id}"}) is matters
    assert look(model(rule("b", "west"), rule("c", "east"), ranking=(Ranking.ID,)))[0][0] == "redundant"


def test_where_ties_are_broken_by_ids_all_of_a_rule_is_looked_at() -> None:
    """Up to 9 the east covers everybody in any case; from 10 on b would be the first without a, and is before d."""
    others = (rule("b", "west", employees=band(10, 30)), rule("c", "east"))
    for id, matters in (("a", True), ("d", False)):
        found = look(model(*others, rule(id, "east", employees=band(0, 20)), ranking=(Ranking.ID,)))
        assert (("redundant", f"rules.{id}") not in {one[:2] for one in found}) is matters


# rules two by two


def test_rules_that_nothing_tells_apart_are_told_with_an_account_that_is_in_both() -> None:
    policy = model(
        rule("s", "east", employees=band(0, 5)), rule("t", "west", employees=band(5, None), text=Text.of("the large ones")),
        rule("u", "west", employees=Within(unknown=True)),
        territories=(Territory(name="east", text=Text.of("Team East")), Territory(name="west")),
    )  # fmt: skip
    found = analysed(policy)
    assert lines(found) == [(
        "boundary-overlap", "rules.s",
        "s (Team East) and the large ones (west) share one value of employees, and nothing tells them apart there",
    )]  # fmt: skip
    assert found.findings[0].witness == {"account": "other-account", "employees": 5, "day": A_DAY}
    assert (found.overlaps, found.holes, found.is_complete) == (Overlaps(ambiguous=1), (), True)


def test_an_overlap_that_a_third_rule_or_an_exclusion_resolves_is_none() -> None:
    rules = (rule("s", "east", employees=band(0, 6)), rule("t", "west", employees=band(5, None)))
    rest = rule("rest", "house", Role.HOUSE)
    (found,) = look(model(*rules, rest))
    assert found == ("ambiguous", "rules.s", "nothing tells s (east) and t (west) apart where both hold")
    above = rule("both", "north", employees=band(5, 6), priority=1)
    assert look(model(*rules, rest, above)) == []
    assert look(model(*rules, rest, rule("not west", "west", Role.EXCLUSION, employees=band(5, 6)))) == []


def test_pairs_of_rules_are_counted_by_what_tells_them_apart() -> None:
    """Resolved: the band in the narrower one, the two with the one of priority, all four with the house."""
    policy = model(
        rule("first", "north", priority=1, employees=band(0, 12)), rule("wide", "east", employees=band(0, 20)),
        rule("narrow", "west", employees=band(10, 20)), rule("beside", "west", employees=band(15, 30)),
        rule("house", "vendor", Role.HOUSE), rule("cloud", "cloud", Role.OVERLAY), rule("not", "cloud", Role.EXCLUSION),
    )  # fmt: skip
    # first: wide, narrow; wide: narrow (resolved), beside (ambiguous); narrow: beside (same); house: each of the four
    assert analysed(policy).overlaps == Overlaps(resolved=2 + 1 + 4, same=1, ambiguous=1)


def test_beyond_two_hundred_pairs_one_is_told_for_each_rule() -> None:
    """Of 22 rules that all meet, 14 have 21, 20 ... 8 others after them: 203 pairs, of which 201 are told; then one for each
    of the seven that follow and have one after them."""
    names = [f"t{number:02}" for number in range(22)]
    found = look(model(*(rule(name, name) for name in names)))
    assert [code for code, _, _ in found] == ["ambiguous"] * (201 + 7)


# territories, and the end of all steps


def test_a_territory_that_nothing_comes_to_is_told_and_one_that_is_fallen_back_on_is_used() -> None:
    territories = (
        Territory(name="east", fallback="rest"), Territory(name="rest"), Territory(name="idle"),
        Territory(name="idle too", text=Text.of("Team Idle")), Territory(name="kept out"),
    )  # fmt: skip
    policy = model(rule("all", "east"), rule("cloud", "kept out", Role.OVERLAY), territories=territories)
    assert look(policy) == [
        ("unused-territory", "territories.idle", "no rule gives idle anything"),
        ("unused-territory", "territories.idle too", "no rule gives Team Idle anything"),
    ]


def test_when_the_steps_run_out_it_is_said_once_and_territories_are_looked_at_all_the_same() -> None:
    territories = (Territory(name="east"), Territory(name="west"), Territory(name="idle"))
    rules = (rule("s", "east", employees=band(0, 5)), rule("t", "west", employees=band(5, None)))
    found = analysed(model(*rules, territories=territories), budget=0)
    assert not found.is_complete
    assert lines(found) == [
        ("undecided", "rules", "the coverage: too many combinations to decide"),
        ("unused-territory", "territories.idle", "no rule gives idle anything"),
    ]
    assert [one.witness for one in found.findings] == [None, None]


def test_the_first_and_the_last_day_of_the_calendar_leave_no_hole_outside_of_them() -> None:
    founded = SpanDimension(name="founded", kind=Kind.DATE)
    always = rule("always", "east", founded=within(Span(at_least=D.min, at_most=D.max)))
    assert look(model(always, dimensions=(founded,))) == []


def test_a_closed_list_that_is_named_whole_leaves_no_hole() -> None:
    brands = CodeDimension(name="brand", accepted=frozenset("ab"))
    named = (rule("a", "east", brand=words("a", unknown=True)), rule("b", "west", brand=words("b")))
    assert look(model(*named, dimensions=(brands,))) == []
    assert (
        look(model(named[0], rule("rest", "west", brand=NoneOf(codes=frozenset("a"))), dimensions=(brands,)))
        == []
    )


# every account of many small models


RANKINGS = (
    (Ranking.PRIORITY, Ranking.NAMED, Ranking.SPECIFICITY), (Ranking.PRIORITY, Ranking.DIMENSIONS), (Ranking.SPECIFICITY, Ranking.ID),
    (Ranking.SPECIFICITY, Ranking.DIMENSIONS),
)  # fmt: skip
ROLES = (Role.PRIMARY, Role.PRIMARY, Role.PRIMARY, Role.HOUSE, Role.OVERLAY, Role.EXCLUSION)


def drawn(seed: int) -> CoveragePolicy:
    """Four to eight rules over counts up to five and two words, the same for the same seed."""
    chance = random.Random(seed)
    rules = []
    for number in range(chance.randint(4, 8)):
        cells: dict[str, Any] = {}
        if chance.random() < 0.7:
            low, high = sorted((chance.randint(0, 5), chance.randint(0, 5)))
            cells["employees"] = band(low, chance.choice((high, None)), chance.random() < 0.3)
        if chance.random() < 0.5:
            cells["segment"] = words(*chance.choice(("a", "b", "ab")), unknown=chance.random() < 0.3)
        if chance.random() < 0.2:
            cells["accounts"] = frozenset({"acme"})
        name, role = chance.choice(("east", "west", "north")), chance.choice(ROLES)
        rules.append(rule(f"r{number}", name, role, priority=chance.choice((0, 0, 1)), **cells))
    return model(*rules, dimensions=(EMPLOYEES, SEGMENT), ranking=RANKINGS[seed % len(RANKINGS)])


@pytest.mark.parametrize("seed", range(40))
def test_what_is_found_is_what_trying_every_account_finds(seed: int) -> None:
    """Which rule goes before which is asked of the index; what comes of it for each account, not of the analysis."""
    policy = drawn(seed)
    index, found = policy.index, analysed(policy)
    accounts = [
        policy.account(account, employees=count, segment=word)
        for account, count, word in product(("acme", "other"), (*range(7), None), ("a", "b", "c", None))
    ]
    held = [policy.decide(one, A_DAY).mask for one in accounts]
    left = {mask: index.without_excluded(mask) for mask in held}
    places = {one.id: place for place, one in enumerate(index.rules)}

    def holds(place: int) -> list[int]:
        return [mask for mask in held if mask >> place & 1]

    def covering(mask: int) -> tuple[Any, ...]:
        winner = index.winner(mask)
        return winner.result, winner.territory, winner.result is Result.AMBIGUOUS and winner.tied

    def coded(*codes: str) -> set[int]:
        return {places[one.path.removeprefix("rules.")] for one in found.findings if one.code in codes}

    never, idle, needless = set(), set(), set()
    for place, one in enumerate(index.rules):
        if one.role is Role.EXCLUSION:
            if not any(mask & index.excluded_by(place) for mask in holds(place)):
                idle.add(place)
        elif all(left[mask] & (index.beaters(place) | index.excluding(place)) for mask in holds(place)):
            never.add(place)
        elif one.role is not Role.OVERLAY and all(covering(mask) == covering(mask & ~(1 << place)) for mask in holds(place)):  # fmt: skip
            needless.add(place)
    outcomes = [covering(mask)[0] for mask in held]
    assert coded("shadowed", "shadowed-by-several") == never
    assert coded("idle-exclusion") == idle
    assert coded("redundant") == needless
    assert bool(coded("ambiguous", "boundary-overlap")) == (Result.AMBIGUOUS in outcomes)
    assert any("gap" in one.code for one in found.findings) == (Result.UNASSIGNED in outcomes)
    for finding in found.findings:
        if "shadowed" in finding.code:  # those named go before it everywhere, and none of them is needless
            before = [bits([places[name]]) for name in finding.said.values["rules"]]
            mine = [left[mask] for mask in holds(places[finding.path.removeprefix("rules.")])]
            assert all(mask & sum(before) for mask in mine)
            assert len(before) == 1 or all(any(not mask & (sum(before) - each) for mask in mine) for each in before)  # fmt: skip
    together = [
        (a, b) for a, b in combinations(range(index.size), 2)
        if index.competing >> a & index.competing >> b & 1 and any(mask >> a & mask >> b & 1 for mask in held)
    ]  # fmt: skip
    apart = [(a, b) for a, b in together if (index.beaters(a) >> b | index.beaters(b) >> a) & 1]
    same = [
        (a, b) for a, b in set(together) - set(apart) if index.rules[a].territory == index.rules[b].territory
    ]
    counted = (found.overlaps.resolved, found.overlaps.same, found.overlaps.ambiguous)
    assert counted == (len(apart), len(same), len(together) - len(apart) - len(same))
