"""Worked examples of published programs: every row of the tables beside this file."""

from pathlib import Path

import pytest

from prmcore.program import ProgramVersions, load_program
from prmcore.testing import Case, case_table

HERE = Path(__file__).parent
PROGRAMS = HERE.parents[1] / "examples" / "programs"
ODOO = ProgramVersions.of(*map(load_program, sorted(PROGRAMS.glob("odoo-*.toml"))))
MICROSOFT = load_program(PROGRAMS / "microsoft-modern-work-2024.toml")


@pytest.mark.parametrize("case", case_table(HERE / "odoo.csv", ODOO), ids=str)
def test_odoo_partners_stand_where_the_agreement_puts_them(case: Case) -> None:
    assert case.failure() is None, case.failure()


@pytest.mark.parametrize("case", case_table(HERE / "microsoft_modern_work.csv", MICROSOFT), ids=str)
def test_the_capability_score_is_what_the_framework_says(case: Case) -> None:
    assert case.failure() is None, case.failure()
