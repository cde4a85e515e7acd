"""The index of a model: which rules go before which, what exclusions take away, and which rules hold where.

What each rule beats was worked out by hand from the words of the ranking.
"""

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from prmcore.decisions import Kind
from prmcore.territory.coverage import (
    Among,
    CodeDimension,
    CoverageModel,
    CoveragePolicy,
    CoverageRule,
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
)
from prmcore.territory.coverage.axes import code_axis
from prmcore.territory.coverage.index import NOBODY, Column, CoverageIndex, Winner, bits, places_in
from prmcore.values import DateRange, Tree

TODAY = datetime.date(2026, 4, 1)
DIMENSIONS = (SpanDimension(name="employees", kind=Kind.COUNT), CodeDimension(name="segment"))
A = Among(codes=frozenset({"a"}))


def between(first: int, last: int) -> Within:
    return Within(spans=(Span(at_least=first, at_most=last),))


def rule(
    id: str, territory: str | None, role: Role = Role.PRIMARY, /, priority: int = 0, accounts: tuple[str, ...] = (), **cells: Any
) -> CoverageRule:  # fmt: skip
    named = frozenset(accounts) or None
    return CoverageRule(id=id, territory=territory, role=role, priority=priority, accounts=named, cells=cells)


RULES = (
    rule("top", "north", priority=1),
    rule("named", "south", accounts=("acme",)),
    rule("narrow", "north", employees=between(10, 20), segment=A),
    rule("wide", "south", employees=between(0, 50)),
    rule("other", "west", employees=between(15, 60)),
    rule("segment", "west", segment=A),
    rule("first house", "vendor", Role.HOUSE, priority=1),
    rule("house", "vendor", Role.HOUSE),
    rule("beside", "cloud", Role.OVERLAY, priority=9),
    rule("not north", "north", Role.EXCLUSION),
    rule("nobody", None, Role.EXCLUSION),
)


def indexed(
    *rules: CoverageRule, ranking: tuple[Ranking, ...] = (Ranking.PRIORITY, Ranking.NAMED, Ranking.SPECIFICITY)
) -> CoverageIndex:  # fmt: skip
    names = sorted({one.territory for one in rules if one.territory is not None})
    return CoveragePolicy(
        CoverageModel(
            name="coverage/1", dimensions=DIMENSIONS, territories=tuple(Territory(name=name) for name in names),
            rules=rules, ranking=ranking, order=("employees", "segment"),
        )
    ).index  # fmt: skip


def names(index: CoverageIndex, mask: int) -> set[str]:
    return {index.rules[place].id for place in places_in(mask)}


def asked(index: CoverageIndex, question: str, *ids: str) -> list[set[str]]:
    """What the index says of each of these rules, by the ids of rules."""
    places = {one.id: place for place, one in enumerate(index.rules)}
    answers: list[Any] = [getattr(index, question) for _ in ids]
    found = [
        one(places[id]) if callable(one) else one[places[id]] for one, id in zip(answers, ids, strict=True)
    ]
    return [names(index, mask) for mask in found]


def by_region() -> CoverageIndex:
    return indexed(*RULES)


def by_dimension() -> CoverageIndex:
    return indexed(*RULES, ranking=(Ranking.PRIORITY, Ranking.DIMENSIONS))


def by_priority() -> CoverageIndex:
    return indexed(*RULES, ranking=(Ranking.PRIORITY,))


PEERS = ("narrow", "wide", "other", "segment")
HOUSES = {"first house", "house"}


def test_rules_that_only_their_regions_tell_apart_are_peers() -> None:
    assert asked(by_region(), "peers", "top", "named", "first house", "house") == [
        {"top"}, {"named"}, {"first house"}, {"house"},
    ]  # fmt: skip
    assert asked(by_region(), "peers", *PEERS) == [set(PEERS)] * 4
    assert asked(by_dimension(), "peers", *PEERS, "named") == [{*PEERS, "named"}] * 5


def test_a_rule_beats_those_of_its_peers_whose_region_holds_its_own() -> None:
    """10..20 and a lies in 0..50 and in a; 15..60 overlaps both bands; nothing else lies in anything."""
    expected = [{"wide", "segment"}, set(), set(), set()]
    assert asked(by_region(), "beaten", *PEERS) == expected
    assert asked(by_region(), "rivals", *PEERS) == [
        {"other"}, {"narrow", "other", "segment"}, {"narrow", "wide"}, {"narrow", "wide"},
    ]  # fmt: skip
    assert asked(by_region(), "beaters", *PEERS) == [
        {"top", "named"}, {"top", "named", "narrow"}, {"top", "named"}, {"top", "named", "narrow"},
    ]  # fmt: skip
    assert asked(by_region(), "going_after", *PEERS) == [one | HOUSES for one in expected]


