"""The changes that mutants are made of, and the interval of what a sample of them shows."""

import ast
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "endurance"))  # where scripts find each other

from changes import changes_in
from mutants import wilson


def changed(source: str) -> list[str]:
    """The source with each of its changes, one at a time."""
    found = []
    for number in range(len(changes_in(ast.parse(source)))):
        tree = ast.parse(source)
        changes_in(tree)[number].make()
        found.append(ast.unparse(tree))
    return found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("x < y", ["x <= y", "x >= y"]),
        ("x == y", ["x != y"]),
        ("x is not y", ["x is y"]),
        ("x + y", ["x - y"]),
        ("x and y", ["x or y"]),
        ("not x", ["x"]),
        ("x = 7", ["x = 8", "x = 6"]),
        ("x = True", ["x = False"]),
        ("x = 'gold'", ["x = 'XXgold'"]),
        ("x = y if z else w", ["x = y if not z else w"]),
        ("x = min(y)", ["x = max(y)"]),
        ("x = f(y, z=w)", ["x = f(y)"]),
        ("f(y)", ["pass"]),
        ("def f(x=y):\n    return x", ["def f(x):\n    return x", "def f(x=y):\n    return None"]),
        ("def f(*, x=y):\n    pass", ["def f(*, x):\n    pass"]),
        (
            "while x < y:\n    break",
            ["while x <= y:\n    break", "while x >= y:\n    break", "while x < y:\n    continue"],
        ),
    ],
)
def test_a_source_has_these_changes_and_no_others(source: str, found: list[str]) -> None:
    assert changed(source) == found


@pytest.mark.parametrize(
    "source",
    [
        "'What it answers.'",
        "__all__ = ['Money']",
        "x: Literal['gold']",
        "Level: TypeAlias = Literal['gold'] | None",
        "assert x is not None",
        "raise InvalidInput(f'found {x}', 'bound')",
        "x = 'a level of the program'",
        "x = Text.of('level', ja='レベル')",
        "if TYPE_CHECKING:\n    x = 1",
        "x = cast('int', y)",
    ],
)
def test_what_no_test_can_or_need_notice_is_left_alone(source: str) -> None:
    assert changed(source) == []


def test_a_change_is_met_by_the_tests_that_run_one_of_its_lines() -> None:
    (inside,) = (
        one
        for one in changes_in(ast.parse("def f(x):\n    y = g(\n        x,\n        1 < x)\n"))
        if isinstance(one.new, ast.LtE)
    )
    assert (inside.line, inside.lines, inside.in_function) == (4, frozenset({2, 4}), True)


def test_what_a_file_does_on_import_is_met_by_all_tests_of_the_file() -> None:
    assert [one.in_function for one in changes_in(ast.parse("x = 1\ndef f(y=x): pass\n"))] == [False] * 3


def test_the_interval_of_nine_in_ten_of_fifty_is_wilsons() -> None:
    # z = 1.96: (0.9 + z²/100 ± z·√(0.09/50 + z²/10000)) / (1 + z²/50) = (0.93842 ± 0.09155) / 1.07683
    assert wilson(0.9, 50) == pytest.approx((0.78645, 0.95648), abs=0.0001)
