"""Paying: every field of what is approved, moved, paid and returned, and the words of each answer."""

import datetime
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import attrs
import pytest
from tests.incentives.payouts.test_model import BOOKS, POLICY, TODAY, entry, eur, pay, payout_of, released

from prmcore.decisions.explain import explain
from prmcore.errors import InvalidInput
from prmcore.incentives import Entry, EntryKind, Ledger, Line, LineKind
from prmcore.incentives.ledger.disputes import Dispute, raised
from prmcore.incentives.payouts.model import (
    Approval,
    Approver,
    Payout,
    PayoutAction,
    PayoutPolicy,
    PayoutState,
    PayoutStep,
)
from prmcore.incentives.payouts.paying import (
    Approving,
    PayoutFacts,
    Situation,
    approved,
    moved,
    paid,
    returned,
)
from prmcore.values import ExchangeRates, Money

D = datetime.date
LATER = D(2026, 4, 9)


def case(amount: str = "120", **more: Any) -> tuple[Payout, Situation]:
    ledger = Ledger([entry(1, eur(amount))])
    return payout_of(ledger, **more), Situation(ledger=ledger)


def about(ledger: Ledger, entries: Iterable[str]) -> Dispute:
    found = raised(ledger, [*entries], issued=TODAY, by="yamada", on=TODAY, reason="too little").record
    assert found is not None
    return found


def test_a_situation_is_told_by_name_from_whatever_holds_the_records() -> None:
    payout, around = case()
    dispute = about(around.ledger, payout.covers)
    told = Situation(ledger=around.ledger, payouts=iter([payout]), disputes=iter([dispute]))
    assert (told.payouts, told.disputes) == ((payout,), (dispute,))
    assert (around.payouts, around.disputes) == ((), ())
    assert all(field.kw_only for field in attrs.fields(Situation))


WORDS = {
    "state": "state",
    "missing": "no longer owed",
    "disputed": "entries in dispute",
    "was_paid": "paid already",
    "made_it": "proposed or calculated it",
    "approved_it": "approved it",
    "within_limit": "within the limit of the role",
    "above_all_limits": "above all limits",
    "has_highest_limit": "of a role with the highest limit",
    "approvals": "approvals so far",
}


def test_each_fact_of_a_payout_is_called_by_its_words() -> None:
    assert {field.name: str(field.metadata["text"]) for field in attrs.fields(PayoutFacts)} == WORDS


# approval


def test_an_approval_is_kept_with_its_step_and_what_it_was_held_against() -> None:
    payout, around = case()
    found = approved(payout, around, POLICY, by="sato", role="manager", on=LATER)
    assert found.decision.facts == PayoutFacts(
        state=PayoutState.ACCRUED, missing=eur("0"), disputed=0, was_paid=False, made_it=False, approved_it=False,
        within_limit=True, above_all_limits=False, has_highest_limit=False, approvals=0,
    )  # fmt: skip
    assert (found.decision.policy.name, found.decision.as_of) == ("payouts/standard/approve/EUR", LATER)
    step = PayoutStep(
        action=PayoutAction.APPROVE, after=PayoutState.APPROVED, on=LATER, by="sato", reason=None
    )
    assert found.record == attrs.evolve(
        payout, approvals=(Approval("sato", "manager", LATER),), steps=(step,)
    )
    assert found.entries == ()


def test_the_second_approval_above_all_limits_is_told_from_the_first() -> None:
    payout, around = case("5000.01")
    first = approved(payout, around, POLICY, by="sato", role="director", on=TODAY)
    assert (first.decision.facts.within_limit, first.decision.facts.above_all_limits) == (False, True)
    assert (first.decision.facts.has_highest_limit, first.decision.facts.approvals) == (True, 0)
    assert first.record == attrs.evolve(payout, approvals=(Approval("sato", "director", TODAY),))
    second = approved(first.record, around, POLICY, by="mori", role="board", on=TODAY)
    assert (second.decision.facts.approved_it, second.decision.facts.approvals) == (False, 1)
    assert second.record.approvals == (Approval("sato", "director", TODAY), Approval("mori", "board", TODAY))


@pytest.mark.parametrize(
    ("amount", "role", "words"),
    [
        ("120", "manager", ("approved", "承認", "批准")),
        ("9000", "director", ("a second approval is needed", "もう一人の承認が必要", "还需另一人批准")),
        ("9000", "manager", ("not allowed", "不可", "不允许")),
    ],
)
def test_an_answer_is_said_in_three_languages(amount: str, role: str, words: tuple[str, str, str]) -> None:
    payout, around = case(amount)
    found = approved(payout, around, POLICY, by="sato", role=role, on=TODAY)
    for locale, word in zip(("en", "ja", "zh"), words, strict=True):
        assert explain(found.decision, locale).lines()[0].endswith(word)


