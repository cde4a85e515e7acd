"""Hypothesis strategies for what becomes of entries: statements, disputes and payouts on their way."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from prmcore.incentives.ledger.disputes import (
    Dispute,
    DisputeFacts,
    DisputePolicy,
    DisputeState,
    DisputeStep,
    Moved,
    RaisingFacts,
    raised,
    rejected,
    upheld,
    withdrawn,
)  # fmt: skip
from prmcore.incentives.ledger.model import Bookkeeping, Entry, EntryKind, Ledger
from prmcore.incentives.ledger.statements import AccountLine, Statement, postings, statement_chain
from prmcore.incentives.payouts.model import (
    Approval,
    Approver,
    DueFacts,
    Owed,
    Payout,
    PayoutAction,
    PayoutPolicy,
    PayoutStep,
    Proposal,
    owed_on,
    proposed,
)  # fmt: skip
from prmcore.incentives.payouts.paying import PayoutFacts, Situation, approved, moved, paid, returned
from prmcore.incentives.payouts.write_offs import WriteOffFacts
from prmcore.incentives.plans.policy import Line, LineKind
from prmcore.values import ExchangeRates, Money

__all__ = ["STRATEGIES", "disputes", "ledgers", "payouts"]

Strategy = st.SearchStrategy

BOOKS = Bookkeeping()
FIRST, TODAY = datetime.date(2026, 1, 31), datetime.date(2026, 4, 1)
RATES = ExchangeRates.of("drawn/1", {("EUR", "CHF"): {TODAY: "0.9749"}})


def ledgers() -> Strategy[Ledger]:
    """Entries of one payee in euro over a few months, some held, some taken back."""
    drawn = st.tuples(st.integers(0, 60), st.integers(-4_000, 90_000), st.booleans())
    return st.lists(drawn, min_size=1, max_size=5).map(
        lambda found: Ledger(_entry(number, *one) for number, one in enumerate(found, 1))
    )


def _entry(number: int, later: int, minor: int, held: bool) -> Entry:
    on = FIRST + datetime.timedelta(days=later)
    attributed, booked = BOOKS.booked(on)
    return Entry(
        payee="acme", earner="acme", component="reseller/2026/rebate/volume", period="FY2026-Q1", number=number,
        kind=EntryKind.EARNED if minor >= 0 else EntryKind.CLAWBACK, amount=Money("EUR", minor),
        lines=(Line(what=LineKind.BAND, amount=Fraction(minor)),), attributed=attributed, booked=booked,
        effective=on, recorded=on, payable_from=on + datetime.timedelta(days=30) if held and minor > 0 else None,
    )  # fmt: skip


def _policies() -> Strategy[PayoutPolicy]:
    """Alone up to 100 or 500 EUR, by two above; from nothing or 10 EUR on; in cash of 0.05 CHF."""
    approvers = (Approver("manager", Money("EUR", 10_000)), Approver("director", Money("EUR", 50_000)))
    return st.builds(
        PayoutPolicy,
        thresholds=st.sampled_from([(), (Money("EUR", 1_000),)]),
        approvers=st.just(approvers),
        two_above_limits=st.booleans(),
        write_off_after=st.none() | st.integers(1, 4),
        steps=st.just((Money("CHF", 5),)),
    )


def _proposals() -> Strategy[Proposal]:
    return st.builds(
        lambda ledger, policy, stopped: proposed(ledger, "acme", "EUR", TODAY, policy, by="run", stopped=stopped),
        ledgers(), _policies(), st.sampled_from([False, False, True]),
    )  # fmt: skip


@st.composite
def _moves(draw: st.DrawFn) -> Moved[Payout]:
    """The last of a few moves of a payout, allowed or not."""
    policy = draw(_policies())
    ledger = draw(ledgers().filter(lambda one: _proposed(one, policy) is not None))
    payout = _proposed(ledger, policy)
    assert payout is not None
    for by in ("sato", "mori"):
        payout = approved(payout, Situation(ledger=ledger), policy, by=by, role="director", on=TODAY).record
    found = moved(payout, PayoutAction.RELEASE, Situation(ledger=ledger), policy, by="run", on=TODAY)
    for action in draw(st.lists(st.sampled_from(PayoutAction), max_size=3)):
        around, told = Situation(ledger=ledger), {"by": "tanaka", "on": TODAY}
        payout = found.record
        if action is PayoutAction.PAY:
            currency = draw(st.sampled_from(["EUR", "CHF"]))
            found = paid(payout, around, BOOKS, policy, currency=currency, exchange=RATES, **told)  # type: ignore[arg-type]
        elif action is PayoutAction.RETURN:
            found = returned(payout, around, BOOKS, policy, reason="the bank", **told)  # type: ignore[arg-type]
        elif action is not PayoutAction.APPROVE:
            found = moved(payout, action, around, policy, **told)  # type: ignore[arg-type]
        ledger.add(found.entries)
    return found


def _proposed(ledger: Ledger, policy: PayoutPolicy) -> Payout | None:
    return proposed(ledger, "acme", "EUR", TODAY, policy, by="run").payout


def payouts() -> Strategy[Payout]:
    """Payouts in every state, paid in euro and in cash of another currency among them."""
    return _moves().map(lambda found: found.record)


@st.composite
def disputes(draw: st.DrawFn) -> Dispute:
    """Disputes about entries of a ledger, open and settled in every way."""
    ledger = draw(ledgers())
    about = draw(st.sets(st.sampled_from([one.id for one in ledger]), min_size=1))
    told: dict[str, Any] = {"by": "yamada", "on": TODAY, "reason": "too little"}
    dispute = raised(ledger, sorted(about), issued=TODAY, calculated_by=["run"], **told).record
    assert dispute is not None
    end = draw(st.sampled_from(DisputeState))
    decided = {**told, "by": "sato"}
    if end is DisputeState.UPHELD:
        return upheld(dispute, ledger, BOOKS, amount=Money("EUR", 1_234), **decided).record
    if end is DisputeState.REJECTED:
        return rejected(dispute, **decided).record
    return withdrawn(dispute, **told).record if end is DisputeState.WITHDRAWN else dispute


def _statements() -> Strategy[tuple[Statement, ...]]:
    return ledgers().map(lambda ledger: statement_chain(ledger, BOOKS, "acme", "EUR", "2026-03"))


STRATEGIES: Mapping[type, Callable[[], Strategy[Any]]] = {
    AccountLine: lambda: st.builds(
        lambda found, side: postings(found[0], side)[0],
        _statements().filter(lambda found: bool(found[0].entries)), st.sampled_from(["vendor", "partner"]),
    ),
    Approval: lambda: st.builds(Approval, st.just("sato"), st.just("director"), st.just(TODAY)),
    Approver: lambda: _policies().map(lambda one: one.approvers[0]),
    Dispute: disputes,
    DisputeFacts: lambda: st.builds(DisputeFacts, st.sampled_from(DisputeState), st.booleans(), st.booleans()),
    DisputePolicy: lambda: st.builds(DisputePolicy, days=st.integers(0, 60)),
    DisputeStep: lambda: disputes().filter(lambda one: bool(one.steps)).map(lambda one: one.steps[0]),
    DueFacts: lambda: _proposals().map(lambda one: one.decision.facts),
    Moved: _moves,
    Owed: lambda: ledgers().map(lambda ledger: owed_on(ledger, "acme", "EUR", TODAY, (), ())),
    Payout: payouts,
    PayoutFacts: lambda: _moves().map(lambda found: found.decision.facts),
    PayoutPolicy: _policies,
    PayoutStep: lambda: payouts().filter(lambda one: bool(one.steps)).map(lambda one: one.steps[-1]),
    Proposal: _proposals,
    RaisingFacts: lambda: st.builds(RaisingFacts, st.integers(-3, 60), st.integers(0, 2)),
    Situation: lambda: st.builds(Situation, ledger=ledgers(), payouts=st.lists(payouts(), max_size=1)),
    Statement: lambda: _statements().map(lambda found: found[-1]),
    WriteOffFacts: lambda: st.builds(
        WriteOffFacts, st.integers(-9, 9).map(lambda minor: Money("EUR", minor)), st.integers(0, 4), st.booleans()
    ),
}  # fmt: skip
