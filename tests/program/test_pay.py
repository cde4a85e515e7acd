"""Paying as a use case: proposed by one, approved by another, paid by a third; disputes end in an adjustment or nothing."""

import datetime
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from prmcore.decisions.explain import explain
from prmcore.errors import InvalidInput
from prmcore.incentives import Transaction
from prmcore.incentives.ledger.disputes import DisputeState
from prmcore.incentives.payouts.model import Payout, PayoutAction, PayoutAnswer, PayoutState
from prmcore.program import ProgramVersions, from_document
from prmcore.program.earning import earn, ledger_of, transactions_of
from prmcore.program.pay import (
    approve_payout,
    move_payout,
    pay_payout,
    payouts_of,
    propose_payouts,
    raise_dispute,
    reject_dispute,
    return_payout,
    uphold_dispute,
    withdraw_dispute,
    write_off,
)  # fmt: skip
from prmcore.repository import Store
from prmcore.storage import MemoryStore, SqliteStore
from prmcore.values import Money


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def eur(text: str) -> Money:
    return Money.of(text, "EUR")


DOCUMENT: dict[str, Any] = {
    "format": "prmcore/1",
    "name": "acme",
    "version": "2026",
    "currency": "EUR",
    "sources": {
        "sales": {
            "fields": {"amount": {"kind": "money"}, "number": {"kind": "code"}, "credits": {"kind": "code"}}
        }
    },
    "incentives": {
        "transactions": {"source": "sales", "id": ["number"], "net": "amount", "returns": "credits"},
        "payout": {
            "thresholds": ["25 EUR"],
            "approvers": [{"role": "clerk", "limit": "100 EUR"}, {"role": "head", "limit": "1000 EUR"}],
            "write_off_after": 2,
        },
        "plans": {"rebate": {"components": [{"name": "volume", "bands": [{"rate": "10 %"}]}]}},
    },
}
ACME = ProgramVersions.of(from_document(DOCUMENT))
MARCH, APRIL = day("2026-03-31"), day("2026-04-10")


def sold(*lines: tuple[str, str, str, str, str | None]) -> list[Transaction]:
    rows = [
        (partner, day(on), (eur(amount), number, credits)) for partner, on, number, amount, credits in lines
    ]
    return list(transactions_of(ACME, rows, {}, lambda partner, on: "partner"))


SALES = [
    ("p", "2026-01-10", "R1", "900", None),  # 90 EUR
    ("q", "2026-01-11", "R2", "200", None),  # 20 EUR, below the threshold
    ("r", "2026-01-12", "R3", "12000", None),  # 1,200 EUR, above all limits
]


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    kept: Any = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "store.sqlite")
    earn(kept, ACME, sold(*SALES), known=MARCH)
    yield kept
    if request.param == "sqlite":
        kept.close()


def proposed_to(store: Store, payee: str) -> Payout:
    propose_payouts(store, ACME, MARCH, by="ann")
    (payout,) = payouts_of(store, "acme", payee)
    return payout


def test_what_is_due_is_proposed_and_the_rest_says_why_not(store: Store) -> None:
    answers = {
        one.decision.facts.amount: one.decision.outcome
        for one in propose_payouts(store, ACME, MARCH, by="ann")
    }
    assert answers == {
        eur("90"): PayoutAnswer.PAY,
        eur("20"): PayoutAnswer.BELOW_THRESHOLD,
        eur("1200"): PayoutAnswer.PAY,
    }
    assert [(one.payee, one.amount) for one in payouts_of(store, "acme")] == [
        ("p", eur("90")),
        ("r", eur("1200")),
    ]


def test_proposing_again_adds_nothing(store: Store) -> None:
    propose_payouts(store, ACME, MARCH, by="ann")
    again = propose_payouts(store, ACME, MARCH, by="ann")
    assert {one.payout for one in again} == {None}
    assert len(payouts_of(store, "acme")) == 2