def test_where_two_are_not_enough_one_approves_up_to_the_highest_limit() -> None:
    strict = attrs.evolve(POLICY, two_above_limits=False)
    for amount, outcome, word in (
        ("5000", Approving.APPROVED, "approved"),
        ("5000.01", Approving.REFUSED, "not allowed"),
    ):
        payout, around = case(amount)
        found = approved(payout, around, strict, by="sato", role="board", on=TODAY)
        assert found.decision.outcome is outcome
        assert explain(found.decision, "en").lines()[0].endswith(word)


def test_without_any_limit_two_people_are_never_of_the_highest() -> None:
    payout, around = case()
    alone = PayoutPolicy()
    found = approved(payout, around, alone, by="sato", role="manager", on=TODAY)
    facts = found.decision.facts
    assert (facts.within_limit, facts.above_all_limits, facts.has_highest_limit) == (False, True, False)
    assert found.decision.outcome is Approving.REFUSED


def test_a_dispute_about_what_is_not_paid_out_is_no_obstacle() -> None:
    """What was taken back is netted all the same, and an entry of nothing pays nothing: neither waits."""
    entries = [entry(1, eur("120")), entry(2, eur("-30"), EntryKind.CLAWBACK), entry(3, eur("0"))]
    ledger = Ledger(entries)
    payout = payout_of(ledger)
    assert payout.covers == tuple(one.id for one in entries)
    for disputed, count in ((entries[1:], 0), (entries[:1], 1), ([entry(4, eur("5"))], 0)):
        known = Ledger([*ledger, *(one for one in disputed if one.id not in ledger)])
        around = Situation(ledger=known, disputes=[about(known, [one.id for one in disputed])])
        found = approved(payout, around, POLICY, by="sato", role="manager", on=TODAY)
        assert found.decision.facts.disputed == count
        assert (found.decision.outcome is Approving.APPROVED) is (count == 0)


def test_what_is_missing_is_counted_without_the_payout_itself_and_with_all_others() -> None:
    """120 in one payout and 70 in another; 100 is taken back: 100 is missing in each, and 30 once the 70 are void."""
    ledger = Ledger([entry(1, eur("120"))])
    first = payout_of(ledger)
    ledger.add([entry(2, eur("70"), recorded=TODAY)])
    second = payout_of(ledger, [first])
    ledger.add([entry(3, eur("-100"), EntryKind.CLAWBACK, TODAY)])
    for others, missing in (([first, second], "100"), ([first], "30"), ([], "30")):
        around = Situation(ledger=ledger, payouts=others)
        facts = approved(first, around, POLICY, by="sato", role="manager", on=TODAY).decision.facts
        assert facts.missing == eur(missing)


def test_nothing_is_moved_before_the_last_move() -> None:
    payout, around = case()
    told: dict[str, Any] = {"by": "sato", "role": "manager"}
    with pytest.raises(
        InvalidInput, match="on: found 2026-03-31; accepted: 2026-04-01, the day of its last move"
    ):
        approved(payout, around, POLICY, on=D(2026, 3, 31), **told)
    signed = approved(payout, around, POLICY, on=TODAY, **told).record
    held = moved(signed, PayoutAction.HOLD, around, POLICY, by="tanaka", on=LATER).record
    with pytest.raises(InvalidInput, match="accepted: 2026-04-09"):
        moved(held, PayoutAction.RESUME, around, POLICY, by="tanaka", on=D(2026, 4, 8))
    assert moved(held, PayoutAction.RESUME, around, POLICY, by="tanaka", on=LATER).decision.outcome is True
    wrong: Any = "2026-04-09"
    with pytest.raises(InvalidInput, match=r"^on: found '2026-04-09'"):
        approved(payout, around, POLICY, on=wrong, **told)


# moves that move no money


@pytest.mark.parametrize(
    ("action", "after", "keeps"),
    [
        (PayoutAction.HOLD, PayoutState.HELD, True),
        (PayoutAction.VOID, PayoutState.VOID, True),
        (PayoutAction.RELEASE, PayoutState.PAYABLE, True),
    ],
)
def test_a_move_is_a_step_that_says_why(action: PayoutAction, after: PayoutState, keeps: bool) -> None:
    payout, around = case()
    signed = approved(payout, around, POLICY, by="sato", role="manager", on=TODAY).record
    found = moved(signed, action, around, POLICY, by="sato", on=LATER, reason="as agreed")
    step = PayoutStep(action=action, after=after, on=LATER, by="sato", reason="as agreed")
    assert found.record == attrs.evolve(signed, steps=(*signed.steps, step))
    assert bool(found.record.approvals) is keeps
    assert found.decision.policy.name == f"payouts/standard/{action}/EUR"
    assert (found.decision.as_of, found.entries) == (LATER, ())
    assert moved(signed, action, around, POLICY, by="sato", on=LATER).record.steps[-1].reason is None


