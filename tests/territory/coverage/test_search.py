"""The search: a point at which none of some rules holds, or the rules that together cover a region.

The oracle looks at every piece of every axis. It walks the same axes as the search, and nothing else of it.
"""

import datetime
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, product
from typing import Any

import pytest

from prmcore.decisions import Kind
from prmcore.territory.coverage import (
    Among,
    CodeDimension,
    CoverageModel,
    CoveragePolicy,
    CoverageRule,
    Dimension,
    PostcodeDimension,
    PostcodeRange,
    Postcodes,
    Role,
    Span,
    SpanDimension,
    Territory,
    TreeDimension,
    Under,
    Within,
)
from prmcore.territory.coverage.axes import Likeness
from prmcore.territory.coverage.index import bits, places_in
from prmcore.territory.coverage.search import Covered, Exhausted, Point, Region, Space
from prmcore.values import DateRange, Tree

D = datetime.date
A_DAY = D(2000, 1, 1)
EMPLOYEES, SEGMENT = SpanDimension(name="employees", kind=Kind.COUNT), CodeDimension(name="segment")
PLACES = Tree("places", {"world": None, "JP": "world", "JP-13": "JP", "US": "world", "DE": "world"})
GEOGRAPHY, POSTCODE = TreeDimension(name="geography", tree=PLACES), PostcodeDimension(name="postcode")


def rule(id: str, territory: str | None, role: Role = Role.PRIMARY, /, **told: Any) -> CoverageRule:
    more = {word: told.pop(word) for word in ("priority", "accounts", "effective") if word in told}
    return CoverageRule(id=id, territory=territory, role=role, cells=told, **more)


def space(*rules: CoverageRule, dimensions: Sequence[Dimension], budget: int = 10_000) -> Space:
    territories = tuple(
        Territory(name=name) for name in sorted({one.territory for one in rules if one.territory is not None})
    )
    index = CoveragePolicy(
        CoverageModel(name="coverage/1", dimensions=tuple(dimensions), territories=territories, rules=rules)
    ).index
    return Space(index, (0, len(index.days.axis.pieces)), budget, A_DAY)


def band(first: int, last: int | None, unknown: bool = False) -> Within:
    return Within(spans=(Span(at_least=first, at_most=last),), unknown=unknown)


def words(codes: str, unknown: bool = False) -> Among:
    return Among(codes=frozenset(codes), unknown=unknown)


def under(*codes: str, unknown: bool = False) -> Under:
    return Under(codes=frozenset(codes), unknown=unknown)


def postcodes(*ranges: str, unknown: bool = False) -> Postcodes:
    return Postcodes(ranges=tuple(map(PostcodeRange.read, ranges)), unknown=unknown)


def plain() -> Space:
    return space(
        rule("all", "east"), rule("low", "west", employees=band(0, 20)), rule("high", "north", employees=band(15, None, unknown=True)),
        rule("two", "west", employees=Within(spans=(Span(less_than=5), Span(at_least=10, less_than=25)))),
        rule("a", "south", segment=words("a")), rule("rest", "north", segment=words("bc", unknown=True), employees=band(5, 20)),
        rule("named", "east", accounts=frozenset({"acme"})),
        rule("now", "south", effective=DateRange(D(2026, 1, 1), D(2026, 3, 1)), segment=words("ab")),
        rule("house", "vendor", Role.HOUSE, effective=DateRange(None, D(2026, 2, 1))),
        rule("not west", "west", Role.EXCLUSION, employees=band(10, 17), segment=words("a")),
        rule("nobody", None, Role.EXCLUSION, accounts=frozenset({"acme"}), segment=words("c")),
        dimensions=(EMPLOYEES, SEGMENT),
    )  # fmt: skip


