"""The program of the tutorial is small, its mistake is the one that the page tells of, and its amounts are right by hand."""

import datetime
from pathlib import Path

import pytest

from prmcore import Money, load_program
from prmcore.cli.folder import read_facts
from prmcore.contracts.agreements import Renews
from prmcore.contracts.terms import RenewalKind
from prmcore.program import ProgramVersions, earn_over, ledger_of, lint, transactions_of
from prmcore.storage import MemoryStore

FOLDER = Path(__file__).parents[2] / "examples" / "tutorial"
QUARTERS = tuple(datetime.date(2026, *day) for day in ((3, 31), (6, 30), (9, 30)))


@pytest.mark.parametrize("name", ["first-draft.toml", "first.toml"])
def test_the_whole_program_has_under_eighty_lines(name: str) -> None:
    assert len((FOLDER / name).read_text(encoding="utf-8").splitlines()) < 80


def test_the_file_has_three_levels_a_rebate_two_regions_and_a_contract_that_renews_itself() -> None:
    program = load_program(FOLDER / "first.toml")
    assert program.incentives is not None
    assert program.coverage is not None
    ladder = program.tiers.ladder
    assert (*(rung.level for rung in ladder.rungs), ladder.otherwise) == ("gold", "silver", "member")
    (component,) = program.incentives.plan("rebate").components
    assert len(component.curve.bands) == 3
    regions = {rule.territory for rule in program.coverage.model.rules if rule.role.value == "primary"}
    assert regions == {"east", "west"}
    (contract,) = program.agreements
    (renews,) = [one.clause for one in contract.provisions if isinstance(one.clause, Renews)]
    assert renews.renewal.kind is RenewalKind.AUTOMATIC


def test_only_the_draft_lets_two_regions_claim_shizuoka() -> None:
    found = {finding.code: finding for finding in lint(load_program(FOLDER / "first-draft.toml"))}
    assert set(found) == {"ambiguous", "gap", "gap-unknown"}
    witness = found["ambiguous"].witness
    assert witness is not None
    assert witness["prefecture"] == "JP-22"
    assert lint(load_program(FOLDER / "first.toml")) == ()


def test_there_are_twenty_sales_and_one_of_them_is_a_refund() -> None:
    facts = read_facts(load_program(FOLDER / "first.toml"), FOLDER / "data")
    assert facts.rejects == ()
    assert len(facts.sales) == 20
    assert [values[0] for _, _, values in facts.sales if values[2]] == ["S-12"]


# By hand, in yen: nothing up to 2,000,000, 2 % of the next 3,000,000 (60,000 when it is full), 3 % of what is above 5,000,000.
REBATES = {
    "aoi": (
        210_000,  # 4.2 + 2.6 + 3.2 = 10.0 million: 60,000 and 3 % of 5,000,000
        195_000,  # 5.6 + 3.9 = 9.5 million: 60,000 and 3 % of 4,500,000
        56_000,  # 4.8 million: 2 % of 2,800,000
    ),
    "kaede": (
        44_000,  # 1.8 + 2.4 = 4.2 million: 2 % of 2,200,000
        81_000,  # 2.2 - 0.6 + 4.1 = 5.7 million: 60,000 and 3 % of 700,000
        20_000,  # 3.0 million: 2 % of 1,000,000
    ),
    "sumire": (
        258_000,  # 6.5 + 5.1 = 11.6 million: 60,000 and 3 % of 6,600,000
        132_000,  # 7.4 million: 60,000 and 3 % of 2,400,000
        96_000,  # 6.2 million: 60,000 and 3 % of 1,200,000
    ),
    "tsubaki": (
        0,  # 0.9 million
        0,  # 1.3 million
        44_000,  # 2.5 + 1.7 = 4.2 million: 2 % of 2,200,000
    ),
}


def test_every_rebate_is_what_it_is_by_hand() -> None:
    program = load_program(FOLDER / "first.toml")
    versions, store = ProgramVersions.of(program), MemoryStore()
    facts = read_facts(program, FOLDER / "data")
    given = {name: row.given for name, row in facts.partners.items()}
    sales = list(transactions_of(versions, facts.sales, given, lambda partner, day: None))
    for _ in earn_over(store, versions, sales, QUARTERS):
        pass
    ledger = ledger_of(store, program.name)
    for partner, amounts in REBATES.items():
        earned = {entry.attributed: entry.amount for entry in ledger.of_payee(partner)}
        for number, amount in enumerate(amounts, start=1):
            assert earned.get(f"FY2026-Q{number}", Money.of(0, "JPY")) == Money.of(amount, "JPY")


# Of the four quarters to 30 September, also by hand.
TURNOVERS = {"aoi": 24_300_000, "kaede": 12_900_000, "sumire": 25_200_000, "tsubaki": 6_400_000}


def test_every_level_follows_from_the_sales_and_the_engineers() -> None:
    program = load_program(FOLDER / "first.toml")
    facts = read_facts(program, FOLDER / "data")
    levels = {}
    for partner, row in facts.partners.items():
        gathered = program.gathered(facts.book, partner, QUARTERS[-1], row.given)
        assert gathered["turnover"] == Money.of(TURNOVERS[partner], "JPY")
        levels[partner] = program.tiers.ladder.decide(gathered, QUARTERS[-1]).outcome
    assert levels == {"aoi": "gold", "kaede": "silver", "sumire": "silver", "tsubaki": "member"}
