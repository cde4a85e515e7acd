"""Axes: into which pieces the rules cut a dimension, where each value belongs, and which runs of pieces a cell is.

Every axis below was cut by hand: a piece begins where some rule's cell begins or ends.
"""

import datetime
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

import pytest

from prmcore.decisions import Kind
from prmcore.errors import InvalidInput
from prmcore.territory.coverage import (
    Among,
    NoneOf,
    PostcodeRange,
    Postcodes,
    Span,
    Under,
    Within,
)
from prmcore.territory.coverage.axes import (
    Asked,
    Axis,
    Likeness,
    Piece,
    Runs,
    code_axis,
    day_axis,
    postcode_axis,
    shared,
    span_axis,
    tree_axis,
    united,
    without,
)
from prmcore.values import Money, Rate, Tree

D = datetime.date
COARSE, NONE, UNKNOWN = Likeness.COARSE, Likeness.NONE, Piece(None, Likeness.UNKNOWN)


def placed(axis: Axis, *values: Any) -> list[int]:
    return [axis.place(value) for value in values]


# runs


def sets(size: int) -> list[frozenset[int]]:
    return [frozenset(some) for count in range(size + 1) for some in combinations(range(size), count)]


def as_runs(places: Iterable[int]) -> Runs:
    """Runs of a set of places, written place by place."""
    found: list[tuple[int, int]] = []
    for place in sorted(places):
        if found and found[-1][1] == place:
            found[-1] = (found[-1][0], place + 1)
        else:
            found.append((place, place + 1))
    return tuple(found)


def test_runs_are_shared_and_taken_out_as_sets_are() -> None:
    for first in sets(5):
        for second in sets(5):
            mine, yours = as_runs(first), as_runs(second)
            assert shared(mine, yours) == as_runs(first & second)
            assert without(mine, yours) == as_runs(first - second)
            assert united([*mine, *yours]) == as_runs(first | second)


@pytest.mark.parametrize(
    ("parts", "runs"),
    [
        ([], ()),
        ([(3, 3), (5, 4)], ()),  # of nothing
        ([(4, 6), (0, 2), (2, 3)], ((0, 3), (4, 6))),
        ([(0, 9), (2, 3), (4, 10)], ((0, 10),)),
    ],
)
def test_runs_that_touch_are_one(parts: Sequence[tuple[int, int]], runs: Runs) -> None:
    assert united(parts) == runs


def test_an_axis_is_whole_from_its_first_piece_to_its_last() -> None:
    axis = code_axis("brand", [])
    assert axis.whole == ((0, 2),)
    assert axis.whole is axis.whole  # runs are compared as objects


# trees


PLACES = Tree(
    "places",
    {
        "world": None, "emea": "world", "DE": "emea", "FR": "emea", "apac": "world", "JP": "apac", "JP-13": "JP", "sea": None,
    },
    {"big": frozenset({"DE", "JP"})},
)  # fmt: skip
VALUES = ("world", "emea", "DE", "FR", "apac", "JP", "JP-13", "sea", None)


def under(*codes: str, outside: Sequence[str] = (), unknown: bool = False) -> Under:
    return Under(codes=frozenset(codes), outside=frozenset(outside), unknown=unknown)