def postal() -> Space:
    return space(
        rule("all", "east"), rule("tokyo", "north", postcode=postcodes("JP 100..102")), rule("japan", "west", geography=under("JP")),
        rule("mixed", "south", postcode=postcodes("JP 101..200", "US 94")), rule("us", "west", geography=under("US", unknown=True)),
        rule("no code", "north", postcode=postcodes(unknown=True)), rule("south", "south", geography=under("world")),
        rule("not in tokyo", "west", Role.EXCLUSION, postcode=postcodes("JP 1")), rule("few", "east", employees=band(0, 9)),
        dimensions=(GEOGRAPHY, POSTCODE, EMPLOYEES),
    )  # fmt: skip


SPACES = pytest.mark.parametrize("made", [plain, postal])


def spots(where: Space, region: Region) -> Iterator[int]:
    """The rules that hold at every spot of a region, piece by piece, where there is a value."""
    ranges = [[one for start, end in runs for one in range(start, end)] for runs in region.cells]
    for pieces in product(*ranges):
        told = dict(zip(where.names, pieces, strict=True))
        if any(axis.pieces[one].likeness is Likeness.NONE for axis, one in zip(where.axes, pieces, strict=True)):  # fmt: skip
            continue
        if "postcode" in told:
            axes = dict(zip(where.names, where.axes, strict=True))
            country = axes["geography"].pieces[told["geography"]].country
            code = axes["postcode"].pieces[told["postcode"]]
            if code.likeness is not Likeness.UNKNOWN and code.country != country:
                continue
        found = where.index.every
        for column, one in zip(where.columns, pieces, strict=True):
            found &= column.vectors[one]
        yield found


def questions(where: Space) -> Iterator[tuple[Region, int]]:
    """Every rule's region and what some of the others could cover of it."""
    for place in places_in(where.index.every):
        region = where.region(place)
        assert region is not None
        others = [one for one in places_in(where.index.every) if one != place]
        for count in (0, 1, 2, 3):
            for some in list(combinations(others, count))[:: 1 + 2 * count]:
                yield region, bits(some)


@SPACES
def test_a_point_outside_is_found_where_there_is_one_and_else_who_covers_the_region(
    made: Callable[[], Space],
) -> None:
    where = made()
    where.steps_left = 10_000
    covered = 0
    for region, rules in questions(where):
        answer = where.point_outside(region, rules)
        spotted = list(spots(where, region))
        held = [where.index.without_excluded(one) for one in spotted]
        if isinstance(answer, Point):
            assert not where.index.without_excluded(where.holding(answer)) & rules
            assert all(
                any(low <= start and end <= high for low, high in runs)
                for (start, end), runs in zip(answer.runs, region.cells, strict=True)
            )
            assert any(not one & rules for one in held)
        else:
            covered += 1
            assert not answer.by & ~rules
            assert all(one & rules for one in held)
            assert all(one & answer.by for one in (spotted if rules & where.index.exclusions else held))
    assert covered > 10


@SPACES
def test_a_region_is_where_its_rule_holds_and_its_usual_point_lies_in_it(made: Callable[[], Space]) -> None:
    where = made()
    for place in places_in(where.index.every):
        region = where.region(place)
        assert region is not None
        assert region.holding == where.holding(region.usual)
        assert region.holding >> place & 1
        met = where.meeting(region)
        assert all(not one & ~met for one in spots(where, region))
        suffixes = where.holding_from(region.cells)
        assert (len(suffixes), suffixes[-1]) == (len(where.columns) + 1, where.index.every)
        assert all(not suffixes[0] & ~one for one in spots(where, region))
        for other in places_in(where.index.every):
            theirs = where.region(other)
            assert theirs is not None
            both = where.shared(region.cells, theirs.cells)
            if both is None:
                together = 1 << place | 1 << other
                assert not any(one & together == together for one in spots(where, region))