def test_a_payout_is_disputed_while_a_dispute_about_it_is_open_and_no_longer() -> None:
    payout, around = case()
    told: dict[str, Any] = {"by": "sato", "on": TODAY}
    nothing = moved(payout, PayoutAction.DISPUTE, around, POLICY, **told)
    assert (nothing.decision.outcome, nothing.record) == (False, payout)
    disputed = Situation(ledger=around.ledger, disputes=[about(around.ledger, payout.covers)])
    stopped = moved(payout, PayoutAction.DISPUTE, disputed, POLICY, **told)
    assert (stopped.decision.facts.disputed, stopped.record.state) == (1, PayoutState.DISPUTED)
    waiting = moved(stopped.record, PayoutAction.RESUME, disputed, POLICY, **told)
    assert (waiting.decision.outcome, waiting.record) == (False, stopped.record)
    signed = attrs.evolve(stopped.record, approvals=(Approval("mori", "manager", TODAY),))
    resumed = moved(signed, PayoutAction.RESUME, around, POLICY, **told).record
    assert (resumed.state, resumed.approvals) == (PayoutState.ACCRUED, ())


@pytest.mark.parametrize("action", [PayoutAction.APPROVE, PayoutAction.PAY, PayoutAction.RETURN])
def test_actions_that_are_other_functions_are_refused_by_name(action: PayoutAction) -> None:
    payout, around = case()
    with pytest.raises(InvalidInput, match=f"found {action}; accepted here: release, hold, dispute, resume"):
        moved(payout, action, around, POLICY, by="sato", on=TODAY)


# payment


def test_a_payment_is_an_entry_of_the_day_and_a_step() -> None:
    payout, around = case()
    ready = released(around.ledger, payout)
    found = paid(ready, around, BOOKS, POLICY, by="tanaka", on=LATER)
    step = PayoutStep(action=PayoutAction.PAY, after=PayoutState.PAID, on=LATER, by="tanaka", reason=None)
    assert found.record == attrs.evolve(ready, steps=(*ready.steps, step), paid=eur("120"), rate=None)
    assert found.entries == (
        Entry(
            payee="acme", earner="acme", component="reseller/payment", period="EUR 1", number=1, kind=EntryKind.PAYMENT,
            amount=eur("-120"), lines=(Line(what=LineKind.PAYMENT, amount=Fraction(-12_000)),), attributed="2026-04",
            booked="2026-04", effective=LATER, recorded=LATER, by="tanaka",
        ),
    )  # fmt: skip
    assert found.decision.policy.name == "payouts/standard/pay/EUR"
    assert paid(ready, around, BOOKS, POLICY, by="tanaka", on=LATER, currency="EUR").record == found.record


def test_in_another_currency_the_amount_is_settled_and_what_was_handed_over_is_kept() -> None:
    """120.00 EUR at 1.25 are 150.00 USD."""
    payout, around = case()
    table = ExchangeRates.of("bank/1", {("EUR", "USD"): {LATER: "1.25"}})
    told: dict[str, Any] = {"by": "tanaka", "on": LATER, "exchange": table}
    ready = released(around.ledger, payout)
    found = paid(ready, around, BOOKS, POLICY, currency="USD", **told)
    assert (found.record.paid, found.entries[0].amount) == (Money.of(150, "USD"), eur("-120"))
    assert found.record.rate == table.on("EUR", "USD", LATER)
    assert paid(ready, around, BOOKS, POLICY, **told).record.paid == eur("120")


def test_what_comes_back_is_the_second_entry_of_the_payment() -> None:
    """12.33 CHF were paid as 12.35 in cash: 12.35 come back."""
    cash = PayoutPolicy(
        name="payouts/cash", steps=(Money.of("0.05", "CHF"),), approvers=(Approver("director", Money.of(100, "CHF")),)
    )  # fmt: skip
    ledger = Ledger([entry(1, Money.of("12.33", "CHF"))])
    done = pay(ledger, payout_of(ledger, unit="CHF", policy=cash), policy=cash)
    told: dict[str, Any] = {"by": "sato", "on": LATER, "reason": "the account is closed"}
    found = returned(done, Situation(ledger=ledger, payouts=[done]), BOOKS, cash, **told)
    payment = ledger.of(done.calculation)[0]
    assert found.entries == (
        attrs.evolve(
            payment, number=2, amount=Money.of("12.35", "CHF"), lines=(Line(what=LineKind.PAYMENT, amount=Fraction(1235)),),
            effective=LATER, recorded=LATER, by="sato", corrects=payment.id, reason="the account is closed",
        ),
    )  # fmt: skip
    step = PayoutStep(
        action=PayoutAction.RETURN, after=PayoutState.RETURNED, on=LATER, by="sato", reason="the account is closed"
    )  # fmt: skip
    assert found.record == attrs.evolve(done, steps=(*done.steps, step))
    assert found.decision.policy.name == "payouts/cash/return/CHF"
    unpaid = returned(done, Situation(ledger=Ledger([entry(1, eur("1"))])), BOOKS, cash, **told)
    assert (unpaid.decision.outcome, unpaid.record, unpaid.entries) == (False, done, ())
    assert "✗ paid already: no, asked for yes" in str(explain(unpaid.decision, "en"))