@pytest.mark.parametrize(
    ("cells", "pieces", "places", "runs"),
    [
        ([], [Piece("world"), UNKNOWN], [0, 0, 0, 0, 0, 0, 0, 0, 1], []),
        (  # the world is only known as such where what is known more closely is named
            [under("emea"), under("apac"), under("sea")],
            [Piece("world", COARSE), Piece("apac"), Piece("emea"), Piece("sea"), UNKNOWN],
            [0, 2, 2, 2, 1, 1, 1, 3, 4],
            [((2, 3),), ((1, 2),), ((3, 4),)],
        ),
        (  # a code inside another: the outer one holds both
            [under("emea"), under("DE"), under("sea", unknown=True)],
            [Piece("apac"), Piece("FR"), Piece("DE"), Piece("sea"), UNKNOWN],
            [0, 1, 2, 1, 0, 0, 0, 3, 4],
            [((1, 3),), ((2, 3),), ((3, 5),)],
        ),
        (  # all but some, with and without what is not known
            [under(outside=["JP-13"]), under("world", outside=["apac"], unknown=True), under(unknown=True)],
            [Piece("sea"), Piece("emea"), Piece("apac", COARSE), Piece("JP-13"), UNKNOWN],
            [1, 1, 1, 1, 2, 2, 3, 0, 4],
            [((0, 3),), ((1, 2), (4, 5)), ((4, 5),)],
        ),
        (  # a group is its members
            [under("big"), under("world", outside=["big"])],
            [Piece("sea"), Piece("FR"), Piece("JP"), Piece("DE"), UNKNOWN],
            [1, 1, 3, 1, 1, 2, 2, 0, 4],
            [((2, 4),), ((1, 2),)],
        ),
    ],
)  # fmt: skip
def test_a_tree_is_cut_at_the_codes_that_rules_name(
    cells: list[Asked], pieces: list[Piece], places: list[int], runs: list[Runs]
) -> None:
    axis = tree_axis("geography", PLACES, cells)
    assert axis.name == "geography"
    assert list(axis.pieces) == pieces
    assert placed(axis, *VALUES) == places == [(axis.table or {})[value] for value in VALUES]
    assert [axis.runs(cell) for cell in cells] == runs
    assert axis.other is None
    for cell in cells:  # whatever the order of the pieces, a value lies in a cell when plain sets say so
        held = {place for start, end in axis.runs(cell) for place in range(start, end)}
        assert {value for value in VALUES if axis.place(value) in held} == lying_in(cell)


def lying_in(cell: Asked) -> set[str | None]:
    """The values in a cell, each walked up by hand."""
    assert isinstance(cell, Under)
    codes, outside = (
        {one for code in some for one in PLACES.groups.get(code, (code,))} for some in (cell.codes, cell.outside)
    )  # fmt: skip
    found: set[str | None] = {None} if cell.unknown else set()
    for value in PLACES.parents:
        above: set[str] = set()
        code: str | None = value
        while code is not None:
            above.add(code)
            code = PLACES.parents[code]
        if (above & codes or (not codes and outside)) and not above & outside:
            found.add(value)
    return found


def test_a_code_that_the_tree_does_not_know_is_refused() -> None:
    axis = tree_axis("geography", PLACES, [])
    with pytest.raises(
        InvalidInput, match=r"^unknown code of places 'PF'\. There are: DE, FR, JP, JP-13, apac"
    ):
        axis.place("PF")


def test_countries_in_which_postcodes_are_asked_for_are_pieces_with_their_names() -> None:
    axis = tree_axis("geography", PLACES, [under("JP-13")], ["JP", "FR"])
    by_value = {value: axis.pieces[axis.place(value)] for value in VALUES}
    assert {value: piece.country for value, piece in by_value.items()} == {
        "world": None, "emea": None, "DE": None, "FR": "FR", "apac": None, "JP": "JP", "JP-13": "JP", "sea": None, None: None,
    }  # fmt: skip
    assert (by_value["JP"], by_value["JP-13"]) == (Piece("JP", COARSE, "JP"), Piece("JP-13", country="JP"))
    assert by_value[None] == UNKNOWN
    assert tree_axis("geography", PLACES, [under("JP")]).pieces[1].country is None


# words


def words(*codes: str, unknown: bool = False) -> Among:
    return Among(codes=frozenset(codes), unknown=unknown)


def none_of(*codes: str, unknown: bool = False) -> NoneOf:
    return NoneOf(codes=frozenset(codes), unknown=unknown)


def pieces(*examples: str) -> tuple[Piece, ...]:
    return (*map(Piece, examples), UNKNOWN)


