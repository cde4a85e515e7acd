"""Narrowing: who stays and who falls out, and where the walk ends."""

import pytest

from prmcore.decisions import Truth
from prmcore.decisions.narrowing import FellOut, Narrowed, best, kept, narrowings

HOLDS = {"a": True, "b": False, "c": None}
RANKS = {"a": 2, "b": 1, "c": None, "d": 2}


@pytest.mark.parametrize(
    ("claims", "may_empty", "expected"),
    [
        ("ab", False, Narrowed(step="s", left=("a",), fell_out=(FellOut("b", None, None),))),
        ("a", False, Narrowed(step="s", left=("a",))),
        ("b", False, Narrowed(step="s", left=("b",))),  # of nobody it holds: all stay
        ("b", True, Narrowed(step="s", left=(), fell_out=(FellOut("b"),))),
        ("abc", False, Narrowed(step="s", left=("a", "b", "c"), unknown=("c",))),
        ("bc", True, Narrowed(step="s", left=("b", "c"), unknown=("c",))),
        ("", False, Narrowed(step="s", left=())),
    ],
)
def test_those_stay_of_whom_it_holds(claims: str, may_empty: bool, expected: Narrowed[str]) -> None:
    assert kept("s", claims, HOLDS.__getitem__, may_empty=may_empty) == expected


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ("abcd", Narrowed(step="s", left=("a", "d"), fell_out=(FellOut("b"), FellOut("c")))),
        ("bc", Narrowed(step="s", left=("b",), fell_out=(FellOut("c"),))),
        ("c", Narrowed(step="s", left=("c",))),  # nobody has a rank
        ("", Narrowed(step="s", left=())),
    ],
)
def test_those_of_the_highest_rank_stay(claims: str, expected: Narrowed[str]) -> None:
    assert best("s", claims, RANKS.__getitem__) == expected


def test_whoever_falls_out_is_told_why_and_what_was_seen() -> None:
    by_truth = kept("s", "ab", HOLDS.__getitem__, why="not-held", seen=str.upper)
    by_rank = best("s", "ab", RANKS.__getitem__, why="lower", seen=str.upper)
    assert by_truth.fell_out == (FellOut("b", "not-held", "B"),)
    assert by_rank.fell_out == (FellOut("b", "lower", "B"),)


@pytest.mark.parametrize(
    ("claims", "passes", "truth"),
    [("ab", False, Truth.MET), ("a", True, Truth.UNMET), ("ac", False, Truth.UNKNOWN)],
)
def test_a_step_is_met_when_it_told_some_apart(claims: str, passes: bool, truth: Truth) -> None:
    found = kept("s", claims, HOLDS.__getitem__)
    assert (found.passes, found.truth) == (passes, truth)


@pytest.mark.parametrize(
    ("few", "walked"), [(3, ["-d"]), (2, ["-d", "-c"]), (1, ["-d", "-c", "-b"]), (0, ["-d", "-c", "-b"])]
)
def test_the_walk_ends_after_the_step_that_leaves_few_enough(few: int, walked: list[str]) -> None:
    found = narrowings(
        "abcd",
        ("-d", "-c", "-b"),
        lambda step, left: kept(step, left, lambda one: one != step[1]),
        lambda left: len(left) <= few,
    )
    assert [one.step for one in found] == walked
