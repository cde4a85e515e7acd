"""Cells: what they refuse, what they are when little is said, and that a rule's cell is one thing however often it is asked."""

from typing import Any

import attrs
import pytest

from prmcore.errors import InvalidInput
from prmcore.territory.coverage import Among, NoneOf, PostcodeRange, Postcodes, Span, Under, Within

NONE: frozenset[str] = frozenset()
SOME = frozenset({"a"})
RANGE = PostcodeRange.read("JP 100")
NOTHING = "asks for nothing; leave the dimension out where any value will do"


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (Under, {}), (Among, {}), (Within, {}), (Postcodes, {}), (NoneOf, {"codes": NONE}),
        (NoneOf, {"codes": NONE, "unknown": True}),  # any word at all, known or not
    ],
)  # fmt: skip
def test_a_cell_that_asks_for_nothing_is_refused(kind: Any, told: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput, match="the cell cannot be used") as refused:
        kind(**told)
    assert [(fault.message, fault.path) for fault in refused.value.faults] == [(NOTHING, "")]


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        (Under(codes=SOME), (SOME, NONE, False)), (Under(outside=SOME), (NONE, SOME, False)), (Under(unknown=True), (NONE, NONE, True)),
        (Among(codes=SOME), (SOME, False)), (Among(unknown=True), (NONE, True)),
        (NoneOf(codes=SOME), (SOME, False)), (NoneOf(codes=SOME, unknown=True), (SOME, True)),
        (Within(spans=(Span(at_least=1),)), ((Span(at_least=1),), False)), (Within(unknown=True), ((), True)),
        (Postcodes(ranges=(RANGE,)), ((RANGE,), False)), (Postcodes(unknown=True), ((), True)),
    ],
)  # fmt: skip
def test_what_is_not_said_is_not_asked(cell: Any, told: tuple[Any, ...]) -> None:
    assert attrs.astuple(cell, recurse=False) == told
    assert len({cell, attrs.evolve(cell)}) == 1


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"at_least": 1, "more_than": 0}, "both at_least and more_than are given; accepted: one of them"),
        ({"at_most": 1, "less_than": 0}, "both at_most and less_than are given; accepted: one of them"),
        ({}, "a span has no bound; accepted: at_least, more_than, at_most, less_than"),
    ],
)
def test_a_span_has_at_most_one_bound_on_each_side_and_one_at_least(told: dict[str, int], says: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        Span(**told)
    assert str(refused.value) == says


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"at_least": 0}, "at least 0"),
        ({"more_than": 0, "at_most": 5}, "more than 0, at most 5"),
        ({"at_least": 1, "less_than": 5}, "at least 1, less than 5"),
    ],
)
def test_a_span_tells_its_bounds(told: dict[str, int], words: str) -> None:
    assert (Span(**told).bounds, Span(**told).in_words()) == (told, words)


@pytest.mark.parametrize("kind", [Under, Among, NoneOf, Within, Postcodes, Span])
def test_every_part_is_told_by_its_name(kind: type[attrs.AttrsInstance]) -> None:
    assert all(field.kw_only for field in attrs.fields(kind))