def test_of_an_open_list_of_words_all_others_are_one_piece() -> None:
    cells: list[Asked] = [words("b", "a"), words("a", "c", unknown=True), none_of("b"), none_of("a", "c", unknown=True), words(unknown=True)]  # fmt: skip
    axis = code_axis("brand", cells)
    assert axis.pieces == pieces("a", "b", "c", "other-brand")
    assert placed(axis, "a", "b", "c", "d", None) == [0, 1, 2, 3, 4]
    assert (axis.name, axis.table, axis.other) == ("brand", {"a": 0, "b": 1, "c": 2, None: 4}, 3)
    assert [axis.runs(cell) for cell in cells] == [
        ((0, 2),), ((0, 1), (2, 3), (4, 5)), ((0, 1), (2, 4)), ((1, 2), (3, 5)), ((4, 5),),
    ]  # fmt: skip


def test_the_example_of_other_words_is_a_word_that_no_rule_names() -> None:
    axis = code_axis("brand", [words("other-brand", "other-brand-")])
    assert axis.pieces == pieces("other-brand", "other-brand-", "other-brand--")


def test_of_a_closed_list_the_others_are_those_that_are_left() -> None:
    cells: list[Asked] = [words("b", "a"), none_of("a")]
    axis = code_axis("brand", cells, frozenset({"d", "a", "b", "c"}))
    assert axis.pieces == pieces("a", "b", "c")
    assert placed(axis, "a", "b", "c", "d", None) == [0, 1, 2, 2, 3]
    assert (axis.table, axis.other) == ({"a": 0, "b": 1, "c": 2, "d": 2, None: 3}, None)
    assert [axis.runs(cell) for cell in cells] == [((0, 2),), ((1, 3),)]
    with pytest.raises(InvalidInput, match=r"^unknown brand 'e'\. There are: a, b, c, d$"):
        axis.place("e")


def test_of_a_closed_list_that_rules_name_whole_nothing_is_left() -> None:
    cells: list[Asked] = [words("a"), none_of("a"), words("b", unknown=True)]
    axis = code_axis("brand", cells, frozenset({"a", "b"}))
    assert axis.pieces == pieces("a", "b")
    assert (axis.table, axis.other) == ({"a": 0, "b": 1, None: 2}, None)
    assert placed(axis, "a", "b", None) == [0, 1, 2]
    assert [axis.runs(cell) for cell in cells] == [((0, 1),), ((1, 2),), ((1, 3),)]


def test_accounts_are_known_and_most_of_them_are_named_by_no_rule() -> None:
    axis = code_axis("account", [frozenset({"b", "a"}), frozenset({"c", "a"})], must_be_known=True)
    assert axis.pieces == tuple(map(Piece, ("other-account", "a", "b", "c")))
    assert placed(axis, "z", "a", "b", "c") == [0, 1, 2, 3]
    assert (axis.table, axis.other) == ({"a": 1, "b": 2, "c": 3}, 0)
    assert [axis.runs(one) for one in (frozenset({"a", "b"}), frozenset({"a", "c"}))] == [
        ((1, 3),), ((1, 2), (3, 4)),
    ]  # fmt: skip
    with pytest.raises(InvalidInput, match="unknown account 'None'"):
        axis.place(None)


# ordered values


def within(*spans: Span, unknown: bool = False) -> Within:
    return Within(spans=spans, unknown=unknown)


def whole(*examples: Any, singles: Sequence[int] = ()) -> tuple[Piece, ...]:
    """Plain pieces, some of one value only, then what is not known."""
    plain = (Piece(one, is_single=place in singles) for place, one in enumerate(examples))
    return (*plain, UNKNOWN)