def test_a_payout_goes_from_one_person_to_the_next_and_settles_the_balance(store: Store) -> None:
    payout = proposed_to(store, "p")
    own = approve_payout(store, ACME, payout.id, by="ann", role="clerk", on=APRIL)
    assert not own.entries
    assert own.record.state is PayoutState.ACCRUED  # who proposed it does not approve it
    assert "proposed or calculated it" in str(explain(own.decision))
    assert (
        approve_payout(store, ACME, payout.id, by="bob", role="clerk", on=APRIL).record.state
        is PayoutState.APPROVED
    )
    move_payout(store, ACME, payout.id, PayoutAction.RELEASE, by="bob", on=APRIL)
    assert (
        pay_payout(store, ACME, payout.id, by="bob", on=APRIL).record.state is PayoutState.PAYABLE
    )  # nor pays it
    paid = pay_payout(store, ACME, payout.id, by="cat", on=APRIL)
    assert paid.record.state is PayoutState.PAID
    assert [(entry.amount, entry.by) for entry in paid.entries] == [(eur("-90"), "cat")]
    assert ledger_of(store, "acme").balance("p", "EUR") == eur("0")
    assert pay_payout(store, ACME, payout.id, by="cat", on=APRIL).entries == ()  # not twice


def test_above_all_limits_two_of_the_highest_role_approve(store: Store) -> None:
    payout = proposed_to(store, "r")
    assert (
        approve_payout(store, ACME, payout.id, by="bob", role="clerk", on=APRIL).record.state
        is PayoutState.ACCRUED
    )
    assert (
        approve_payout(store, ACME, payout.id, by="dan", role="head", on=APRIL).record.state
        is PayoutState.ACCRUED
    )
    assert (
        approve_payout(store, ACME, payout.id, by="dan", role="head", on=APRIL).record.state
        is PayoutState.ACCRUED
    )
    assert (
        approve_payout(store, ACME, payout.id, by="eve", role="head", on=APRIL).record.state
        is PayoutState.APPROVED
    )


