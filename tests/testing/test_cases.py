"""The case-table runner: what it reads, what it refuses, how it fails."""

import sys
from datetime import date
from pathlib import Path
from subprocess import run

import pytest

from prmcore.errors import InvalidInput
from prmcore.program import Program, load_program
from prmcore.testing import Case, case_table
from prmcore.values import DateRange, Money

PROGRAM = """
format = "prmcore/1"
name = "small"
version = "1"
currency = "EUR"
[facts.revenue]
kind = "money"
[facts.countries]
kind = "codes"
[tiers]
otherwise = "registered"
[[tiers.rungs]]
level = "gold"
requires = [{ fact = "revenue", at_least = "100 EUR" }, { fact = "countries", includes_all = ["JP"] }]
"""


@pytest.fixture
def program(tmp_path: Path) -> Program:
    (tmp_path / "small.toml").write_text(PROGRAM)
    return load_program(tmp_path / "small.toml")


def table(tmp_path: Path, text: str, program: Program) -> tuple[Case, ...]:
    path = tmp_path / "small.csv"
    path.write_text(text)
    return case_table(path, program)


def test_facts_are_read_as_files_of_facts_are(tmp_path: Path, program: Program) -> None:
    text = "# from nowhere\ncase,day,revenue,countries,expect.level\nit,2025-01-31, 100.50 ,JP; DE,gold\nno,2025-01-31,,,registered\n"
    known, unknown = table(tmp_path, text, program)
    assert known.facts.metrics.values == (Money.parse("100.50 EUR"), frozenset({"JP", "DE"}))
    assert unknown.facts.metrics.values == (None, None)
    assert known.facts.standing is None
    assert (known.failure(), unknown.failure()) == (None, None)
    assert str(known) == "small.csv:3 it"


def test_a_standing_is_read_with_all_that_is_in_it(tmp_path: Path, program: Program) -> None:
    columns = (
        "standing.level,standing.since,standing.judged_on,standing.override.level,standing.override.reason"
    )
    more = "standing.override.author,standing.override.period.start,standing.override.period.end"
    text = (
        f"case,day,{columns},{more},expect.level,expect.action\n"
        "it,2025-01-31,registered,2024-01-01,2024-12-31,gold,merger,Kato,2025-01-01,2025-03-01,gold,overridden\n"
    )
    (case,) = table(tmp_path, text, program)
    assert case.facts.standing is not None
    assert case.facts.standing.override is not None
    assert case.facts.standing.override.period == DateRange(date(2025, 1, 1), date(2025, 3, 1))
    assert case.failure() is None


def test_a_failure_says_what_was_expected_what_came_out_and_why(tmp_path: Path, program: Program) -> None:
    text = "case,day,revenue,countries,expect.level,expect.action\na small one,2025-01-31,99,JP,gold,placed\n"
    (case,) = table(tmp_path, text, program)
    failure = case.failure()
    assert failure is not None
    lines = failure.splitlines()
    assert lines[:2] == ["small.csv:2 a small one:", "  level: expected gold, found registered"]
    assert any("revenue: €99.00, asked for at least €100.00" in line for line in lines)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("day,revenue\n", "unknown column 'case'"),
        ("", "unknown column 'case'"),
        ("case,day,case,expect.level\n", "'case' stands there twice"),
        ("case,day,expect.level\n", "holds no cases"),
        ("case,day,revenu,expect.level\na,2025-01-31,1,gold\n", "did you mean 'revenue'.*line 2"),
        ("case,day,expect.lvl\na,2025-01-31,gold\n", "did you mean 'expect.level'"),
        ("case,day,revenue,expect.level\na,2025-01-31,1\n", "found 3 columns; the header has 4.*line 2"),
        ("case,day,revenue,expect.level\na,2025-02-30,1,gold\n", "2025-02-30.*line 2"),
        ("case,day,revenue,expect.level\na,2025-01-31,1.005,gold\n", "1.005.*revenue.*line 2"),
        ("case,day,revenue,expect.level\na,2025-01-31,1,\n", "expects nothing.*line 2"),
        ("case,day,standing.lvel,expect.level\na,2025-01-31,gold,gold\n", "lvel"),
        ("case,day,standing.level,expect.level\na,2025-01-31,gold,gold\n", "since"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(
    tmp_path: Path, program: Program, text: str, said: str
) -> None:
    with pytest.raises(InvalidInput, match=f"(?s){said}"):
        table(tmp_path, text, program)


def test_faults_of_all_rows_are_listed_together(tmp_path: Path, program: Program) -> None:
    text = "case,day,revenue,expect.level\na,2025-01-31,x,gold\nb,2025-01-31,1,gold\nc,2025-01-31,y,gold\n"
    with pytest.raises(InvalidInput) as refused:
        table(tmp_path, text, program)
    assert [(fault.path, fault.line) for fault in refused.value.faults] == [("revenue", 2), ("revenue", 4)]


def test_a_program_without_points_is_not_asked_for_them(tmp_path: Path, program: Program) -> None:
    (case,) = table(tmp_path, "case,day,expect.points\na,2025-01-31,70\n", program)
    with pytest.raises(InvalidInput, match="no scorecard"):
        case.failure()


def test_the_runner_needs_neither_pytest_nor_hypothesis() -> None:
    code = "import sys; from prmcore.testing import case_table; print({'pytest', 'hypothesis'} & set(sys.modules))"
    found = run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"