def test_counts_are_cut_at_every_bound_and_begin_with_none() -> None:
    cells = [
        within(Span(at_least=10, less_than=20)), within(Span(more_than=29), unknown=True), within(Span(at_most=0)),
        within(Span(at_least=20, at_most=20), Span(less_than=10)), within(unknown=True),
    ]  # fmt: skip
    axis = span_axis("employees", Kind.COUNT, cells)
    assert axis.pieces == whole(0, 1, 10, 20, 21, 30, singles=(0, 3))
    assert placed(axis, 0, 1, 9, 10, 19, 20, 21, 29, 30, 999, None) == [0, 1, 1, 2, 2, 3, 4, 4, 5, 5, 6]
    assert [axis.runs(cell) for cell in cells] == [
        ((2, 3),),
        ((5, 7),),
        ((0, 1),),
        ((0, 2), (3, 4)),
        ((6, 7),),
    ]
    assert (axis.name, axis.table, axis.other) == ("employees", None, None)


def test_counts_that_no_rule_asks_for_are_one_piece() -> None:
    assert span_axis("employees", Kind.COUNT, []).pieces == whole(0)


JPY = "JPY"


@pytest.mark.parametrize(
    ("kind", "cells", "found", "runs"),
    [
        (Kind.NUMBER, [], whole(Fraction(0)), []),
        (Kind.RATE, [], whole(Rate(0)), []),
        (Kind.MONEY, [], whole(Money(JPY, 0)), []),
        (Kind.DATE, [], whole(D(2000, 1, 1)), []),
        (  # one number between two cuts, and halfway between two others
            Kind.NUMBER,
            [within(Span(less_than=5)), within(Span(more_than=5, less_than=8)), within(Span(at_least=5, at_most=8))],
            whole(Fraction(4), Fraction(5), Fraction(13, 2), Fraction(8), Fraction(9), singles=(1, 3)),
            [((0, 1),), ((2, 3),), ((1, 4),)],
        ),
        (Kind.NUMBER, [within(Span(more_than=5))], whole(Fraction(5), Fraction(6)), [((1, 2),)]),
        (Kind.NUMBER, [within(Span(at_least=5, less_than=6))], whole(Fraction(4), Fraction(5), Fraction(6)), [((1, 2),)]),
        (
            Kind.NUMBER, [within(Span(more_than=5, at_most=6))],
            whole(Fraction(5), Fraction(11, 2), Fraction(7)), [((1, 2),)],
        ),
        (
            Kind.RATE, [within(Span(at_least=Rate(1, 2))), within(Span(more_than=Rate(3, 4)))],
            whole(Rate(49, 100), Rate(1, 2), Rate(76, 100)), [((1, 3),), ((2, 3),)],
        ),
        (
            Kind.MONEY, [within(Span(at_most=Money(JPY, 5))), within(Span(more_than=Money(JPY, 6)))],
            whole(Money(JPY, 5), Money(JPY, 6), Money(JPY, 7), singles=(1,)), [((0, 1),), ((2, 3),)],
        ),
        (
            Kind.DATE, [within(Span(at_least=D(2026, 5, 1), at_most=D(2026, 5, 1)))],
            whole(D(2026, 4, 30), D(2026, 5, 1), D(2026, 5, 2), singles=(1,)), [((1, 2),)],
        ),
        (Kind.DATE, [within(Span(at_least=D.min, at_most=D.max))], whole(D.min), [((0, 1),)]),
        (Kind.DATE, [within(Span(less_than=D(1, 1, 2)))], whole(D.min, D(1, 1, 2)), [((0, 1),)]),
        (Kind.DATE, [within(Span(at_least=D.max))], whole(D(9999, 12, 30), D.max), [((1, 2),)]),
    ],
)  # fmt: skip
def test_ordered_values_are_cut_at_every_bound(
    kind: Kind, cells: list[Asked], found: tuple[Piece, ...], runs: list[Runs]
) -> None:
    axis = span_axis("size", kind, cells, JPY if kind is Kind.MONEY else None)
    assert axis.pieces == found
    assert [axis.runs(cell) for cell in cells] == runs
    for place, piece in enumerate(axis.pieces):  # each example lies in its own piece
        assert axis.place(piece.example) == place