def test_of_contested_approvals_each_counts_once(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store.sqlite")
    earn(store, ACME, sold(*SALES), known=MARCH)
    payout = proposed_to(store, "r")
    people = [f"head-{number}" for number in range(6)]
    begin = threading.Barrier(len(people))

    def approve(person: str) -> None:
        begin.wait()
        approve_payout(store, ACME, payout.id, by=person, role="head", on=APRIL)

    threads = [threading.Thread(target=approve, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (kept,) = payouts_of(store, "acme", "r")
    assert kept.state is PayoutState.APPROVED
    assert len(kept.approvals) == 2
    store.close()


def test_a_refund_after_the_payout_is_carried_forward_and_netted(store: Store) -> None:
    payout = proposed_to(store, "p")
    approve_payout(store, ACME, payout.id, by="bob", role="clerk", on=APRIL)
    move_payout(store, ACME, payout.id, PayoutAction.RELEASE, by="bob", on=APRIL)
    pay_payout(store, ACME, payout.id, by="cat", on=APRIL)
    refund = ("p", "2026-05-02", "C1", "-400", "R1")  # -40 EUR
    earn(store, ACME, sold(*SALES, refund), known=day("2026-05-31"))
    (answer,) = [
        one
        for one in propose_payouts(store, ACME, day("2026-05-31"), by="ann")
        if one.decision.facts.amount == eur("-40")
    ]
    assert answer.decision.outcome is PayoutAnswer.NEGATIVE
    again = ("p", "2026-06-02", "R4", "1000", None)  # 100 EUR
    earn(store, ACME, sold(*SALES, refund, again), known=day("2026-06-30"))
    propose_payouts(store, ACME, day("2026-06-30"), by="ann")
    assert payouts_of(store, "acme", "p")[-1].amount == eur("60")


def test_a_payment_that_came_back_is_owed_again(store: Store) -> None:
    payout = proposed_to(store, "p")
    approve_payout(store, ACME, payout.id, by="bob", role="clerk", on=APRIL)
    move_payout(store, ACME, payout.id, PayoutAction.RELEASE, by="bob", on=APRIL)
    pay_payout(store, ACME, payout.id, by="cat", on=APRIL)
    back = return_payout(store, ACME, payout.id, by="cat", on=day("2026-04-12"), reason="account closed")
    assert back.record.state is PayoutState.RETURNED
    assert ledger_of(store, "acme").balance("p", "EUR") == eur("90")


def test_a_balance_below_zero_for_long_enough_is_written_off(store: Store) -> None:
    payout = proposed_to(store, "p")
    approve_payout(store, ACME, payout.id, by="bob", role="clerk", on=APRIL)
    move_payout(store, ACME, payout.id, PayoutAction.RELEASE, by="bob", on=APRIL)
    pay_payout(store, ACME, payout.id, by="cat", on=APRIL)
    earn(store, ACME, sold(*SALES, ("p", "2026-05-02", "C1", "-400", "R1")), known=day("2026-05-31"))
    early = write_off(store, ACME, "p", "EUR", by="dan", role="head", on=day("2026-05-31"))
    assert early.entries == ()
    done = write_off(store, ACME, "p", "EUR", by="dan", role="head", on=day("2026-09-30"))
    assert [entry.amount for entry in done.entries] == [eur("40")]
    assert ledger_of(store, "acme").balance("p", "EUR") == eur("0")


def test_a_dispute_ends_in_an_adjustment_or_in_nothing(store: Store) -> None:
    (entry,) = ledger_of(store, "acme").of_payee("p")

    def raise_one(on: str) -> str:
        raised = raise_dispute(
            store, ACME, "p", [entry.id], issued=MARCH, by="p", on=day(on), reason="a sale is missing"
        )
        assert raised.record is not None
        return raised.record.id

    first = raise_one("2026-04-01")
    assert [one.decision.outcome for one in propose_payouts(store, ACME, day("2026-04-02"), by="ann")].count(
        PayoutAnswer.DISPUTED
    ) == 1
    rejected = reject_dispute(
        store, ACME, first, by="dan", on=day("2026-04-03"), reason="it is another partner's"
    )
    assert (rejected.record.state, rejected.entries) == (DisputeState.REJECTED, ())
    second = raise_one("2026-04-04")
    withdrawn = withdraw_dispute(store, ACME, second, by="p", on=day("2026-04-05"), reason="found it")
    assert withdrawn.record.state is DisputeState.WITHDRAWN
    third = raise_one("2026-04-06")
    own = uphold_dispute(store, ACME, third, eur("10"), by="p", on=day("2026-04-07"), reason="mine")
    assert own.entries == ()  # who raised it does not decide it
    upheld = uphold_dispute(
        store, ACME, third, eur("10"), by="dan", on=day("2026-04-08"), reason="it was the partner's"
    )
    assert [(one.amount, one.corrects) for one in upheld.entries] == [(eur("10"), entry.id)]
    assert ledger_of(store, "acme").balance("p", "EUR") == eur("100")
    # the adjustment stands for itself: calculating again takes nothing back
    assert earn(store, ACME, sold(*SALES), known=APRIL).entries == ()


def test_a_dispute_that_comes_too_late_is_refused_with_its_reason(store: Store) -> None:
    (entry,) = ledger_of(store, "acme").of_payee("p")
    late = raise_dispute(
        store, ACME, "p", [entry.id], issued=MARCH, by="p", on=day("2026-04-16"), reason="late"
    )
    assert late.record is None
    assert "days since the statement: 16, asked for 0 to 15" in str(explain(late.decision))


def test_what_does_not_exist_is_refused(store: Store) -> None:
    with pytest.raises(InvalidInput, match="there is no payout 'x'"):
        pay_payout(store, ACME, "x", by="cat", on=APRIL)
    with pytest.raises(InvalidInput, match="there is no dispute 'x'"):
        reject_dispute(store, ACME, "x", by="dan", on=APRIL, reason="none")


def test_what_is_accrued_for_a_fund_is_not_paid_out(store: Store) -> None:
    plans = {"coop": {"components": [{"name": "co-op", "kind": "fund_accrual", "bands": [{"rate": "1 %"}]}]}}
    co_op = {**DOCUMENT, "name": "acme-co-op", "incentives": {**DOCUMENT["incentives"], "plans": plans}}
    with pytest.raises(InvalidInput, match="accrues for a fund, which is claimed and not paid out"):
        propose_payouts(store, ProgramVersions.of(from_document(co_op)), MARCH, by="ann")