def test_by_dimension_the_first_on_which_two_rules_differ_tells_them_apart() -> None:
    """The band of every rule but two is narrower than any number; of those two one asks for a segment."""
    expected = [
        {"wide", "segment", "named"}, {"segment", "named"}, {"segment", "named"}, {"named"}, set(),
    ]  # fmt: skip
    assert asked(by_dimension(), "beaten", *PEERS, "named") == expected
    assert asked(by_dimension(), "beaters", *PEERS, "named") == [
        {"top"}, {"top", "narrow"}, {"top"}, {"top", "narrow", "wide", "other"}, {"top", *PEERS},
    ]  # fmt: skip
    assert asked(by_dimension(), "going_after", *PEERS, "named") == [one | HOUSES for one in expected]


def test_by_priority_alone_no_region_goes_before_another() -> None:
    assert asked(by_priority(), "beaten", *PEERS) == [set()] * 4
    assert asked(by_priority(), "beaters", *PEERS) == [{"top"}] * 4
    assert asked(by_priority(), "going_after", *PEERS) == [HOUSES] * 4


@pytest.mark.parametrize("made", [by_region, by_dimension, by_priority])
def test_ranks_go_before_one_another_primaries_before_houses_and_nothing_else_competes(made: Callable[[], CoverageIndex]) -> None:  # fmt: skip
    index = made()
    assert asked(index, "beaters", "top", "first house", "house", "beside", "nobody") == [
        set(), {"top", "named", *PEERS}, {"top", "named", *PEERS, "first house"}, set(), set(),
    ]  # fmt: skip
    assert asked(index, "going_after", "top", "first house", "house") == [
        {"named", *PEERS, *HOUSES}, {"house"}, set(),
    ]  # fmt: skip
    assert names(index, index.competing) == {"top", "named", *PEERS, *HOUSES}
    assert names(index, index.exclusions) == {"not north", "nobody"}
    assert names(index, index.every) == {one.id for one in RULES}


def test_an_exclusion_takes_away_its_territory_or_the_whole_channel() -> None:
    index = by_region()
    channel = {"top", "named", *PEERS, "beside"}
    assert asked(by_region(), "excluded_by", "not north", "nobody") == [{"top", "narrow"}, channel]
    assert asked(by_region(), "excluding", "top", "wide", "beside", "house", "not north", "nobody") == [
        {"not north", "nobody"}, {"nobody"}, {"nobody"}, set(), set(), set(),
    ]  # fmt: skip
    assert names(index, index.without_excluded(index.every)) == {*HOUSES, "not north", "nobody"}
    only_named = indexed(*(one for one in RULES if one.id != "nobody"))
    assert asked(only_named, "excluding", "top", "wide") == [{"not north"}, set()]


def test_rules_stand_in_the_order_in_which_they_win() -> None:
    """Of peers whoever can beat another stands above it; what nothing tells apart stands by its id."""
    assert [one.id for one in by_priority().rules][::-1][:1] == ["top"]
    order = [one.id for one in reversed(by_region().rules)]
    assert order[:3] == ["top", "named", "narrow"]
    assert order[6:] == ["first house", "house", "nobody", "not north", "beside"]
    alike = indexed(*(rule(id, id) for id in ("b", "c", "a")), ranking=())
    assert [one.id for one in alike.rules] == ["c", "b", "a"]


def test_who_wins_of_rules_that_hold() -> None:
    index = by_region()
    places = {one.id: place for place, one in enumerate(index.rules)}

    def winner(*ids: str) -> Winner:
        return index.winner(bits([places[id] for id in ids]))

    assert winner() == winner("beside") == winner("nobody", "top") == NOBODY == Winner(Result.UNASSIGNED)
    assert winner("wide", "beside", "house") == Winner(Result.ASSIGNED, "south", "wide")
    assert winner("narrow", "wide", "segment") == Winner(Result.ASSIGNED, "north", "narrow")
    assert winner("narrow", "wide", "not north", "house") == Winner(Result.ASSIGNED, "south", "wide")
    assert winner("house", "nobody", "wide") == Winner(Result.HOUSE, "vendor", "house")
    assert winner("other", "wide", "house") == Winner(Result.AMBIGUOUS, tied=("other", "wide"))
    assert winner("other", "wide", "top") == Winner(Result.ASSIGNED, "north", "top")
    assert winner("other", "segment").territory == "west"
    assert winner("other", "wide", "narrow") == Winner(Result.AMBIGUOUS, tied=("narrow", "other"))


def test_by_ids_the_smallest_of_those_that_are_left_wins() -> None:
    index = indexed(*RULES, ranking=(Ranking.SPECIFICITY, Ranking.ID))
    places = {one.id: place for place, one in enumerate(index.rules)}
    both = bits([places["wide"], places["other"], places["segment"]])
    assert index.winner(both) == Winner(
        Result.ASSIGNED, "west", "other", ("other", "segment", "wide"), is_arbitrary=True
    )
    houses = indexed(rule("b", "one", Role.HOUSE), rule("a", "two", Role.HOUSE), ranking=(Ranking.ID,))
    assert houses.winner(houses.every) == Winner(Result.HOUSE, "two", "a", ("a", "b"), is_arbitrary=True)


