"""Write-offs: what a balance below zero is held against, and every field of the entry that ends it."""

import datetime
from fractions import Fraction
from typing import Any

import attrs
import pytest
from tests.incentives.payouts.test_model import BOOKS, POLICY, entry, eur

from prmcore.incentives import Entry, EntryKind, Ledger, Line, LineKind
from prmcore.incentives.payouts.write_offs import WriteOffFacts, written_off

D = datetime.date
APRIL = D(2026, 4, 1)


def off(ledger: Ledger, on: D = APRIL, role: str = "manager") -> Any:
    return written_off(ledger, "acme", "EUR", BOOKS, POLICY, by="sato", role=role, on=on)


def test_a_write_off_is_an_entry_of_the_day_by_who_decided_it() -> None:
    ledger = Ledger([entry(1, eur("-1000"), recorded=D(2026, 1, 31))])
    found = off(ledger)
    assert found.decision.facts == WriteOffFacts(eur("-1000"), 3, True)
    assert (found.decision.policy.name, found.decision.as_of) == ("payouts/standard/write-off/EUR", APRIL)
    written = Entry(
        payee="acme", earner="acme", component="reseller/write-off", period="EUR", number=1, kind=EntryKind.WRITE_OFF,
        amount=eur("1000"), lines=(Line(what=LineKind.DECISION, amount=Fraction(100_000)),), attributed="2026-04",
        booked="2026-04", effective=APRIL, recorded=APRIL, by="sato",
    )  # fmt: skip
    assert (found.record, found.entries) == (None, (written,))
    ledger.add([written, entry(2, eur("-10"), recorded=D(2026, 4, 5))])
    again = off(ledger, D(2026, 7, 1))
    assert [(one.number, one.amount) for one in again.entries] == [(2, eur("10"))]


@pytest.mark.parametrize(
    ("moves", "on", "periods"),
    [
        ([(D(2026, 3, 31), "-5")], D(2026, 4, 1), 1),
        ([(D(2026, 4, 1), "-5")], D(2026, 4, 1), 0),
        ([(D(2026, 4, 1), "-5")], D(2026, 4, 30), 0),
        ([(D(2026, 4, 1), "-5")], D(2026, 5, 1), 1),
        ([(D(2026, 1, 9), "-5"), (D(2026, 1, 20), "-5"), (D(2026, 3, 1), "-5")], D(2026, 4, 1), 3),
        ([(D(2026, 1, 9), "-5"), (D(2026, 2, 9), "5"), (D(2026, 3, 9), "-5")], D(2026, 4, 1), 1),
        ([(D(2026, 1, 9), "-5"), (D(2026, 4, 1), "5")], D(2026, 4, 1), 0),
        ([(D(2026, 1, 9), "-5"), (D(2026, 4, 2), "5")], D(2026, 4, 1), 3),  # known tomorrow
    ],
)
def test_the_periods_are_those_that_ended_below_zero_up_to_now(
    moves: list[tuple[D, str]], on: D, periods: int
) -> None:
    ledger = Ledger(entry(number, eur(amount), recorded=day) for number, (day, amount) in enumerate(moves, 1))
    found = off(ledger, on)
    assert found.decision.facts.periods == periods
    assert found.decision.outcome is (periods >= 3)


def test_a_role_writes_off_up_to_its_limit() -> None:
    for amount, role, within in (
        ("-1000", "manager", True),
        ("-1000.01", "manager", False),
        ("-1000.01", "board", True),
        ("-1", "nobody", False),
    ):
        found = off(Ledger([entry(1, eur(amount), recorded=D(2026, 1, 9))]), role=role)
        assert (found.decision.facts.within_limit, found.decision.outcome) == (within, within)
        assert bool(found.entries) is within


def test_each_fact_of_a_write_off_is_called_by_its_words() -> None:
    assert {field.name: str(field.metadata["text"]) for field in attrs.fields(WriteOffFacts)} == {
        "balance": "balance",
        "periods": "periods below zero",
        "within_limit": "within the limit of the role",
    }