@pytest.mark.parametrize(
    ("kind", "value", "says"),
    [
        (Kind.COUNT, True, r"^size: found True \(bool\); accepted: an int"),
        (Kind.MONEY, 5, r"^size: found 5 \(int\); accepted: Money"),
        (Kind.MONEY, Money("EUR", 500), "^size: found 5.00 EUR; the dimension is counted in JPY$"),
        (Kind.DATE, datetime.datetime(2026, 1, 1), "^size: found"),
    ],
)
def test_a_value_of_another_kind_is_refused(kind: Kind, value: Any, says: str) -> None:
    cells: list[Asked] = [within(Span(at_least=Money(JPY, 5)))] if kind is Kind.MONEY else []
    with pytest.raises(InvalidInput, match=says):
        span_axis("size", kind, cells, JPY if kind is Kind.MONEY else None).place(value)


# days


def test_days_are_cut_where_rules_begin_and_end() -> None:
    first, second, third = D(2026, 5, 1), D(2026, 5, 2), D(2026, 6, 1)
    axis = day_axis([third, first, second, first])
    assert axis.pieces == (
        Piece(D(2026, 4, 30)), Piece(first, is_single=True), Piece(second), Piece(third),
    )  # fmt: skip
    assert placed(axis, D(2026, 4, 30), first, second, D(2026, 5, 31), third) == [0, 1, 2, 2, 3]
    assert axis.name == "day"
    with pytest.raises(InvalidInput, match="days are not asked for by a cell"):
        axis.runs(within(unknown=True))


def test_there_is_no_day_before_the_first_of_all_and_any_where_rules_have_none() -> None:
    assert day_axis([D.min]).pieces == (Piece(None, NONE), Piece(D.min))
    assert day_axis([]).pieces == (Piece(None),)
    assert day_axis([D.max]).pieces == (Piece(D(9999, 12, 30)), Piece(D.max))


# postcodes


def codes(*ranges: str, unknown: bool = False) -> Postcodes:
    return Postcodes(ranges=tuple(PostcodeRange.read(one) for one in ranges), unknown=unknown)


def test_postcodes_are_cut_in_each_country_that_rules_name() -> None:
    cells = [codes("US 94", "JP 100..102"), codes("JP 101-0001", unknown=True), codes(unknown=True)]
    axis = postcode_axis("postcode", cells)
    japan = [Piece(one, country="JP") for one in ("0000000", "1000000", "1010001", "1010002", "1030000")]
    america = [Piece(one, country="US") for one in ("00", "94", "95")]
    assert axis.pieces == (*japan, *america, Piece(None), UNKNOWN)
    asked = [
        ("JP", "099-9999"), ("JP", "100"), ("JP", "101-0001"), ("JP", "102-9999"), ("JP", "103"), ("US", "93999"),
        ("US", "94105"), ("US", "95"), ("FR", "75001"), (None, "100"), (None, None), ("JP", None),
    ]  # fmt: skip
    assert placed(axis, *asked) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 9, 9]
    assert [axis.runs(cell) for cell in cells] == [((1, 4), (6, 7)), ((2, 3), (9, 10)), ((9, 10),)]
    assert (axis.name, axis.table, axis.other) == ("postcode", None, None)


def test_a_stretch_in_which_there_is_no_postcode_has_no_example() -> None:
    (before, digits, letters, *_) = postcode_axis("postcode", [codes("NL 0..9")]).pieces
    assert (before.likeness, digits, letters.likeness) == (NONE, Piece("0", country="NL"), NONE)


def test_which_form_of_code_an_example_has_does_not_hang_on_the_order_of_the_rules() -> None:
    cells: list[Asked] = [codes("NL 1"), codes("NL 2012AB"), codes("NL 3012CD..3")]
    assert postcode_axis("postcode", cells).pieces == postcode_axis("postcode", cells[::-1]).pieces