def test_a_model_without_rules_covers_nobody_and_that_is_found() -> None:
    model = CoverageModel(name="coverage/1", dimensions=DIMENSIONS, territories=(), rules=())
    policy = CoveragePolicy(model)
    assert policy.decide(policy.account("acme"), TODAY).outcome.result is Result.UNASSIGNED
    assert [(one.code, str(one.said.message)) for one in analysed(policy).findings] == [
        ("gap", "nobody covers any account that no rule names")
    ]


@pytest.mark.parametrize(("places", "mask"), [([], 0), ([5], 32), ([0], 1), ([9, 0, 3], 521), ([7, 8], 384)])
def test_a_set_of_places_is_one_number(places: list[int], mask: int) -> None:
    assert bits(places) == mask
    assert list(places_in(mask)) == sorted(places, reverse=True)


def test_a_column_says_which_rules_meet_hold_and_lie_inside_some_runs() -> None:
    axis = code_axis("brand", [Among(codes=frozenset("abc"))])  # a, b, c, others, unknown
    column = Column(axis, [((0, 2),), ((1, 3),), axis.whole, ((0, 1), (2, 3)), ((0, 2),)])
    every = 0b11111
    assert column.vectors == [0b11101, 0b10111, 0b01110, 0b00100, 0b00100]
    assert (column.any, column.vector("b"), column.vector(None)) == (0b00100, 0b10111, 0b00100)
    assert column.of_cell == {
        ((0, 2),): 0b10001, ((1, 3),): 0b00010, ((0, 1), (2, 3)): 0b01000, axis.whole: 0b00100,
    }  # fmt: skip
    some = ((0, 1), (2, 3))
    assert (column.meeting(()), column.meeting(((1, 2),)), column.meeting(some)) == (0, 0b10111, 0b11111)
    assert (column.holding((), every), column.holding(((0, 2),), every), column.holding(some, every)) == (
        every, 0b10101, 0b01100,
    )  # fmt: skip
    assert column.holding(axis.whole, every) == 0b00100
    assert (column.inside(((0, 2),), every), column.inside(((0, 3),), every)) == (0b10001, 0b11011)
    assert column.inside(axis.whole, every) == every


# which rules hold


PLACES = Tree("places", {"world": None, "JP": "world", "JP-13": "JP", "US": "world"})
NEAR = (
    *DIMENSIONS, TreeDimension(name="geography", tree=PLACES), PostcodeDimension(name="postcode"),
)  # fmt: skip


def near() -> CoveragePolicy:
    spring = DateRange(TODAY, datetime.date(2026, 7, 1))
    rules = (
        rule("tokyo", "east", postcode=Postcodes(ranges=(PostcodeRange.read("JP 100"),))),
        rule("small", "west", employees=between(0, 9)),
        CoverageRule(id="spring", territory="east", effective=spring),
        rule("not known", "west", postcode=Postcodes(ranges=(PostcodeRange.read("US 9"),), unknown=True)),
        rule("japan", "east", geography=Under(codes=frozenset({"JP"}))),
    )
    territories = (Territory(name="east"), Territory(name="west"))
    return CoveragePolicy(
        CoverageModel(name="coverage/1", dimensions=NEAR, territories=territories, rules=rules)
    )


ACCOUNT = ("acme", 9, None, "JP-13", "100-0001")


def test_an_account_meets_the_rules_in_whose_cells_it_lies_on_the_day() -> None:
    index = near().index
    assert index.names == ("account", "employees", "segment", "geography", "postcode")
    assert names(index, index.holding(ACCOUNT, TODAY)) == {"tokyo", "small", "spring", "japan"}
    assert names(index, index.holding(ACCOUNT, datetime.date(2026, 3, 31))) == {"tokyo", "small", "japan"}
    assert names(index, index.holding(("acme", 10, None, None, None), TODAY)) == {"spring", "not known"}


def test_one_dimension_or_the_day_may_be_left_out() -> None:
    index, later = near().index, datetime.date(2026, 7, 1)
    held = {"tokyo", "small", "japan"}
    assert names(index, index.holding_but(None, ACCOUNT, later)) == {*held, "spring"}
    assert names(index, index.holding_but("employees", ("acme", 99, *ACCOUNT[2:]), later)) == held
    assert names(index, index.holding_but("postcode", ACCOUNT, later)) == {*held, "not known"}
    assert names(index, index.holding_but("segment", ("acme", 99, *ACCOUNT[2:]), later)) == {"tokyo", "japan"}


def test_a_postcode_is_placed_with_the_country_of_the_account() -> None:
    index = near().index
    assert index.placed(ACCOUNT) == [*ACCOUNT[:4], ("JP", "100-0001")]
    assert index.placed(("acme", 9, None, "world", None))[4] == (None, None)
    assert [index.country(code, "geography") for code in ("JP", "JP-13", "US", "world", None)] == [
        "JP", "JP", "US", None, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "written"), [(Result, "assigned house ambiguous unassigned"), (Role, "primary overlay exclusion house")]
)  # fmt: skip
def test_records_write_these_words(words: Any, written: str) -> None:
    assert [word.value for word in words] == written.split()