@SPACES
def test_what_is_cut_makes_the_whole_and_no_rule_begins_or_ends_inside(made: Callable[[], Space]) -> None:
    where = made()
    point = where.finished(where.whole, ())
    assert point is not None
    for depth in range(len(where.columns)):
        chosen = point.runs[:depth]
        allowed = {one for start, end in where.allowed(where.whole, chosen) for one in range(start, end)}
        for alive in (0, where.index.every, where.index.competing):
            runs = list(where.cut(where.whole, alive, chosen))
            assert {one for start, end in runs for one in range(start, end)} == allowed
            vectors = where.columns[depth].vectors
            for start, end in runs:
                assert len({vectors[one] & alive for one in range(start, end)}) == 1
            likeness = [where.likeness(depth, run) for run in runs]
            assert likeness == sorted(likeness)  # ordinary ones first


def test_places_are_cut_where_a_country_of_postcodes_begins_or_ends() -> None:
    where = space(rule("r", "east", postcode=postcodes("JP 1")), dimensions=(GEOGRAPHY, POSTCODE))
    pieces = where.axes[0].pieces  # the world, Japan, not known
    assert (where.names[0], [piece.country for piece in pieces]) == ("geography", [None, "JP", None])
    assert set(where.cut(where.whole, 0, ())) == {(0, 1), (1, 2), (2, 3)}


def many(count: int) -> Space:
    """So many rules of a dozen counts each, every one beginning at a count of its own."""
    rules = [rule(f"r{number:02}", "east", employees=band(number, number + 11)) for number in range(count)]
    return space(*rules, dimensions=(EMPLOYEES, SEGMENT))


@pytest.mark.parametrize("count", [31, 32, 33, 40])
def test_many_rules_are_cut_as_few_are(count: int) -> None:
    """Beyond some number of rules the pieces are gone through rather than the rules: what is found is the same."""
    where = many(count)
    runs = list(where.cut(where.whole, where.index.every, ()))
    pieces = len(where.columns[0].axis.pieces)
    singles = [(one, one + 1) for one in range(pieces - 2)]
    assert runs == [*singles, (pieces - 2, pieces)]  # beyond the last band, and not known
    looked_at = pieces - 1 if count > 32 else 0  # the pieces after the first, at a sixteenth of a step each
    assert where.steps_left == 10_000 - looked_at / 16
    where.steps_left = looked_at / 16 - 1 / 1024
    if looked_at:
        with pytest.raises(Exhausted):
            list(where.cut(where.whole, where.index.every, ()))
    lowest = where.index.every & -where.index.every
    (cell,) = where.columns[0].cells[0]
    expected = {run for run in ((0, cell[0]), cell, (cell[1], pieces)) if run[0] < run[1]}
    assert set(where.cut(where.whole, lowest, ())) == expected


def test_the_dimensions_that_most_rules_ask_for_are_looked_at_first_and_postcodes_and_days_last() -> None:
    assert plain().names == ("employees", "segment", "account", None)
    assert postal().names == ("geography", "employees", "account", "postcode", None)


def test_rules_that_share_nothing_have_no_region_in_common() -> None:
    where = space(rule("low", "east", employees=band(0, 5)), rule("high", "west", employees=band(6, 9)), dimensions=(EMPLOYEES,))  # fmt: skip
    low, high = (where.region(place) for place in (0, 1))
    assert low is not None
    assert high is not None
    assert where.shared(low.cells, high.cells) is None
    assert where.shared(low.cells, where.whole) == low == where.shared(where.whole, low.cells)


def test_a_region_in_which_there_is_no_value_is_none() -> None:
    """Within one country, the postcodes of another."""
    where = space(
        rule("mixed", "east", geography=under("US"), postcode=postcodes("JP 1")), rule("fits", "east", postcode=postcodes("US 1")),
        dimensions=(GEOGRAPHY, POSTCODE),
    )  # fmt: skip
    regions = {where.index.rules[place].id: where.region(place) for place in (0, 1)}
    assert regions["mixed"] is None
    assert regions["fits"] is not None


# witnesses


def test_a_point_is_shown_by_the_most_ordinary_of_its_values() -> None:
    where = space(
        rule("r", "east", employees=band(10, 20), effective=DateRange(D(2026, 1, 1), D(2026, 2, 1))), rule("a", "west", segment=words("a")),
        dimensions=(EMPLOYEES, SEGMENT),
    )  # fmt: skip
    order = {name: place for place, name in enumerate(where.names)}
    # employees: 0, 10, 21, unknown; segment: a, others, unknown; account: others; days: before, January, after

    def shown(employees: tuple[int, int], segment: tuple[int, int], day: tuple[int, int]) -> tuple[Any, ...]:
        told = {"employees": employees, "segment": segment, "account": (0, 1), None: day}
        values, on, odd = where.witness(Point(tuple(told[name] for name in sorted(told, key=lambda one: order[one]))))  # fmt: skip
        assert list(values) == ["account", "employees", "segment"]
        return values["employees"], values["segment"], on, odd

    last = D(2025, 12, 31)
    assert shown((0, 1), (0, 1), (0, 1)) == (0, "a", last, Likeness.PLAIN)
    assert shown((1, 4), (1, 3), (1, 2)) == (10, "other-segment", D(2026, 1, 1), Likeness.PLAIN)
    assert shown((3, 4), (2, 3), (2, 3)) == (None, None, D(2026, 2, 1), Likeness.UNKNOWN)
    assert shown((2, 4), (2, 3), (0, 3)) == (21, None, last, Likeness.UNKNOWN)
    where.day = D(
        2027, 1, 1
    )  # a day that is asked for goes before the first of a stretch of days, not of a single one
    assert shown((0, 1), (0, 1), (0, 3))[2] == D(2027, 1, 1)
    assert shown((0, 1), (0, 1), (1, 2))[2] == D(2026, 1, 1)


def test_a_day_is_shown_where_no_rule_has_one() -> None:
    where = space(rule("r", "east"), dimensions=())
    assert where.finished(where.whole, ()) == Point(((0, 1), (0, 1)))
    assert where.witness(Point(((0, 1), (0, 1)))) == ({"account": "other-account"}, A_DAY, Likeness.PLAIN)


# steps


def test_searches_end_when_their_steps_are_used_up() -> None:
    where = space(rule("r", "east"), dimensions=(), budget=3)
    where.spend(2)
    where.spend()
    assert where.steps_left == 0
    where.spend(0)
    with pytest.raises(Exhausted):
        where.spend(1 / 1024)


def test_what_is_answered_at_once_takes_a_step_and_what_is_looked_up_a_part_of_one() -> None:
    where = space(rule("r", "east", employees=band(0, 5)), rule("s", "west", employees=band(3, 9)), dimensions=(EMPLOYEES,))  # fmt: skip
    region = where.region(0)
    assert region is not None
    assert where.steps_left == 10_000 - 3 / 32  # one run of employees, accounts and days each
    where.steps_left = 100
    assert isinstance(where.point_outside(region, 0), Point)
    assert where.steps_left == 99


def test_a_search_takes_a_step_for_every_branch_and_a_little_more_for_every_rule_in_it() -> None:
    """Two rules that cover a third one's region together: the question, the region, and each of its two halves."""
    where = space(
        rule("whole", "east", employees=band(0, 9)), rule("low", "west", employees=band(0, 4)), rule("high", "west", employees=band(5, 9)),
        dimensions=(EMPLOYEES,),
    )  # fmt: skip
    places = {one.id: place for place, one in enumerate(where.index.rules)}
    region = where.region(places["whole"])
    assert region is not None
    where.steps_left = 100
    both = bits([places["low"], places["high"]])
    assert where.point_outside(region, both) == Covered(both)
    assert where.steps_left == 100 - 1 - (1 + 2 / 64) - 2 * (1 + 1 / 64)


def test_a_rule_covers_its_own_region_alone() -> None:
    where = space(rule("r", "east", employees=band(0, 5)), rule("s", "west", employees=band(0, 9)), dimensions=(EMPLOYEES,))  # fmt: skip
    for place in (0, 1):
        region = where.region(place)
        assert region is not None
        assert where.point_outside(region, 1 << place) == Covered(1 << place)
        assert where.not_taken(0b11, 0) == 0b11
